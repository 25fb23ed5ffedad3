using System.Text;
using Microsoft.AspNetCore.Http;

namespace Countersign.Testing.Delivery;

/// <summary>A way to answer a request, well or badly.</summary>
public sealed class Reply
{
    private readonly Func<HttpContext, Task> _write;

    private Reply(Func<HttpContext, Task> write) => _write = write;

    /// <summary>A status without a body.</summary>
    public static Reply Status(int status, params (string Name, string Value)[] headers) => new(context =>
    {
        Begin(context, status, headers);
        return Task.CompletedTask;
    });

    /// <summary>A status and a body of JSON, or of what claims to be.</summary>
    public static Reply Json(int status, string json, params (string Name, string Value)[] headers) => new(async context =>
    {
        Begin(context, status, headers);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
    });

    /// <summary>No answer, for as long as the other side waits.</summary>
    public static Reply Silence { get; } = new(context => UntilGone(context));

    /// <summary>The beginning of a body, then no more of it, for as long as the other side waits.</summary>
    public static Reply Stalled(int status, string beginning) => new(async context =>
    {
        await BeginAsync(context, status, beginning);
        await UntilGone(context);
    });

    /// <summary>The beginning of a body, then the end of the connection.</summary>
    public static Reply CutOff(int status, string beginning) => new(context => BeginAsync(context, status, beginning));

    /// <summary>The end of the connection, without an answer.</summary>
    public static Reply HangUp { get; } = new(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>A body that begins with a JSON object and goes on with spaces: right in itself, but long.</summary>
    public static Reply Long(int status, string json, int bytes) => new(async context =>
    {
        try
        {
            context.Response.StatusCode = status;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
            var spaces = new byte[64 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            for (var left = bytes - json.Length; left > 0; left -= spaces.Length)
                await context.Response.Body.WriteAsync(spaces.AsMemory(0, Math.Min(left, spaces.Length)), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The other side had enough.
        }
    });

    internal Task WriteAsync(HttpContext context) => _write(context);

    private static void Begin(HttpContext context, int status, (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
    }

    /// <summary>Kestrel ends the connection when less comes than was announced, after all that was written. Aborting it could take that back.</summary>
    private static async Task BeginAsync(HttpContext context, int status, string beginning)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = beginning.Length + 1_000;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(beginning));
        await context.Response.Body.FlushAsync();
    }

    private static async Task UntilGone(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
