using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Reads the text of a document, JSON or YAML, within limits.</summary>
public static class DocumentText
{
    /// <summary>The longest document, in bytes.</summary>
    public const int Longest = 64 * 1024 * 1024;
    /// <summary>Deeper nesting is refused.</summary>
    public const int Deepest = 200;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The text's tree.</summary>
    /// <param name="text">UTF-8, or UTF-16 with a byte order mark.</param>
    /// <param name="report">Is told of lesser faults: place and reason.</param>
    /// <exception cref="DocumentException">The text is neither, or beyond a limit.</exception>
    public static JsonNode Parse(ReadOnlyMemory<byte> text, Action<string, string> report)
    {
        if (text.Length > Longest) throw new DocumentException("", $"The document has {text.Length} bytes; allowed are {Longest}.");
        var bytes = ToUtf8(text);
        var first = bytes.Span.TrimStart(" \t\r\n"u8);
        if (first.IsEmpty) throw new DocumentException("", "The document is empty.");
        return first[0] == '{' ? Json(bytes, report) : YamlText.Parse(Encoding.UTF8.GetString(bytes.Span), report);
    }

    private static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> text)
    {
        if (text.Span.StartsWith(Encoding.UTF8.Preamble)) return text[3..];
        if (text.Span.StartsWith(Encoding.Unicode.Preamble)) return Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(text.Span[2..]));
        return text.Span.StartsWith(Encoding.BigEndianUnicode.Preamble) ? Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(text.Span[2..])) : text;
    }

    private static JsonNode Json(ReadOnlyMemory<byte> text, Action<string, string> report)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return Build(document.RootElement, "#", report)!;
        }
        catch (JsonException exception)
        {
            // YAML's flow style looks like JSON and is not.
            if (text.Length < 1_000_000 && TryYaml(text, report) is { } node) return node;
            throw new DocumentException($"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}", $"The document is not JSON: {Plain(exception.Message)}");
        }
    }

    private static JsonNode? TryYaml(ReadOnlyMemory<byte> text, Action<string, string> report)
    {
        try
        {
            return YamlText.Parse(Encoding.UTF8.GetString(text.Span), report);
        }
        catch (DocumentException)
        {
            return null;
        }
    }

    /// <summary>Of members with the same name the last counts, as everywhere; that there were two is told.</summary>
    private static JsonNode? Build(JsonElement element, string place, Action<string, string> report)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    var name = NameOf(member);
                    var at = $"{place}/{Pointers.Escape(name)}";
                    if (members.ContainsKey(name)) report(at, "The member is there twice; the last one counts.");
                    members[name] = Build(member.Value, at, report);
                }
                return members;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray()) items.Add(Build(item, $"{place}/{items.Count}", report));
                return items;
            case JsonValueKind.String: return JsonValue.Create(TextOf(element));
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            case JsonValueKind.Number: return Number(element.GetRawText());
            default: return null;
        }
    }

    /// <summary>A number as a node: whole when it is, and a text when it is beyond every number.</summary>
    internal static JsonNode Number(string text)
        => long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, null, out var whole) ? JsonValue.Create(whole)
            : decimal.TryParse(text, System.Globalization.NumberStyles.Float, null, out var exact) ? JsonValue.Create(exact)
            : double.TryParse(text, System.Globalization.NumberStyles.Float, null, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
            : JsonValue.Create(text);

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "�";   // a lone surrogate
        }
    }

    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "�";
        }
    }

    // The library ends its messages with the position, which stands in the finding's place.
    private static string Plain(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0) end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
