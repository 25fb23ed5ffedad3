namespace Countersign.Console.Templates;

/// <summary>A text for SMS, as the API shows it.</summary>
public sealed record SmsTemplate
{
    /// <summary>The id of the template that is always there and never changes.</summary>
    public const string DefaultId = "default";

    /// <summary>The type of texts that carry a code.</summary>
    public const string VerifyCode = "SMS_VERIFY_CODE";

    /// <summary>The stable identifier, by which a request names the template.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it is for; one template a type.</summary>
    public string Type { get; set; } = "";

    /// <summary>The text, with <c>${code}</c> in it.</summary>
    public string Template { get; set; } = "";

    /// <summary>The text in other languages, by two-letter code.</summary>
    public Dictionary<string, string>? Translations { get; set; }

    /// <summary>When it last changed; of the default one, the moment of the request.</summary>
    public DateTimeOffset? LastUpdated { get; set; }

    /// <summary>Whether it is the one that is always there.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsDefault => Id == DefaultId;
}

/// <summary>What makes or replaces an SMS template.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Template">The text.</param>
/// <param name="Translations">The text in other languages; those that are not given go.</param>
internal sealed record SmsTemplateText(string Name, string Type, string Template, Dictionary<string, string> Translations);
