using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Server.Errors;

/// <summary>One error of the contract (3): a code, its status, its summary and the causes. The texts are constants of the API.</summary>
/// <param name="Code">For example <c>E0000068</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Summary"><c>errorSummary</c>.</param>
/// <param name="Causes"><c>errorCauses[].errorSummary</c>.</param>
internal sealed record ApiError(string Code, int Status, string Summary, params string[] Causes)
{
    // One reference: of many who ask first at the same time, nobody sees half of it.
    private Parts? _envelope;

    /// <summary>When a 429 will really let the next request pass (contract 4.3); null for all other errors.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The envelope's bytes before and after its <c>errorId</c>; made once for the constant errors.</summary>
    public Parts Envelope => _envelope ??= WriteEnvelope();

    /// <summary>The same error with a cause.</summary>
    public ApiError Because(string cause) => new(Code, Status, Summary, cause);

    /// <summary>The answer.</summary>
    public ErrorResult ToResult() => new(this);

    private Parts WriteEnvelope()
    {
        var buffer = new ArrayBufferWriter<byte>();
        int idAt;
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("errorCode"u8, Code);
            writer.WriteString("errorSummary"u8, Summary);
            writer.WriteString("errorLink"u8, Code);
            writer.WritePropertyName("errorId"u8);
            writer.Flush();
            idAt = buffer.WrittenCount + 1;
            writer.WriteStringValue(""u8);
            writer.WriteStartArray("errorCauses"u8);
            foreach (var cause in Causes)
            {
                writer.WriteStartObject();
                writer.WriteString("errorSummary"u8, cause);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        var bytes = buffer.WrittenSpan;
        return new(bytes[..idAt].ToArray(), bytes[idAt..].ToArray());
    }

    /// <summary>An envelope without its <c>errorId</c>.</summary>
    /// <param name="Before">The bytes before it.</param>
    /// <param name="After">The bytes after it.</param>
    internal sealed record Parts(byte[] Before, byte[] After);
}
