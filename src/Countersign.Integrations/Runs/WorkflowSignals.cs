using System.Collections.Concurrent;

namespace Countersign.Integrations.Runs;

/// <summary>Wakes what waits within this process. A signal is a hint: whoever waits looks by itself once in a while too, for what other nodes do.</summary>
public sealed class WorkflowSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _watched = new(StringComparer.Ordinal);

    /// <summary>Completes with the next change of this execution by this process. Ask before looking.</summary>
    public Task NextChangeOf(string executionId)
        => _watched.GetOrAdd(executionId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Says that an execution changed.</summary>
    public void Changed(string executionId)
    {
        if (_watched.TryRemove(executionId, out var watched)) watched.TrySetResult();
    }

    /// <summary>Nobody waits for this execution any more.</summary>
    public void Forget(string executionId) => Changed(executionId);
}
