using System.Net;
using System.Text.RegularExpressions;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Plain sentences out of descriptions that are Markdown or HTML.</summary>
public static partial class PlainText
{
    /// <summary>Without markup, in one line, at most this long.</summary>
    public static string? Of(string? text, int longest = 4_000)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (text.Length > longest * 4) text = text[..(longest * 4)];
        var plain = Tag().Replace(text, " ");
        plain = Link().Replace(plain, "$1");
        plain = Marks().Replace(plain, "");
        plain = Blank().Replace(WebUtility.HtmlDecode(plain), " ").Trim();
        return plain.Length == 0 ? null : plain.Length > longest ? plain[..longest] : plain;
    }

    /// <summary>The first sentence, at most this long.</summary>
    public static string? FirstSentence(string? text, int longest = 240)
    {
        if (Of(text) is not { } plain) return null;
        var end = plain.IndexOf(". ", StringComparison.Ordinal);
        if (end > 0) plain = plain[..(end + 1)];
        if (plain.Length <= longest) return plain;
        var cut = plain.LastIndexOf(' ', longest - 1);
        return string.Concat(plain.AsSpan(0, cut > 0 ? cut : longest - 1), "…");
    }

    [GeneratedRegex(@"<[/!]?[A-Za-z][^<>]{0,500}>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"!?\[([^\[\]]{0,300})\]\([^()]{0,600}\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[*`#]|(?<=^|\s)[_>]+|_+(?=$|\s)")]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
