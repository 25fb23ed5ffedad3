using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Server.Json;

/// <summary>An answer whose body is JSON, in one line, which can stand elsewhere too.</summary>
internal interface IJsonAnswer
{
    /// <summary>The body.</summary>
    byte[] ToBytes();
}

/// <summary>Answers a document of the contract.</summary>
internal sealed class JsonResult(JsonNode document, int status = StatusCodes.Status200OK) : IResult, IJsonAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, Options);
        document.WriteTo(writer);
        return Task.CompletedTask;
    }

    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options)) document.WriteTo(writer);
        return bytes.WrittenSpan.ToArray();
    }
}

/// <summary>Answers bytes that never change.</summary>
internal sealed class ConstantJsonResult(byte[] document, int status = StatusCodes.Status200OK) : IResult, IJsonAnswer
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = document.Length;
        document.CopyTo(response.BodyWriter.GetSpan(document.Length));
        response.BodyWriter.Advance(document.Length);
        return Task.CompletedTask;
    }

    public byte[] ToBytes() => document;
}

/// <summary>Answers without a body.</summary>
internal sealed class NoContentResult : IResult
{
    public static readonly NoContentResult Instance = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
