using System.Buffers;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Secrets;

namespace Countersign.Integrations.Http;

/// <summary>Writes the output of an HTTP task (workflow contract 8.5). Pure.</summary>
internal static class HttpOutput
{
    /// <summary>The largest output that is stored, in bytes.</summary>
    public const int Largest = 3 * 1024 * 1024;

    private const int LongestReason = 2 * 1024;

    /// <summary>The output for an answer, without what was put in from secrets; null when it would be too large.</summary>
    public static JsonElement? TryWrite(HttpAnswer answer, Scrubber scrubber)
    {
        var buffer = new ArrayBufferWriter<byte>(answer.Body.Length + 1024);
        using (var writer = JsonBuilder.WriterOver(buffer))
            WriteResponse(writer, answer, scrubber, WriteBody);
        if (buffer.WrittenCount > Largest) return null;
        try
        {
            return JsonBuilder.Read(buffer.WrittenSpan);
        }
        catch (JsonException)
        {
            return null;   // nested as deep as is read, and two levels more
        }

        void WriteBody(Utf8JsonWriter writer)
        {
            writer.WritePropertyName("body");
            var text = answer.Body.Length == 0 ? null : BodyText.TryDecode(answer.Body.Span, answer.Header("Content-Type"));
            if (answer.Body.Length == 0) writer.WriteNullValue();
            else if (text is not null && BodyText.TryParse(text) is { } json) scrubber.Scrub(json).WriteTo(writer);
            else if (text is not null && BodyText.IsText(answer.Header("Content-Type"))) writer.WriteStringValue(scrubber.Scrub(text));
            else
            {
                writer.WriteBase64StringValue(scrubber.Scrub(answer.Body).Span);
                writer.WriteString("bodyEncoding", "base64");
            }
        }
    }

    /// <summary>The output for an answer that is too large to be kept.</summary>
    public static JsonElement WriteTooLarge(HttpAnswer answer, Scrubber scrubber) => JsonBuilder.Build(writer => WriteResponse(writer, answer, scrubber, body =>
        body.WriteNumber("bodyBytes", Math.Max(answer.AnnouncedBytes ?? 0, answer.Body.Length))));

    /// <summary>The output when there was no answer: a text in its place.</summary>
    public static JsonElement WriteFault(string message) => JsonBuilder.BuildObject(writer => writer.WriteString("response", message));

    /// <summary>Why an answer is no success: its status, and the first 2 KiB of its body.</summary>
    public static string ReasonOf(HttpAnswer answer, Scrubber scrubber)
    {
        // Scrubbed before it is cut: part of a value would not be recognised.
        var text = answer.Body.Length > 0 && BodyText.IsText(answer.Header("Content-Type")) ? BodyText.TryDecode(answer.Body.Span, answer.Header("Content-Type"), isCut: true) : null;
        return $"{answer.StatusCode} {answer.ReasonPhrase}: {Shorten(scrubber.Scrub(text ?? ""))}";
    }

    /// <summary>The values of a header that may be shown.</summary>
    public static IEnumerable<string> Shown(KeyValuePair<string, System.Collections.Immutable.ImmutableArray<string>> header, Scrubber scrubber)
        => header.Value.Select(value => header.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) ? Scrubber.Mark : scrubber.Scrub(value));

    private static void WriteResponse(Utf8JsonWriter writer, HttpAnswer answer, Scrubber scrubber, Action<Utf8JsonWriter> writeBody)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("response");
        writer.WriteNumber("statusCode", answer.StatusCode);
        writer.WriteString("reasonPhrase", answer.ReasonPhrase);
        writer.WriteStartObject("headers");
        foreach (var header in answer.Headers)
        {
            writer.WriteStartArray(header.Key);
            foreach (var value in Shown(header, scrubber)) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writeBody(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Shorten(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestReason) return text;
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > LongestReason) break;
            kept.Append(rune);
        }
        return kept.ToString();
    }
}
