namespace Countersign.Console.Templates;

/// <summary>Shows what a phone would: the text with a sample code, cut where the server cuts it.</summary>
internal static class SmsPreview
{
    /// <summary>A code as long as codes usually are.</summary>
    public const string Code = "482915";

    /// <summary>Characters of a template's text.</summary>
    public const int LongestText = 161;

    /// <summary>Characters of a text as it is sent.</summary>
    public const int LongestSent = 160;

    private const string CodeMacro = "${code}", NameMacro = "${org.name}";

    /// <summary>The text as it is sent; null when nothing is, because the code would stand beyond <see cref="LongestSent"/> characters or is missing.</summary>
    public static string? Fill(string text, string organization)
    {
        // The name goes in last, so that nothing in it is taken for a macro.
        var filled = string.Join(organization, text.Split(NameMacro).Select(part => part.Replace(CodeMacro, Code)));
        var sent = filled.Length <= LongestSent ? filled : filled[..(char.IsHighSurrogate(filled[LongestSent - 1]) ? LongestSent - 1 : LongestSent)];
        return text.Contains(CodeMacro) && sent.Contains(Code) ? sent : null;
    }
}
