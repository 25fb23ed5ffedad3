namespace Countersign.Storage.Commits;

/// <summary>
/// What waits for the writing thread, which takes all of it at once. A thread that waits here sleeps: the threads that would fill the queue need the processor that it
/// would spin on.
/// </summary>
internal sealed class SqliteQueue
{
    private readonly object _gate = new();
    private readonly List<object> _waiting = [];
    private bool _sleeps, _closed;

    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Adds a job; false when the queue is closed.</summary>
    public bool TryAdd(object job)
    {
        lock (_gate)
        {
            if (_closed) return false;
            _waiting.Add(job);
            if (_sleeps)
            {
                _sleeps = false;
                Monitor.Pulse(_gate);
            }
            return true;
        }
    }

    /// <summary>Waits until there is something, and moves it to <paramref name="batch"/>, at most <paramref name="most"/> jobs; false when the queue is closed and empty.</summary>
    public bool Take(List<object> batch, int most)
    {
        batch.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed) return false;
                _sleeps = true;
                Monitor.Wait(_gate);
            }
            var count = Math.Min(_waiting.Count, most);
            batch.AddRange(_waiting[..count]);
            _waiting.RemoveRange(0, count);
            return true;
        }
    }

    /// <summary>Takes nothing more; what waits can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
