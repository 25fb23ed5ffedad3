using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Countersign.Testing.Delivery;

/// <summary>
/// An HTTP server on a port of this machine. It keeps what it is sent, and answers as it was told: with the answers that wait, one request each, and
/// otherwise in its usual way.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<ReceivedRequest> _received = Channel.CreateUnbounded<ReceivedRequest>();
    private readonly ConcurrentQueue<Reply> _waiting = new();
    private readonly Func<ReceivedRequest, Reply> _usual;
    private readonly WebApplication _app;
    private int _count;

    /// <summary>Starts.</summary>
    /// <param name="usual">The usual answer.</param>
    public LoopbackServer(Func<ReceivedRequest, Reply> usual)
    {
        _usual = usual;
        // Empty: other builders watch files for changes, and only so many watches are to be had.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.Start();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>How many requests came.</summary>
    public int Count => _count;

    /// <summary>Answers the next requests with these, in their order.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies)
    {
        foreach (var reply in replies) _waiting.Enqueue(reply);
    }

    /// <summary>The next request that nobody has looked at; waits for it, but not forever.</summary>
    public async Task<ReceivedRequest> ReceiveAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Requests that are met with silence end now.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new ReceivedRequest(context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Interlocked.Increment(ref _count);
        var usual = _usual(request);
        var reply = _waiting.TryDequeue(out var waiting) ? waiting : usual;
        await _received.Writer.WriteAsync(request);
        await reply.WriteAsync(context);
    }
}
