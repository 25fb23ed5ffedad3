using Countersign.Users;

namespace Countersign.Signals;

/// <summary>
/// Signals within this process. One timer serves all that wait, and a watch is a few hundred bytes: many thousands cost next to nothing while nothing happens. Thread-safe.
/// </summary>
public sealed class SignalHub(TimeProvider clock) : ISignals, IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly Dictionary<UserId, HashSet<SignalWatch>> _watches = [];
    // Those that wait, the one whose time is over first in front.
    private readonly SortedSet<SignalWatch> _waiting = [];
    private ITimer? _timer;
    private long _lastNumber;
    private bool _isDisposed;

    /// <summary>Guards everything of the hub and of its watches.</summary>
    internal Lock Gate { get; } = new();

    /// <inheritdoc/>
    public void Raise(UserId user)
    {
        lock (Gate)
        {
            if (!_watches.TryGetValue(user, out var watches)) return;
            foreach (var watch in watches) watch.Signal();
        }
    }

    /// <summary>Signals all watches: anything may have happened.</summary>
    public void RaiseAll()
    {
        lock (Gate)
            foreach (var watches in _watches.Values)
                foreach (var watch in watches) watch.Signal();
    }

    /// <inheritdoc/>
    public ISignalWatch Watch(params ReadOnlySpan<UserId> users)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var watch = new SignalWatch(this, ++_lastNumber, users.ToArray());
            foreach (var user in users)
            {
                if (!_watches.TryGetValue(user, out var watches)) _watches.Add(user, watches = new HashSet<SignalWatch>(1));
                watches.Add(watch);
            }
            return watch;
        }
    }

    /// <summary>No time passes for those that wait any more; who waits gives up by itself.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Forgets a watch. Within <see cref="Gate"/>.</summary>
    internal void Forget(SignalWatch watch, UserId[] users)
    {
        foreach (var user in users)
            if (_watches.TryGetValue(user, out var watches) && watches.Remove(watch) && watches.Count == 0) _watches.Remove(user);
    }

    /// <summary>Begins a wait. Within <see cref="Gate"/>.</summary>
    internal void Await(SignalWatch watch, TimeSpan atMost)
    {
        watch.Due = clock.GetTimestamp() + (long)(atMost.TotalSeconds * clock.TimestampFrequency);
        _waiting.Add(watch);
        if (_waiting.Min == watch) SetTimer();
    }

    /// <summary>Ends a wait. Within <see cref="Gate"/>. The timer stays as it is: if it finds nobody, it is set anew then.</summary>
    internal void EndWait(SignalWatch watch) => _waiting.Remove(watch);

    private void EndWhatIsDue()
    {
        lock (Gate)
        {
            var now = clock.GetTimestamp();
            while (_waiting.Min is { } first && first.Due <= now) first.TimeIsOver();
            if (_waiting.Count > 0) SetTimer();
        }
    }

    private void SetTimer()
    {
        if (_isDisposed) return;
        var left = clock.GetElapsedTime(clock.GetTimestamp(), _waiting.Min!.Due);
        // In whole milliseconds, and not before the time: timers know no less.
        var due = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 0, LongestTimer.TotalMilliseconds));
        _timer ??= clock.CreateTimer(static hub => ((SignalHub)hub!).EndWhatIsDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
