using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Console.Shell;

/// <summary>JSON as people write it: indented, with letters of every language as they are.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value over several lines.</summary>
    public static string Of(JsonElement value) => Written(value.WriteTo, Indented);

    /// <summary>Writes a value over several lines; null becomes <c>null</c>.</summary>
    public static string Of(JsonNode? node) => Written(writer => Write(node, writer), Indented);

    /// <summary>Writes a value in one line.</summary>
    public static string CompactOf(JsonElement value) => Written(value.WriteTo, Compact);

    /// <summary>Writes a value in one line; null becomes <c>null</c>.</summary>
    public static string CompactOf(JsonNode? node) => Written(writer => Write(node, writer), Compact);

    /// <summary>Reads a value, or says in one sentence why it is none.</summary>
    /// <returns>Whether the text is JSON.</returns>
    public static bool TryParse(string text, out JsonNode? value, out string? fault)
    {
        try
        {
            (value, fault) = (JsonNode.Parse(text), null);
            return true;
        }
        catch (JsonException broken)
        {
            (value, fault) = (null, broken.LineNumber is { } line ? $"Not JSON: line {line + 1}, column {broken.BytePositionInLine + 1}." : "Not JSON.");
            return false;
        }
    }

    private static void Write(JsonNode? node, Utf8JsonWriter writer)
    {
        if (node is null)
            writer.WriteNullValue();
        else
            node.WriteTo(writer);
    }

    private static string Written(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
            write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
