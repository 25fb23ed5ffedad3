using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Delivery.Http;

/// <summary>Bodies in JSON: ours are written, others' are read with suspicion.</summary>
internal static class JsonBody
{
    // The relaxed encoder leaves '+' and the letters of all languages as they are; it is unsafe only inside HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The content of a request; its media type is <c>application/json</c> and nothing more.</summary>
    public static ByteArrayContent Content(byte[] json) => new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>Reads an object; null when it is none.</summary>
    public static JsonElement? ReadObject(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    extension(JsonElement element)
    {
        /// <summary>A property; null when the element is no object, or has no such property, or has null there.</summary>
        public JsonElement? Property(string name)
            => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

        /// <summary>The items of a property that is a list; none when it is not.</summary>
        public IEnumerable<JsonElement> Items(string name)
            => element.Property(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

        /// <summary>The text of a property; null when it is not text, or text that no encoding has (half a surrogate pair).</summary>
        public string? Text(string name)
        {
            try
            {
                return element.Property(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
