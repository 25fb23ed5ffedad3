using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Countersign.Texts;

/// <summary>Text as HTML.</summary>
internal static class HtmlText
{
    // Letters of all scripts stay readable; the mail is UTF-8.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Encodes what has a meaning in HTML, for text and for quoted attributes.</summary>
    public static string Encode(string text) => Encoder.Encode(text);

    /// <summary>A value inside a sentence: encoded, and its direction kept to itself.</summary>
    public static string Isolate(string value) => $"<bdi>{Encode(value)}</bdi>";
}
