using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>What workers and people do with tasks: polling, updating, logging (workflow contract 7.6, 13).</summary>
public sealed class TaskRuns
{
    // A node that dies between reserving a task and taking it gives it back by doing nothing.
    private static readonly TimeSpan Reserved = TimeSpan.FromSeconds(10);

    private readonly IWorkflowStore _store;
    private readonly Executions _executions;
    private readonly WorkerQueues _queues;
    private readonly Visits _visits;
    private readonly DecisionContext _context;
    private readonly TaskLimits _limits;
    private readonly WorkflowSettings _settings;
    private readonly TimeProvider _clock;

    internal TaskRuns(IWorkflowStore store, Executions executions, WorkerQueues queues, Visits visits, DecisionContext context, TaskLimits limits, WorkflowSettings settings, TimeProvider clock)
        => (_store, _executions, _queues, _visits, _context, _limits, _settings, _clock) = (store, executions, queues, visits, context, limits, settings, clock);

    /// <summary>Hands out tasks of a queue; waits for the first at most so long.</summary>
    /// <param name="queue">The task definition's name.</param>
    /// <param name="domain">Empty: none.</param>
    /// <param name="worker">Who.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="longest">How long to wait while there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<TaskOf>> PollAsync(string queue, string domain, string worker, int count, TimeSpan longest, CancellationToken cancellationToken)
    {
        var known = _queues.Of(queue, domain);
        _queues.Polled(queue, domain, worker);
        var until = _clock.GetUtcNow() + longest;
        while (true)
        {
            var ready = known.NextReady;
            if (known.ShouldLook())
            {
                var taken = await TakeAsync(queue, domain, worker, count, cancellationToken);
                if (taken.Count > 0) return taken;
                known.FoundEmpty(ready);
            }
            var left = until - _clock.GetUtcNow();
            if (left <= TimeSpan.Zero) return [];
            await known.WaitAsync(ready, left < _settings.LookInterval ? left : _settings.LookInterval, cancellationToken);
        }
    }

    /// <summary>A task with its execution; null when there is none.</summary>
    public async Task<TaskOf?> FindAsync(string taskId, CancellationToken cancellationToken)
        => await _store.FindTaskAsync(taskId, cancellationToken) is { } place && await _store.FindAsync(place.ExecutionId, withTasks: true, cancellationToken) is { } execution
            ? Of(execution, taskId) : null;

    /// <summary>Updates a task by its id (workflow contract 7.6). What is over already is answered as if it were accepted.</summary>
    public async Task<ChangeResult> UpdateAsync(TaskUpdate update, CancellationToken cancellationToken)
    {
        if (await _store.FindTaskAsync(update.TaskId!, cancellationToken) is not { } place) return new ChangeResult.NotFound();
        return await UpdateAsync(place.ExecutionId, update, cancellationToken);
    }

    /// <summary>Updates a task of an execution, by its id or its reference name.</summary>
    public async Task<ChangeResult> UpdateAsync(string executionId, TaskUpdate update, CancellationToken cancellationToken)
    {
        if (update.Output is { } output && output.Size is var size && size > Limits.PayloadBytes)
            update = update with
            {
                Status = AttemptStatus.FailedWithTerminalError,
                Output = WorkflowExecution.EmptyObject,
                Reason = $"The output has {size.ToString("#,0", CultureInfo.InvariantCulture)} bytes; allowed are {Limits.PayloadBytes.ToString("#,0", CultureInfo.InvariantCulture)}.",
            };
        if (update.Status == AttemptStatus.Completed && !update.ExtendsLease && await AnsweredAsync(executionId, update, cancellationToken) is { } answered) return answered;
        return await _executions.ChangeAsync(executionId, new WorkflowChange.Update(update), cancellationToken);
    }

    /// <summary>Completes the first WAIT or HUMAN task that an execution waits for, in child executions too; null when there is none.</summary>
    public async Task<ChangeResult?> SignalAsync(string executionId, AttemptStatus status, JsonElement output, CancellationToken cancellationToken)
    {
        var waiting = new Queue<string>([executionId]);
        for (var looked = 0; waiting.TryDequeue(out var id) && looked < 1_000; looked++)
        {
            if (await _store.FindAsync(id, withTasks: true, cancellationToken) is not { Status: WorkflowStatus.Running } execution) continue;
            var open = execution.Tasks.Where(task => !task.Status.IsFinal).ToList();
            if (open.FirstOrDefault(task => task.Type is "WAIT" or "HUMAN") is { } blocked)
                return await UpdateAsync(id, new TaskUpdate { ReferenceName = blocked.ReferenceName, Status = status, Output = output }, cancellationToken);
            foreach (var child in open) if (child.SubWorkflowId is { } childId) waiting.Enqueue(childId);
        }
        return null;
    }

    /// <summary>Waiting tasks by queue.</summary>
    public Task<IReadOnlyDictionary<string, long>> SizesAsync(IReadOnlyList<string>? queues, CancellationToken cancellationToken) => _store.QueueSizesAsync(queues, cancellationToken);

    /// <summary>Who polled this process for a queue, or for any, and when last.</summary>
    public IEnumerable<PolledQueue> Polls(string? queue) => _queues.Polls(queue);

