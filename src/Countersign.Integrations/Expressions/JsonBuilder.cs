using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>Makes JSON values that own their memory.</summary>
public static class JsonBuilder
{
    /// <summary>The deepest nesting of a value that is made or read here.</summary>
    public const int DeepestNesting = 256;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DeepestNesting };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = DeepestNesting };

    /// <summary>A writer of compact JSON.</summary>
    public static Utf8JsonWriter WriterOver(IBufferWriter<byte> buffer) => new(buffer, Compact);

    /// <summary>The value that is written.</summary>
    /// <exception cref="InvalidOperationException">What was written is not one value.</exception>
    public static JsonElement Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WriterOver(buffer)) write(writer);
        return Read(buffer.WrittenSpan);
    }

    /// <summary>The object whose members are written.</summary>
    public static JsonElement BuildObject(Action<Utf8JsonWriter> writeMembers) => Build(writer =>
    {
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
    });

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested too deeply.</exception>
    public static JsonElement Read(ReadOnlySpan<byte> utf8) => JsonElement.Parse(utf8, Deep);

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested too deeply.</exception>
    public static JsonElement Read(string json) => JsonElement.Parse(json, Deep);

    /// <summary>A text as a value.</summary>
    public static JsonElement Text(string? text) => text is null ? Null : Build(writer => writer.WriteStringValue(text));

    /// <summary>A number as a value.</summary>
    public static JsonElement Number(long number) => Build(writer => writer.WriteNumberValue(number));

    /// <summary>The value null.</summary>
    public static JsonElement Null { get; } = JsonElement.Parse("null"u8);

    /// <summary>The empty list.</summary>
    public static JsonElement EmptyList { get; } = JsonElement.Parse("[]"u8);
}
