using System.Text;

namespace Countersign.Delivery.Http;

/// <summary>Texts from outside, before they are kept: short, on one line.</summary>
internal static class BoundedText
{
    /// <summary>The longest text, in characters, that a result may carry.</summary>
    public const int Longest = 200;

    /// <summary>The text without control characters, cut to <see cref="Longest"/>; null for nothing.</summary>
    public static string? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var kept = new StringBuilder(Longest);
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > Longest) break;
            kept.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return kept.ToString();
    }

    /// <summary>An id that the other side gave. One that is too long is none: half an id names nothing.</summary>
    public static string? Id(string? text) => text is { Length: > 0 and <= Longest } && !text.Any(char.IsControl) ? text : null;
}
