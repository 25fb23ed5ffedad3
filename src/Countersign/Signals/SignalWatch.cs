using System.Threading.Tasks.Sources;
using Countersign.Users;

namespace Countersign.Signals;

/// <summary>
/// A watch of the hub. A signal that comes while nobody waits is kept for the next wait, so none is lost between a look and the wait after it; many of them are one. All of its state is
/// guarded by the hub's gate.
/// </summary>
internal sealed class SignalWatch(SignalHub hub, long number, UserId[] users) : ISignalWatch, IValueTaskSource<bool>, IComparable<SignalWatch>
{
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private bool _isSignalled, _isWaiting, _isDisposed;

    /// <summary>The timestamp at which the wait is over.</summary>
    public long Due { get; set; }

    public ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        short version;
        lock (hub.Gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isWaiting) throw new InvalidOperationException("somebody waits already");
            if (_isSignalled || atMost <= TimeSpan.Zero)
            {
                var came = _isSignalled;
                _isSignalled = false;
                return new ValueTask<bool>(came);
            }
            _wait.Reset();
            version = _wait.Version;
            _isWaiting = true;
            hub.Await(this, atMost);
        }
        // Nobody reads the result before it is returned, so it is in its place when it is taken back.
        _cancellation = cancellationToken.UnsafeRegister(static (watch, token) => ((SignalWatch)watch!).GiveUp(token), this);
        return new ValueTask<bool>(this, version);
    }

    /// <summary>Within the hub's gate.</summary>
    public void Signal()
    {
        if (_isWaiting) End(came: true);
        else _isSignalled = true;
    }

    /// <summary>Within the hub's gate.</summary>
    public void TimeIsOver() => End(came: false);

    public void Dispose()
    {
        lock (hub.Gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            hub.Forget(this, users);
            if (_isWaiting) End(came: false);
        }
    }

    public int CompareTo(SignalWatch? other) => other is null ? 1 : (Due, number).CompareTo((other.Due, other.Number));

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _wait.OnCompleted(continuation, state, token, flags);

    private long Number => number;

    private void GiveUp(CancellationToken token)
    {
        lock (hub.Gate)
        {
            if (!_isWaiting) return;
            Stop();
            _wait.SetException(new OperationCanceledException(token));
        }
    }

    private void End(bool came)
    {
        Stop();
        _wait.SetResult(came);
    }

    private void Stop()
    {
        _isWaiting = false;
        hub.EndWait(this);
    }
}
