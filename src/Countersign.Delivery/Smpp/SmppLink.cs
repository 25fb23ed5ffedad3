using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// Keeps one session bound from the first use on: whenever there is none it makes another, with growing waits in between. Sends wait for a session that is being made, but
/// not for the next try: they are told at once why there is none, so that another provider may have its turn.
/// </summary>
internal sealed class SmppLink(string provider, SmppSettings settings, ReceiptIntake receipts, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<State> _state = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _run;
    private bool _isDisposed;

    /// <summary>A session, or why there is none.</summary>
    internal readonly record struct State(SmppSession? Session, string Reason);

    /// <summary>Begins to connect. Calling it again does nothing.</summary>
    public void Start()
    {
        lock (_gate)
            if (!_isDisposed) _run ??= Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>The session, as soon as it is known whether there is one.</summary>
    public Task<State> SessionAsync(CancellationToken cancellationToken)
    {
        Start();
        return Volatile.Read(ref _state).Task.WaitAsync(cancellationToken);
    }

    /// <summary>Unbinds and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }
        await _stopping.CancelAsync();
        if (_run is not null) await _run;
        Say(new State(null, "the provider has stopped"));
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var wait = settings.Reconnect;
        while (!stopping.IsCancellationRequested)
        {
            string reason;
            try
            {
                await using var session = await SmppSession.OpenAsync(settings, clock, receipts.TakeAsync, stopping);
                Say(new State(session, "bound"));
                logger.LogInformation("{Provider} is bound to {Host}:{Port}", provider, settings.Host, settings.Port);
                wait = settings.Reconnect;
                reason = await session.Ended.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The loop's boundary: whatever went wrong with this session, the next is tried.
                reason = exception is SmppException ? exception.Message : $"the session failed: {exception.GetType().Name}";
            }
            Say(new State(null, reason));
            logger.LogWarning("{Provider} is not bound to {Host}:{Port}: {Reason}; the next try is in {Wait}", provider, settings.Host, settings.Port, reason, wait);
            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Math.Max(settings.ReconnectMost.Ticks, settings.Reconnect.Ticks)));
            Volatile.Write(ref _state, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Answers those who wait, and those who come later.</summary>
    private void Say(State state)
    {
        if (_state.TrySetResult(state)) return;
        var next = new TaskCompletionSource<State>();
        next.SetResult(state);
        Volatile.Write(ref _state, next);
    }
}
