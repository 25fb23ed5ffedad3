using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Bench.Targets;

/// <summary>A service that takes a server's messages by webhook: answers nothing while it is held, and then each request after the same time.</summary>
internal sealed class MessageReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _times = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _delay;
    private int _awaited;
    private long _openedAt, _lastAt;

    private MessageReceiver(WebApplication app) => _app = app;

    /// <summary>Messages that came more than once.</summary>
    public int Duplicates => _times.Values.Count(times => times > 1);

    /// <summary>From the moment it answered to the arrival of the last message.</summary>
    public TimeSpan Drain => Stopwatch.GetElapsedTime(_openedAt, _lastAt);

    public static async Task<MessageReceiver> StartAsync(Uri address, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        var receiver = new MessageReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Answers nobody until it is opened, and then expects so many messages.</summary>
    public void Hold(int awaited, TimeSpan delay)
    {
        (_awaited, _delay) = (awaited, delay);
        _times.Clear();
        _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open()
    {
        _openedAt = Stopwatch.GetTimestamp();
        _open.SetResult();
    }

    /// <summary>Waits until every message was answered.</summary>
    public Task AllAsync(TimeSpan limit, CancellationToken cancellationToken) => _all.Task.WaitAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        await _open.Task.WaitAsync(http.RequestAborted);
        if (_delay > TimeSpan.Zero) await Task.Delay(_delay, http.RequestAborted);
        _times.AddOrUpdate(http.Request.Headers["webhook-id"].ToString(), 1, (_, times) => times + 1);
        if (_times.Count < _awaited) return;
        Volatile.Write(ref _lastAt, Stopwatch.GetTimestamp());
        _all.TrySetResult();
    }
}
