using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Http;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.TestRequests;

/// <summary>Writes what came of a test request, without what is nobody's business. Pure.</summary>
public static class TestRequestDocuments
{
    /// <summary>Bytes of a body that are answered at once.</summary>
    public const int LongestShown = 1024 * 1024;
    /// <summary>Bytes of a body that the history keeps.</summary>
    public const int LongestKept = 256 * 1024;

    private const int LongestRequestShown = 256 * 1024;

    /// <summary>The answer.</summary>
    /// <param name="tested">What came of it.</param>
    /// <param name="longestBody">Bytes of the body that are written.</param>
    /// <param name="withTyped">Whether what was typed is written too, to run it again.</param>
    public static byte[] Write(TestedRequest tested, int longestBody, bool withTyped) => Bytes(writer =>
    {
        writer.WriteString("id", tested.Request.Id);
        writer.WriteString("startedAt", Time(tested.StartedAt));
        if (tested.Exchange is { } exchange) WriteExchange(writer, exchange, tested.Scrubber, longestBody);
        writer.WriteStartArray("warnings");
        foreach (var warning in tested.Warnings) writer.WriteStringValue(tested.Scrubber.Scrub(warning));
        writer.WriteEndArray();
        writer.WriteString("hint", tested.Hint);
        writer.WriteString("taskStatus", tested.TaskStatus.Name);
        if (tested.Fault is { } fault) WriteFault(writer, fault, tested);
        if (withTyped) WriteTyped(writer, tested.Request);
    });

    /// <summary>What a list shows.</summary>
    public static byte[] WriteSummary(TestedRequest tested) => Bytes(writer =>
    {
        writer.WriteString("id", tested.Request.Id);
        writer.WriteString("startedAt", Time(tested.StartedAt));
        if (tested.Request.Operation is { } operation) writer.WriteString("operation", operation);
        writer.WriteString("method", tested.Request.TypedMethod);
        writer.WriteString("url", tested.Request.TypedUrl);
        if (tested.Exchange?.Answer is { } answer) writer.WriteNumber("statusCode", answer.StatusCode);
        if (tested.Exchange is { } exchange) writer.WriteNumber("totalMs", Milliseconds(exchange.Timings.Total));
        if (tested.Fault is { } fault) writer.WriteString("error", fault.Kind.Name);
    });

    /// <summary>The body for download, without what is nobody's business; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> BodyOf(TestedRequest tested) => tested.Exchange?.Answer is { } answer ? Scrubbed(answer.Body, answer.Header("Content-Type"), tested.Scrubber) : default;

