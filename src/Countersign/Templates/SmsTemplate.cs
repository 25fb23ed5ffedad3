using System.Collections.Immutable;

namespace Countersign.Templates;

/// <summary>A text for SMS of the organisation's own (contract 13.1).</summary>
public sealed record SmsTemplate
{
    /// <summary>The prefix of every template id.</summary>
    public const string IdPrefix = "cst";
    /// <summary>The id of the template that is always there.</summary>
    public const string DefaultId = "default";
    /// <summary>The type of texts that carry a code.</summary>
    public const string VerifyCode = "SMS_VERIFY_CODE";
    /// <summary>The default template's text.</summary>
    public const string DefaultText = "Your verification code is ${code}.";
    /// <summary>What the code is put in for.</summary>
    public const string CodeMacro = "${code}";
    /// <summary>What the organisation's name is put in for.</summary>
    public const string OrgNameMacro = "${org.name}";
    /// <summary>Characters of a text as it is sent.</summary>
    public const int LongestSent = 160;

    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>The name; 1 to 50 characters.</summary>
    public required string Name { get; init; }
    /// <summary>The type; 1 to 50 characters, one template a type.</summary>
    public required string Type { get; init; }
    /// <summary>The text; 1 to 161 characters with <see cref="CodeMacro"/>.</summary>
    public required string Template { get; init; }
    /// <summary>Texts by two-letter language; each like <see cref="Template"/>.</summary>
    public ImmutableSortedDictionary<string, string> Translations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    /// <summary>When it was made; whole seconds.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed; whole seconds.</summary>
    public required DateTimeOffset LastUpdated { get; init; }

    /// <summary>The template that is always there (contract 13.3); its dates are the moment of the request.</summary>
    public static SmsTemplate Default(DateTimeOffset now) => new()
    {
        Id = DefaultId,
        Name = "Default",
        Type = VerifyCode,
        Template = DefaultText,
        Created = now.ToWholeSeconds(),
        LastUpdated = now.ToWholeSeconds(),
    };

    /// <summary>
    /// The text as it is sent: at most <see cref="LongestSent"/> characters. Null when the code would fall beyond them: then nothing is sent (contract 13.1).
    /// </summary>
    public static string? Fill(string text, string code, string orgName)
    {
        // The name goes in last, so that nothing in it is taken for a macro.
        var filled = string.Join(orgName, text.Split(OrgNameMacro).Select(part => part.Replace(CodeMacro, code, StringComparison.Ordinal)));
        if (filled.Length <= LongestSent) return filled;
        var cut = filled[..(char.IsHighSurrogate(filled[LongestSent - 1]) ? LongestSent - 1 : LongestSent)];
        return cut.Contains(code, StringComparison.Ordinal) ? cut : null;
    }
}
