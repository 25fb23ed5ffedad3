namespace Countersign.Integrations.Runs;

/// <summary>Lets one loop wait until somebody wakes it, or until an instant. What wakes it while it does not wait is not lost.</summary>
internal sealed class Wake(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private DateTimeOffset _at = DateTimeOffset.MaxValue;
    private bool _now;

    /// <summary>Wakes the loop.</summary>
    public void Now()
    {
        lock (_gate)
        {
            _now = true;
            _changed.TrySetResult();
        }
    }

    /// <summary>Wakes the loop at this instant at the latest.</summary>
    public void At(DateTimeOffset instant)
    {
        lock (_gate)
        {
            if (instant >= _at) return;
            _at = instant;
            _changed.TrySetResult();
        }
    }

    /// <summary>Waits until it is woken, at most so long.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + longest;
        while (!IsTime(until, out var changed, out var wait))
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(wait, clock, enough.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await enough.CancelAsync();
        }
    }

    private bool IsTime(DateTimeOffset until, out Task changed, out TimeSpan wait)
    {
        lock (_gate)
        {
            wait = (_at < until ? _at : until) - clock.GetUtcNow();
            if (_now || wait <= TimeSpan.Zero)
            {
                if (_at <= clock.GetUtcNow()) _at = DateTimeOffset.MaxValue;
                _now = false;
                changed = Task.CompletedTask;
                return true;
            }
            if (_changed.Task.IsCompleted) _changed = New();
            changed = _changed.Task;
            return false;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
