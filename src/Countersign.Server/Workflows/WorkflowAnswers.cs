using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Server.Workflows;

/// <summary>Answers JSON as it is written.</summary>
internal sealed class WrittenJsonResult(Action<Utf8JsonWriter> write) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.ContentType = "application/json";
        using (var writer = JsonBuilder.WriterOver(httpContext.Response.BodyWriter)) write(writer);
        return Task.CompletedTask;
    }
}

/// <summary>Answers a bare text (workflow contract 1.3).</summary>
internal sealed class TextResult(string text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.ContentType = "text/plain;charset=UTF-8";
        httpContext.Response.ContentLength = bytes.Length;
        return httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>Answers 200 with nothing: an exact length and no content type, or clients throw (workflow contract 1.3).</summary>
internal sealed class EmptyResult : IResult
{
    public static readonly EmptyResult Instance = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
