namespace Countersign.Templates;

/// <summary>What a text for SMS may be (contract 13.1). Pure.</summary>
public static class SmsTemplateRules
{
    /// <summary>Templates that an organisation may have.</summary>
    public const int MostTemplates = 100;

    private const int LongestName = 50, LongestType = 50, LongestText = 161, MostTranslations = 200;

    /// <summary>The first thing that is wrong: the field and why; null when nothing is.</summary>
    public static (string Field, string Cause)? Check(SmsTemplate template)
    {
        if (Length("name", template.Name, LongestName) is { } name) return name;
        if (Length("type", template.Type, LongestType) is { } type) return type;
        if (Text("template", template.Template) is { } text) return text;
        if (template.Translations.Count > MostTranslations) return ("translations", $"translations: at most {MostTranslations} languages");
        foreach (var (language, translation) in template.Translations)
        {
            if (language.Length != 2 || !language.All(char.IsAsciiLetterLower)) return ("translations", "translations: a language is a code of two lower-case letters (ISO 639-1)");
            if (Text("translations", translation) is { } wrong) return wrong;
        }
        return null;
    }

    private static (string, string)? Text(string field, string text)
        => Length(field, text, LongestText) ?? (text.Contains(SmsTemplate.CodeMacro, StringComparison.Ordinal) ? null : (field, $"{field}: must contain {SmsTemplate.CodeMacro}"));

    private static (string, string)? Length(string field, string text, int most)
        => string.IsNullOrWhiteSpace(text) ? (field, $"{field}: The field cannot be left blank")
            : text.Length > most ? (field, $"{field}: The field is too long")
            // What no phone shows, an unpaired surrogate among it, is nothing to send.
            : text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar || (System.Text.Rune.IsControl(rune) && rune.Value != '\n')) ? (field, $"{field}: Does not match required pattern")
            : null;
}
