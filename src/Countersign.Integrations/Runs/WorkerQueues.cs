using System.Collections.Concurrent;

namespace Countersign.Integrations.Runs;

/// <summary>What this process knows of the queues that workers poll: whether one was found empty a moment ago, and who waits for it. So polls of an idle queue cost one look a second, however many there are.</summary>
internal sealed class WorkerQueues(WorkflowSettings settings, TimeProvider clock)
{
    private const int MostKnown = 10_000, MostPollers = 20_000;

    private readonly ConcurrentDictionary<(string Queue, string Domain), WorkerQueue> _queues = [];
    private readonly ConcurrentDictionary<(string Queue, string Domain, string Worker), DateTimeOffset> _polls = [];

    /// <summary>A queue.</summary>
    public WorkerQueue Of(string queue, string domain)
    {
        if (_queues.TryGetValue((queue, domain), out var known)) return known;
        if (_queues.Count >= MostKnown)
            foreach (var idle in _queues.Where(entry => entry.Value.IsIdle)) _queues.TryRemove(idle);
        return _queues.GetOrAdd((queue, domain), _ => new WorkerQueue(settings.LookInterval, clock));
    }

    /// <summary>Says that a task of this queue became ready.</summary>
    public void Ready(string queue, string domain)
    {
        if (_queues.TryGetValue((queue, domain), out var known)) known.Ready();
    }

    /// <summary>Notes a poll.</summary>
    public void Polled(string queue, string domain, string worker)
    {
        if (_polls.Count >= MostPollers) _polls.Clear();
        _polls[(queue, domain, worker)] = clock.GetUtcNow();
    }

    /// <summary>Who polled this process for a queue, or for any, and when last.</summary>
    public IEnumerable<PolledQueue> Polls(string? queue) => _polls.Where(poll => queue is null || poll.Key.Queue == queue)
        .Select(poll => new PolledQueue(poll.Key.Queue, poll.Key.Domain, poll.Key.Worker, poll.Value)).OrderBy(poll => poll.Queue, StringComparer.Ordinal);
}

/// <summary>Who polled a queue, and when last.</summary>
public sealed record PolledQueue(string Queue, string Domain, string Worker, DateTimeOffset At);

/// <summary>What is known of one queue.</summary>
internal sealed class WorkerQueue(TimeSpan lookInterval, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _ready = New();
    private long? _emptySince;
    private int _waiting;

    /// <summary>Whether nobody waits.</summary>
    public bool IsIdle => Volatile.Read(ref _waiting) == 0;

    /// <summary>A task became ready.</summary>
    public void Ready()
    {
        lock (_gate)
        {
            _emptySince = null;
            _ready.TrySetResult();
            _ready = New();
        }
    }

    /// <summary>Whether to look: not when somebody found it empty a moment ago and nothing became ready since. Whoever is told to look is the only one for a moment.</summary>
    public bool ShouldLook()
    {
        lock (_gate)
        {
            if (_emptySince is { } since && clock.GetElapsedTime(since) < lookInterval) return false;
            if (_emptySince is not null) _emptySince = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>It was found empty by who looked at this time; unless something became ready meanwhile.</summary>
    public void FoundEmpty(Task readyWhenLooked)
    {
        lock (_gate)
            if (!readyWhenLooked.IsCompleted) _emptySince = clock.GetTimestamp();
    }

    /// <summary>Completes when a task becomes ready. Ask before looking.</summary>
    public Task NextReady
    {
        get
        {
            lock (_gate) return _ready.Task;
        }
    }

    /// <summary>Waits until a task becomes ready, at most so long.</summary>
    public async Task WaitAsync(Task ready, TimeSpan longest, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(ready, Task.Delay(longest, clock, enough.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await enough.CancelAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
