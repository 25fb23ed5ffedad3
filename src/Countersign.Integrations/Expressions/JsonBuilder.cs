using System.Buffers;
using System.Globalization;
using System.Text;
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
    /// <exception cref="JsonException">It is not JSON, nested too deeply, or has half of a character.</exception>
    public static JsonElement Read(ReadOnlySpan<byte> utf8)
    {
        RequireWholeCharacters(utf8);
        return JsonElement.Parse(utf8, Deep);
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">It is not JSON, nested too deeply, or has half of a character.</exception>
    public static JsonElement Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>Refuses JSON with half of a character written as an escape: the grammar allows <c>"\ud800"</c>, but it is no text, cannot be stored, and reading it later throws.</summary>
    /// <exception cref="JsonException">There is one.</exception>
    public static void RequireWholeCharacters(ReadOnlySpan<byte> utf8)
    {
        for (var at = 0; utf8[at..].IndexOf((byte)'\\') is >= 0 and var step;)
        {
            at += step;
            if (!TryReadEscape(utf8[at..], out var unit))
            {
                at = Math.Min(at + 2, utf8.Length);
                continue;
            }
            at += 6;
            if (!char.IsSurrogate(unit)) continue;
            if (!char.IsHighSurrogate(unit) || !TryReadEscape(utf8[at..], out var low) || !char.IsLowSurrogate(low)) throw new JsonException("A text has half of a character.");
            at += 6;
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> utf8, out char unit)
    {
        unit = default;
        if (utf8.Length < 6 || utf8[0] != '\\' || utf8[1] != 'u' || !ushort.TryParse(utf8.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read)) return false;
        unit = (char)read;
        return true;
    }

    /// <summary>A text as a value.</summary>
    public static JsonElement Text(string? text) => text is null ? Null : Build(writer => writer.WriteStringValue(text));

    /// <summary>A number as a value.</summary>
    public static JsonElement Number(long number) => Build(writer => writer.WriteNumberValue(number));

    /// <summary>The value null.</summary>
    public static JsonElement Null { get; } = JsonElement.Parse("null"u8);

    /// <summary>The empty list.</summary>
    public static JsonElement EmptyList { get; } = JsonElement.Parse("[]"u8);
}
