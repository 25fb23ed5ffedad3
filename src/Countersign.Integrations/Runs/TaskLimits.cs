using System.Collections.Immutable;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>What a task definition allows at once, and within a window (workflow contract 4: <c>concurrentExecLimit</c>, <c>rateLimitPerFrequency</c>).</summary>
internal sealed class TaskLimits(IWorkflowStore store)
{
    /// <summary>Those of these tasks that may start now, and those that have started and are only visited again. The others stay ready, and are looked at again.</summary>
    public async ValueTask<IReadOnlyList<TaskExecution>> AllowedAsync(IReadOnlyList<TaskExecution> tasks, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        List<TaskExecution>? allowed = null;
        foreach (var starting in tasks.Where(task => task.Status == AttemptStatus.Scheduled).GroupBy(task => task.Task.Name, StringComparer.Ordinal).Select(group => group.ToList()))
        {
            var may = await MayStartAsync(starting[0].Task.Name, starting.Count, Executions.DefinitionOf(starting[0], inputs), cancellationToken);
            if (may == starting.Count) continue;
            allowed ??= [.. tasks];
            foreach (var task in starting.Skip(may)) allowed.Remove(task);
        }
        return allowed ?? tasks;
    }

    /// <summary>How many of so many tasks of this name may start now. It counts what is committed: whether others start at the same moment is seen with the commit, by <see cref="AtMost"/>.</summary>
    public async ValueTask<int> MayStartAsync(string name, int wanted, TaskDefinition? definition, CancellationToken cancellationToken)
    {
        if (definition is null) return wanted;
        if (definition.ConcurrentExecutionLimit is { } atOnce) wanted = Math.Min(wanted, Math.Max(0, atOnce - await store.CountRunningAsync(name, atOnce, cancellationToken)));
        return definition.RateLimitPerFrequency is { } starts && wanted > 0 ? await store.TakeRateAsync(name, wanted, starts, definition.RateLimitFrequency, cancellationToken) : wanted;
    }

    /// <summary>The names of which attempts start with a change, and how many of each may be in progress then.</summary>
    public static ImmutableSortedDictionary<string, int> AtMost(WorkflowExecution? before, WorkflowExecution after, DecisionInputs inputs)
    {
        var atMost = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal);
        HashSet<string>? running = null;
        foreach (var task in after.Tasks)
        {
            if (task is not { Status: AttemptStatus.InProgress, By: not CarriedOutBy.Decision } || Executions.DefinitionOf(task, inputs)?.ConcurrentExecutionLimit is not { } limit) continue;
            running ??= before?.Tasks.Where(other => other.Status == AttemptStatus.InProgress).Select(other => other.Id).ToHashSet(StringComparer.Ordinal) ?? [];
            if (!running.Contains(task.Id)) atMost = atMost.SetItem(task.Task.Name, limit);
        }
        return atMost;
    }
}
