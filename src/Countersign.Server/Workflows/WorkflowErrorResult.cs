using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;
using Countersign.Server.Json;

namespace Countersign.Server.Workflows;

/// <summary>Answers an error of the workflow API.</summary>
internal sealed class WorkflowErrorResult(int status, string message) : IResult, IJsonAnswer
{
    private const int MostFaults = 100;
    private static readonly string Instance = Environment.MachineName;

    /// <summary>What is wrong with a definition.</summary>
    public IReadOnlyList<ValidationFault> Faults { get; init; } = [];
    /// <summary>What a client goes by, where it does.</summary>
    public string? Error { get; init; }
    /// <summary>When the next request is heard.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (status == StatusCodes.Status429TooManyRequests) response.Headers.RetryAfter = RetryAfter(httpContext);
        var body = ToBytes();
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonBuilder.WriterOver(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status"u8, status);
            writer.WriteString("message"u8, message);
            writer.WriteString("instance"u8, Instance);
            writer.WriteBoolean("retryable"u8, status is 429 or 503);
            if (Error is not null) writer.WriteString("error"u8, Error);
            if (Faults.Count > 0) Write(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("validationErrors"u8);
        foreach (var fault in Faults.Take(MostFaults))
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, fault.Path);
            writer.WriteString("message"u8, fault.Message);
            if (fault.InvalidValue is { } value) writer.WriteString("invalidValue"u8, value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private string RetryAfter(HttpContext http)
    {
        var left = (RetryAt ?? DateTimeOffset.MinValue) - http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return Math.Max(1, (long)Math.Ceiling(left.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
