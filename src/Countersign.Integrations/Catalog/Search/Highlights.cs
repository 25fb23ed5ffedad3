using System.Net;
using System.Text;

namespace Countersign.Integrations.Catalog.Search;

/// <summary>Marks in a text what was found: HTML, escaped but for <c>mark</c>.</summary>
public static class Highlights
{
    /// <summary>The text with marks; null when nothing of it was found.</summary>
    public static string? Of(string? text, IReadOnlyList<QueryTerm> terms)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var html = new StringBuilder();
        var done = 0;
        foreach (var (start, length, word) in Words.Places(text))
        {
            if (!terms.Any(term => Ranking.Match(term, word) > 0)) continue;
            html.Append(WebUtility.HtmlEncode(text[done..start])).Append("<mark>").Append(WebUtility.HtmlEncode(text.Substring(start, length))).Append("</mark>");
            done = start + length;
        }
        return done == 0 ? null : html.Append(WebUtility.HtmlEncode(text[done..])).ToString();
    }
}