    /// <summary>Finds tasks.</summary>
    public async Task<(long Total, IReadOnlyList<TaskOf> Tasks)> SearchAsync(ExecutionSearch search, CancellationToken cancellationToken)
    {
        var found = await _store.SearchTasksAsync(search, cancellationToken);
        var executions = new Dictionary<string, WorkflowExecution?>(StringComparer.Ordinal);
        var tasks = new List<TaskOf>();
        foreach (var place in found.Tasks)
        {
            if (!executions.TryGetValue(place.ExecutionId, out var execution))
                executions[place.ExecutionId] = execution = await _store.FindAsync(place.ExecutionId, withTasks: true, cancellationToken);
            if (execution is not null && Of(execution, place.TaskId) is { } task) tasks.Add(task);
        }
        return (found.Total, tasks);
    }

    /// <summary>Adds lines to a task's log; what is over the limits is dropped.</summary>
    public async Task<bool> LogAsync(string taskId, IReadOnlyList<TaskLogLine> lines, CancellationToken cancellationToken)
    {
        if (await _store.FindTaskAsync(taskId, cancellationToken) is null) return false;
        await _store.AddLogAsync(taskId, lines, _settings.MostLogLines, cancellationToken);
        return true;
    }

    /// <summary>A task's log; null when there is no such task.</summary>
    public async Task<IReadOnlyList<TaskLogLine>?> ReadLogAsync(string taskId, CancellationToken cancellationToken)
        => await _store.FindTaskAsync(taskId, cancellationToken) is null ? null : await _store.LogAsync(taskId, cancellationToken);

    private async Task<IReadOnlyList<TaskOf>> TakeAsync(string queue, string domain, string worker, int count, CancellationToken cancellationToken)
    {
        var places = await _store.ReserveAsync(queue, domain, count, Reserved, cancellationToken);
        if (places.Count == 0) return [];
        var inputs = await _context.CurrentAsync(ImmutableDictionary<string, EndedChild>.Empty, cancellationToken);
        var allowed = await _limits.MayStartAsync(queue, places.Count, inputs.TaskDefinitionOf(queue), cancellationToken);
        var taking = places.Take(allowed).GroupBy(place => place.ExecutionId, place => place.TaskId).Select(group => TakeAsync(group.Key, [.. group], worker, cancellationToken)).ToList();
        try
        {
            await Task.WhenAll(taking);
        }
        catch (Exception) when (taking.Exists(each => each.IsCompletedSuccessfully && each.Result.Count > 0))
        {
            // What was taken has to be told: nobody else is given it while its lease lasts. The rest is ready again when its reservation is over.
        }
        var taken = taking.Where(each => each.IsCompletedSuccessfully).SelectMany(each => each.Result).ToList();
        var left = places.Skip(allowed).Select(place => place.TaskId).ToList();
        if (left.Count > 0) await ReleaseAsync(left, cancellationToken);
        return taken;
    }

    private async Task<IReadOnlyList<TaskOf>> TakeAsync(string executionId, ImmutableArray<string> taskIds, string worker, CancellationToken cancellationToken)
    {
        // A reservation may have run out, or have been undone by a change of the execution: a task that somebody has already is not handed out again, to a worker of the same name neither.
        var free = taskIds;
        var changed = await _executions.ChangeAsync(executionId, execution =>
        {
            free = [.. execution.Tasks.Where(task => taskIds.Contains(task.Id) && task.Status == AttemptStatus.Scheduled).Select(task => task.Id)];
            return new WorkflowChange.Take(free, worker, null);
        }, cancellationToken);
        if (changed is not ChangeResult.Changed { Execution: var execution }) return [];
        var taken = execution.Tasks.Where(task => free.Contains(task.Id) && task.Status == AttemptStatus.InProgress && task.WorkerId == worker).Select(task => new TaskOf(execution, task, null)).ToList();
        if (taken.Count == 0 && !free.IsEmpty) await ReleaseAsync(free, cancellationToken);
        return taken;
    }

    private Task ReleaseAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => _store.ReleaseAsync(taskIds, _clock.GetUtcNow() + _settings.LookInterval, cancellationToken);

    /// <summary>Lets the task itself look at an answer, where it is one that does; null where it is not.</summary>
    private async Task<ChangeResult?> AnsweredAsync(string executionId, TaskUpdate update, CancellationToken cancellationToken)
    {
        if (!_visits.HasAnsweredTasks) return null;
        if (await _store.FindAsync(executionId, withTasks: true, cancellationToken) is not { } execution) return new ChangeResult.NotFound();
        var task = WorkflowDecider.FindOpen(execution.Tasks, update);
        if (task is not { By: CarriedOutBy.Server } || execution.Status.IsFinal || _visits.HandlerOf(task.Type) is not IAnsweredTask handler) return null;
        var inputs = await _context.CurrentAsync(ImmutableDictionary<string, EndedChild>.Empty, cancellationToken);
        var outcome = await handler.AnswerAsync(new TaskWork(execution, task, Executions.DefinitionOf(task, inputs)), update.Output ?? WorkflowExecution.EmptyObject, cancellationToken);
        return await _executions.ChangeAsync(executionId, new WorkflowChange.Answered(task.Id, outcome), cancellationToken);
    }

    private static TaskOf? Of(WorkflowExecution execution, string taskId) => execution.Tasks.FirstOrDefault(task => task.Id == taskId) is { } task ? new TaskOf(execution, task, null) : null;
}

/// <summary>A task and the execution that it belongs to.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Task">The task.</param>
/// <param name="Definition">The task definition that applies, or null.</param>
public sealed record TaskOf(WorkflowExecution Execution, TaskExecution Task, TaskDefinition? Definition);
