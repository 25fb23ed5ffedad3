using System.Buffers;
using System.Net;
using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>Turns the Markdown of documents, which anybody may have written, into HTML that can be shown: text, lists, tables, code and links, and nothing that loads or runs.</summary>
public static class RichText
{
    /// <summary>A longer text is cut.</summary>
    public const int Longest = 65_536;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build();
    private static readonly HtmlSanitizer Sanitizer = MakeSanitizer();
    private static readonly SearchValues<char> Markup = SearchValues.Create("<>&*_`[]()#|~\\!\n\r:-+=\"'@/");

    /// <summary>The HTML; null when there is no text.</summary>
    public static string? ToHtml(string? markdown)
    {
        if (string.IsNullOrWhiteSpace(markdown)) return null;
        var text = (markdown.Length > Longest ? markdown[..Longest] : markdown).Trim();
        if (!text.AsSpan().ContainsAny(Markup) && !char.IsDigit(text[0])) return $"<p>{WebUtility.HtmlEncode(text)}</p>";
        string html;
        try
        {
            html = Markdown.ToHtml(text, Pipeline);
        }
        catch (ArgumentException)
        {
            return $"<p>{WebUtility.HtmlEncode(text)}</p>";   // nested too deeply
        }
        var clean = Sanitizer.Sanitize(html).Trim();
        return clean.Length == 0 ? null : clean;
    }

    private static HtmlSanitizer MakeSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "p", "br", "hr", "a", "code", "pre", "em", "strong", "b", "i", "s", "del", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "blockquote",
                "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "note", "important",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
            UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
        })
        { KeepChildNodes = false };
        sanitizer.AllowedTags.Remove("note");
        sanitizer.AllowedTags.Remove("important");
        sanitizer.AllowedTags.Remove("span");
        // What is unknown, <note> or <fullname>, loses its tag and keeps its text; what runs or is meant for machines goes as a whole.
        sanitizer.RemovingTag += (_, removing) =>
        {
            if (removing.Tag.TagName.ToUpperInvariant() is "SCRIPT" or "STYLE" or "IFRAME" or "OBJECT" or "EMBED" or "TEMPLATE" or "SVG" or "MATH" or "NOSCRIPT" or "TEXTAREA" or "TITLE" or "XMP" or "NOEMBED" or "NOFRAMES" or "PLAINTEXT") return;
            removing.Cancel = true;
            Unwrap(removing.Tag);
        };
        sanitizer.PostProcessNode += (_, processed) =>
        {
            if (processed.Node is not IElement { TagName: "A" } link || !link.HasAttribute("href")) return;
            link.SetAttribute("rel", "noopener noreferrer nofollow");
            link.SetAttribute("target", "_blank");
        };
        return sanitizer;
    }

    private static void Unwrap(IElement element)
    {
        while (element.FirstChild is { } child) element.Parent!.InsertBefore(child, element);
        element.Remove();
    }
}
