using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>What a body is (workflow contract 8.5).</summary>
internal enum BodyKind
{
    Json,
    Xml,
    Html,
    Text,
    Image,
    Binary,
}

/// <summary>Reads a body by its content type. Pure.</summary>
internal static class BodyText
{
    /// <summary>The body as text; null when it is none.</summary>
    /// <param name="body">The bytes, unpacked.</param>
    /// <param name="contentType">The header; null when it is absent.</param>
    /// <param name="isCut">Whether the body may end in the middle of a character.</param>
    public static string? TryDecode(ReadOnlySpan<byte> body, string? contentType, bool isCut = false)
    {
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed : null;
        var named = Charsets.Find(type?.CharSet);
        if (named is not null and not UTF8Encoding) return WithoutMark(named.GetString(body));
        if (TryUtf8(isCut ? WholeCharacters(body) : body) is { } text) return text;
        return named is not null ? WithoutMark(Encoding.UTF8.GetString(body)) : null;
    }

    /// <summary>The encoding that a content type names, where its bytes are not like ASCII; null for all others.</summary>
    public static Encoding? WideEncodingOf(string? contentType)
        => MediaTypeHeaderValue.TryParse(contentType, out var type) && Charsets.Find(type.CharSet) is { } encoding && encoding is UnicodeEncoding or UTF32Encoding ? encoding : null;

    /// <summary>Whether a content type says that the body is text; one that is absent says nothing against it.</summary>
    public static bool IsText(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType)) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.MediaType is not { } name) return false;
        return type.CharSet is not null || name.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || RequestBody.IsJson(name) || IsXml(name)
            || name.ToLowerInvariant() is "application/x-www-form-urlencoded" or "application/javascript" or "application/ecmascript" or "application/x-ndjson" or "application/graphql" or "application/yaml";
    }

    /// <summary>The value that a text stands for as JSON; null when it is none.</summary>
    public static JsonElement? TryParse(string text)
    {
        var begin = text.AsSpan().TrimStart(" \t\r\n");
        if (begin.IsEmpty || !(begin[0] is '{' or '[' or '"' or '-' or 't' or 'f' or 'n' || char.IsAsciiDigit(begin[0]))) return null;
        try
        {
            var value = JsonBuilder.Read(text);
            // Half a surrogate pair is JSON, but no text.
            return text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) && !WholeTexts.Are(value) ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How a body is best shown.</summary>
    public static BodyKind KindOf(string? text, string? contentType)
    {
        var name = MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.MediaType?.ToLowerInvariant() ?? "" : "";
        if (name.StartsWith("image/", StringComparison.Ordinal)) return BodyKind.Image;
        if (text is null) return BodyKind.Binary;
        if (RequestBody.IsJson(name)) return BodyKind.Json;
        if (name is "text/html" or "application/xhtml+xml") return BodyKind.Html;
        if (IsXml(name)) return BodyKind.Xml;
        return text.AsSpan().TrimStart() is ['{' or '[', ..] && TryParse(text) is not null ? BodyKind.Json : IsText(contentType) ? BodyKind.Text : BodyKind.Binary;
    }

    private static bool IsXml(string name)
        => name.Equals("application/xml", StringComparison.OrdinalIgnoreCase) || name.Equals("text/xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    private static string? TryUtf8(ReadOnlySpan<byte> body)
    {
        try
        {
            return WithoutMark(Charsets.StrictUtf8.GetString(body));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> body)
    {
        for (var back = 1; back <= 3 && back <= body.Length; back++)
        {
            var one = body[^back];
            if (one < 0x80) return body;
            if (one < 0xc0) continue;
            var length = one >= 0xf0 ? 4 : one >= 0xe0 ? 3 : 2;
            return length > back ? body[..^back] : body;
        }
        return body;
    }

    private static string WithoutMark(string text) => text.StartsWith('\ufeff') ? text[1..] : text;
}
