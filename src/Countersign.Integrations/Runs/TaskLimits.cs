using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>What a task definition allows at once, and within a window (workflow contract 4: <c>concurrentExecLimit</c>, <c>rateLimitPerFrequency</c>).</summary>
internal sealed class TaskLimits(IWorkflowStore store)
{
    /// <summary>Those of these tasks that may start now. The others stay ready, and are looked at again.</summary>
    public async ValueTask<IReadOnlyList<TaskExecution>> AllowedAsync(IReadOnlyList<TaskExecution> tasks, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        List<TaskExecution>? allowed = null;
        foreach (var name in tasks.Select(task => task.Task.Name).Distinct(StringComparer.Ordinal))
        {
            var wanted = tasks.Where(task => task.Task.Name == name).ToList();
            var may = await MayStartAsync(name, wanted.Count, inputs, cancellationToken);
            if (may == wanted.Count) continue;
            allowed ??= [.. tasks];
            foreach (var task in wanted.Skip(may)) allowed.Remove(task);
        }
        return allowed ?? tasks;
    }

    /// <summary>How many of so many tasks of this name may start now.</summary>
    public async ValueTask<int> MayStartAsync(string name, int wanted, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        if (inputs.TaskDefinitionOf(name) is not { } definition) return wanted;
        if (definition.ConcurrentExecutionLimit is { } atOnce) wanted = Math.Min(wanted, Math.Max(0, atOnce - await store.CountRunningAsync(name, atOnce, cancellationToken)));
        return definition.RateLimitPerFrequency is { } starts && wanted > 0 ? await store.TakeRateAsync(name, wanted, starts, definition.RateLimitFrequency, cancellationToken) : wanted;
    }
}
