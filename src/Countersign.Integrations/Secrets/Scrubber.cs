using System.Buffers;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Secrets;

/// <summary>
/// Takes values that were put in out of what comes back (workflow contract 5.3): as they are, percent-encoded, JSON-escaped (also several times over), mixed, and in Base64 at each of its three alignments. Immutable, thread-safe.
/// </summary>
public sealed class Scrubber
{
    /// <summary>What takes a value's place.</summary>
    public const string Mark = "***";
    /// <summary>The shortest value that is taken out, in characters: a shorter one would be found everywhere.</summary>
    public const int Shortest = 4;

    /// <summary>Takes nothing out.</summary>
    public static readonly Scrubber None = new([]);

    private readonly byte[][] _values;
    private readonly byte[][] _packed;
    private readonly SearchValues<byte> _starts;

    /// <summary>Takes these values out.</summary>
    public Scrubber(IEnumerable<string> values)
    {
        // The longer first: one may begin with another.
        _values = [.. values.Where(value => value.Length >= Shortest).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).OrderByDescending(value => value.Length)];
        _packed = [.. _values.SelectMany(Base64Forms).Select(Encoding.ASCII.GetBytes).DistinctBy(Convert.ToHexString).OrderByDescending(form => form.Length)];
        _starts = SearchValues.Create([.. _values.Select(value => value[0]).Concat(_packed.Select(form => form[0])).Concat(_values.Length > 0 ? "%\\+"u8.ToArray() : []).Distinct()]);
    }

    /// <summary>Whether there is nothing to take out.</summary>
    public bool IsEmpty => _values.Length == 0;

    /// <summary>The values of a secret that stand for it: itself, and when it is JSON, the texts and numbers in it.</summary>
    public static IEnumerable<string> ValuesOf(string secret)
    {
        yield return secret;
        if (secret.AsSpan().TrimStart() is not ['{' or '[', ..]) yield break;
        JsonElement json;
        try
        {
            json = JsonBuilder.Read(secret);
        }
        catch (JsonException)
        {
            yield break;
        }
        foreach (var leaf in Leaves(json)) yield return leaf;
    }

    /// <summary>Whether one of the values is in there, in whatever form.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes) => Find(bytes, out _) >= 0;

    /// <summary>The text without the values.</summary>
    public string Scrub(string text)
    {
        if (IsEmpty || text.Length < Shortest) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        return IsIn(bytes) ? Encoding.UTF8.GetString(Scrub(bytes).Span) : text;
    }

    /// <summary>The bytes (UTF-8, or of a set that is like ASCII) without the values; the very same when they are not in there.</summary>
    public ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> bytes)
    {
        if (IsEmpty) return bytes;
        ArrayBufferWriter<byte>? scrubbed = null;
        for (var rest = bytes.Span; ;)
        {
            var at = Find(rest, out var length);
            if (at < 0)
            {
                if (scrubbed is null) return bytes;
                scrubbed.Write(rest);
                return scrubbed.WrittenMemory;
            }
            scrubbed ??= new ArrayBufferWriter<byte>(bytes.Length);
            scrubbed.Write(rest[..at]);
            scrubbed.Write("***"u8);
            rest = rest[(at + length)..];
        }
    }

    /// <summary>The value without the values, in texts, names of members and numbers.</summary>
    public JsonElement Scrub(JsonElement value)
    {
        if (IsEmpty || !IsIn(Encoding.UTF8.GetBytes(value.GetRawText()))) return value;
        return JsonBuilder.Build(writer => Write(value, writer));
    }

    private void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Scrub(member.Name));
                    Write(member.Value, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Scrub(value.GetString()!));
                break;
            case JsonValueKind.Number when Scrub(value.GetRawText()) is var number && number != value.GetRawText():
                writer.WriteStringValue(number);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private int Find(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (IsEmpty) return -1;
        for (var at = 0; at < bytes.Length; at++)
        {
            var next = bytes[at..].IndexOfAny(_starts);
            if (next < 0) return -1;
            at += next;
            var here = bytes[at..];
            foreach (var value in _values)
                if ((length = EscapedForms.Match(here, value)) > 0) return at;
            foreach (var form in _packed)
                if (here.StartsWith(form))
                {
                    length = form.Length;
                    return at;
                }
        }
        return -1;
    }

    /// <summary>What Base64 makes of a value wherever it stands in something longer: the characters that depend on it alone, for each of the three alignments, in both alphabets.</summary>
    private static IEnumerable<string> Base64Forms(byte[] value)
    {
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. value]);
            var (first, end) = (((before * 8) + 5) / 6, (before + value.Length) * 8 / 6);
            var form = whole[first..end];
            yield return form;
            yield return form.Replace('+', '-').Replace('/', '_');
        }
    }

    private static IEnumerable<string> Leaves(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Leaves),
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Number => [json.GetRawText()],
        _ => [],
    };
}
