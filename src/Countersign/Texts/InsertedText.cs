using System.Buffers;
using System.Globalization;
using System.Text;

namespace Countersign.Texts;

/// <summary>Makes values that others chose, such as names, fit to stand in a message.</summary>
internal static class InsertedText
{
    /// <summary>The most UTF-16 units of a value that a message shows.</summary>
    public const int MaxLength = 100;
    private const int MaxNameLength = 60;
    private static readonly SearchValues<char> LinkCharacters = SearchValues.Create("/:@.\\<>");

    /// <summary>
    /// One line without control characters and without characters that turn the direction of the text around them: a line break would end a subject (header
    /// injection), an override would let a name rewrite the sentence around it. Null when nothing is left.
    /// </summary>
    public static string? Line(string? value)
    {
        if (value is null)
            return null;
        var line = new StringBuilder(Math.Min(value.Length, MaxLength));
        foreach (var rune in value.EnumerateRunes())
        {
            if (IsBlank(rune) && (line.Length == 0 || line[^1] == ' '))
                continue;
            if (line.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            if (IsBlank(rune))
                line.Append(' ');
            else if (!IsInvisible(rune))
                line.Append(rune);
        }
        var text = line.ToString().TrimEnd();
        return text.Length == 0 ? null : text;
    }

    /// <summary>
    /// A first name for a greeting; null where there is none, or where it could be read as a link or an address: whoever can choose a name must not be able to
    /// send other people's text through Countersign.
    /// </summary>
    public static string? FirstName(string? value)
        => Line(value) is { Length: <= MaxNameLength } name && !name.AsSpan().ContainsAny(LinkCharacters) ? name : null;

    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);

    // The joiners are needed to write Persian and Hindi.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D);
}
