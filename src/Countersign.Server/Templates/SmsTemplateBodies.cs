using System.Collections.Immutable;
using Countersign.Templates;

namespace Countersign.Server.Templates;

/// <summary>The body that makes or changes an SMS template (contract 13).</summary>
internal sealed record SmsTemplateRequest
{
    /// <summary>The name, 1 to 50 characters.</summary>
    public string? Name { get; init; }
    /// <summary>The type, 1 to 50 characters: <c>SMS_VERIFY_CODE</c>, or one of your own. One template a type.</summary>
    public string? Type { get; init; }
    /// <summary>The text, 1 to 161 characters with <c>${code}</c>, and <c>${org.name}</c> if you like.</summary>
    public string? Template { get; init; }
    /// <summary>The text in other languages, by two-letter language code.</summary>
    public Dictionary<string, string?>? Translations { get; init; }

    /// <summary>The template with what is given; an empty translation removes its language.</summary>
    public SmsTemplate Apply(SmsTemplate template) => template with
    {
        Name = Name ?? template.Name,
        Type = Type ?? template.Type,
        Template = Template ?? template.Template,
        Translations = (Translations ?? []).Aggregate(template.Translations, (kept, translation) => string.IsNullOrEmpty(translation.Value)
            ? kept.Remove(translation.Key) : kept.SetItem(translation.Key, translation.Value)),
    };
}

/// <summary>An SMS template (contract 13.1).</summary>
internal sealed record SmsTemplateShape
{
    /// <summary>The template's id; <c>default</c> is always there.</summary>
    public required string Id { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>The type.</summary>
    public required string Type { get; init; }
    /// <summary>The text.</summary>
    public required string Template { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>The text in other languages; absent when there are none.</summary>
    public ImmutableSortedDictionary<string, string>? Translations { get; init; }
}