    private static void WriteExchange(Utf8JsonWriter writer, HttpExchange exchange, Scrubber scrubber, int longestBody)
    {
        WriteRequest(writer, exchange.Request, scrubber);
        if (exchange.Answer is { } answer) WriteAnswer(writer, answer, scrubber, longestBody);
        writer.WriteStartObject("timings");
        writer.WriteNumber("dnsMs", Milliseconds(exchange.Timings.Dns));
        writer.WriteNumber("connectMs", Milliseconds(exchange.Timings.Connect));
        writer.WriteNumber("tlsMs", Milliseconds(exchange.Timings.Tls));
        writer.WriteNumber("sendMs", Milliseconds(exchange.Timings.Send));
        writer.WriteNumber("firstByteMs", Milliseconds(exchange.Timings.FirstByte));
        writer.WriteNumber("downloadMs", Milliseconds(exchange.Timings.Download));
        writer.WriteNumber("totalMs", Milliseconds(exchange.Timings.Total));
        writer.WriteEndObject();
        if (exchange.RemoteAddress is { } address) writer.WriteString("remoteAddress", address);
        if (exchange.Answer is { } answered) writer.WriteString("httpVersion", answered.HttpVersion);
        writer.WriteStartArray("redirects");
        foreach (var redirect in exchange.Redirects)
        {
            writer.WriteStartObject();
            writer.WriteNumber("statusCode", redirect.StatusCode);
            writer.WriteString("url", scrubber.Scrub(redirect.Uri.OriginalString));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteRequest(Utf8JsonWriter writer, SentRequest request, Scrubber scrubber)
    {
        writer.WriteStartObject("request");
        writer.WriteString("method", request.Method);
        writer.WriteString("url", scrubber.Scrub(request.Uri.OriginalString));
        WriteHeaders(writer, request.Headers.Select(header => (header.Key, Redirects.Credentials.Contains(header.Key) ? Scrubber.Mark : scrubber.Scrub(header.Value))));
        if (request.Body is { Length: > 0 } body)
        {
            var type = request.Headers.FirstOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
            var clean = Scrubbed(body, type, scrubber);
            clean = clean[..Math.Min(clean.Length, LongestRequestShown)];
            writer.WriteString("body", BodyText.TryDecode(clean.Span, type, isCut: true) ?? Convert.ToBase64String(clean.Span));
        }
        writer.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter writer, HttpAnswer answer, Scrubber scrubber, int longestBody)
    {
        var type = answer.Header("Content-Type");
        var clean = Scrubbed(answer.Body, type, scrubber);
        var shown = clean[..Math.Min(clean.Length, longestBody)];
        var text = BodyText.TryDecode(shown.Span, type, isCut: shown.Length < clean.Length || answer.IsTruncated);
        var kind = BodyText.KindOf(text, type);
        if (kind is BodyKind.Binary or BodyKind.Image) text = kind == BodyKind.Image && text is not null && type!.Contains("svg", StringComparison.OrdinalIgnoreCase) ? text : null;
        writer.WriteStartObject("response");
        writer.WriteNumber("statusCode", answer.StatusCode);
        writer.WriteString("reasonPhrase", answer.ReasonPhrase);
        WriteHeaders(writer, answer.Headers.SelectMany(header => HttpOutput.Shown(header, scrubber).Select(value => (header.Key, Redirects.Credentials.Contains(header.Key) ? Scrubber.Mark : value))));
        if (type is not null) writer.WriteString("contentType", scrubber.Scrub(type));
        writer.WriteString("body", text ?? Convert.ToBase64String(shown.Span));
        writer.WriteString("bodyEncoding", text is null ? "base64" : "text");
        writer.WriteNumber("bytes", answer.Body.Length);
        writer.WriteBoolean("truncated", answer.IsTruncated || shown.Length < clean.Length);
        writer.WriteString("shown", kind.ToString().ToLowerInvariant());
        writer.WriteEndObject();
    }

    private static void WriteFault(Utf8JsonWriter writer, HttpFault fault, TestedRequest tested)
    {
        writer.WriteStartObject("error");
        writer.WriteString("kind", fault.Kind.Name);
        writer.WriteString("message", tested.Scrubber.Scrub(fault.Message));
        if (tested.Missing.Count > 0)
        {
            writer.WriteStartArray("missing");
            foreach (var name in tested.Missing) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
        if (fault.Refusal is { } refusal) writer.WriteString("setting", refusal.Setting);
        writer.WriteEndObject();
    }

    private static void WriteTyped(Utf8JsonWriter writer, TestRequest request)
    {
        writer.WriteStartObject("typed");
        writer.WritePropertyName("http_request");
        request.HttpRequest.WriteTo(writer);
        writer.WriteStartObject("variables");
        foreach (var (name, value) in request.Variables)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
        writer.WriteString("environmentId", request.Environment.Id);
        writer.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter writer, IEnumerable<(string Name, string Value)> headers)
    {
        writer.WriteStartArray("headers");
        foreach (var (name, value) in headers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Scrubbed(ReadOnlyMemory<byte> body, string? contentType, Scrubber scrubber)
    {
        if (scrubber.IsEmpty || BodyText.WideEncodingOf(contentType) is not { } wide) return scrubber.Scrub(body);
        var before = wide.GetString(body.Span);
        var after = scrubber.Scrub(before);
        return after == before ? body : wide.GetBytes(after);
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonBuilder.WriterOver(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
