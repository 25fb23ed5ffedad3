using System.Buffers;
using System.Globalization;
using Countersign.Server.Json;
using Countersign.Server.Requests;

namespace Countersign.Server.Errors;

/// <summary>Writes an error's envelope (contract 3.1) with a new <c>errorId</c>.</summary>
internal sealed class ErrorResult(ApiError error) : IResult, IJsonAnswer
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.Status == StatusCodes.Status429TooManyRequests) WriteRetry(httpContext);
        response.ContentLength = Length;
        Write(response.BodyWriter.GetSpan(Length));
        response.BodyWriter.Advance(Length);
        return Task.CompletedTask;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    private int Length => error.Envelope.Before.Length + RequestIds.ErrorIdLength + error.Envelope.After.Length;

    private void Write(Span<byte> to)
    {
        var (before, after) = error.Envelope;
        before.CopyTo(to);
        RequestIds.WriteErrorId(to.Slice(before.Length, RequestIds.ErrorIdLength));
        after.CopyTo(to[(before.Length + RequestIds.ErrorIdLength)..]);
    }

    /// <summary>Clients wait until <c>X-Rate-Limit-Reset</c> and then try again, so it must be when that will succeed (contract 4.3); whole seconds, rounded up.</summary>
    private void WriteRetry(HttpContext http)
    {
        var retryAt = error.RetryAt ?? http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(1);
        var seconds = (retryAt.ToUnixTimeMilliseconds() + 999) / 1000;
        http.Response.Headers["X-Rate-Limit-Remaining"] = "0";
        http.Response.Headers["X-Rate-Limit-Reset"] = seconds.ToString(CultureInfo.InvariantCulture);
    }
}
