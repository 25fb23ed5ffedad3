using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Microsoft.Extensions.Logging;

namespace Countersign.Integrations.Runs;

/// <summary>
/// The one way through: load an execution, decide, commit, and let what follows begin. System tasks that become ready in a commit are taken by this node in the same commit while it has
/// places, so that a task is durably started before its first byte goes out, and nobody has to look for it.
/// </summary>
internal sealed class Executions(
    IWorkflowStore store, DecisionContext context, StartRequests starts, TaskLimits limits, Visits visits, WorkerQueues queues, WorkflowSignals signals, Wake wake, TimeProvider clock,
    ILogger<Executions> logger)
{
    private const int MostTries = 100, TriesWithoutPause = 3;
    private static readonly IReadOnlyDictionary<string, EndedChild> NoChildren = ImmutableDictionary<string, EndedChild>.Empty;

    // What this node committed last of executions that it has visits of: the next change need not load it, and if somebody else changed it, the guard tells.
    private readonly ConcurrentDictionary<string, WorkflowExecution> _latest = new(StringComparer.Ordinal);

    /// <summary>Commits a new execution.</summary>
    /// <param name="request">What is to be started.</param>
    /// <param name="strategy">What becomes of it when its key was used before.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<StartResult> StartAsync(StartRequest request, IdempotencyStrategy strategy, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            await PauseAsync(tries, cancellationToken);
            if (await TryStartAsync(request, strategy, cancellationToken) is { } result) return result;
        }
        throw new TimeoutException($"the start of {request.Id} lost {MostTries} races; it can be repeated");
    }

    /// <summary>The result, or null when somebody else was faster.</summary>
    private async Task<StartResult?> TryStartAsync(StartRequest request, IdempotencyStrategy strategy, CancellationToken cancellationToken)
    {
        var inputs = await context.CurrentAsync(NoChildren, cancellationToken);
        var decision = WorkflowDecider.Start(request, inputs);
        if (decision is Decision.Refused refused) return new StartResult.Refused(refused.Kind, refused.Message);
        var decided = (Decision.Decided)decision;
        var taken = await TakeAsync(decided.Execution, inputs, cancellationToken);
        try
        {
            var commits = new List<ExecutionCommit> { new(null, taken.Execution, decided.Orphans, strategy) { AtMost = TaskLimits.AtMost(null, taken.Execution, inputs) } };
            await AddFailureWorkflowAsync(commits, decided.StartsFailureWorkflow, cancellationToken);
            switch (await store.CommitAsync(commits, cancellationToken))
            {
                case CommitResult.Committed committed:
                    Follow(committed, taken, inputs);
                    return new StartResult.Started(committed.Executions[0]);
                case CommitResult.Existing existing:
                    return new StartResult.Existing(existing.Id, existing.Status);
                case CommitResult.NotAwaited:
                    return new StartResult.Refused(RefusalKind.WrongState, "The execution that starts it does not wait for it any more.");
                default:
                    return null;
            }
        }
        finally
        {
            visits.GiveBack(taken.Places);
        }
    }

    /// <summary>Makes a change; of many who change the same execution at once, each decides on what the one before committed.</summary>
    public Task<ChangeResult> ChangeAsync(string id, WorkflowChange change, CancellationToken cancellationToken) => ChangeAsync(id, _ => change, cancellationToken);

    /// <summary>Makes a change that depends on how the execution stands; asked for again whenever somebody else was faster.</summary>
    public async Task<ChangeResult> ChangeAsync(string id, Func<WorkflowExecution, WorkflowChange> changeOf, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            await PauseAsync(tries, cancellationToken);
            if (await TryAsync(id, changeOf, cancellationToken) is { } result) return result;
        }
        throw new TimeoutException($"execution {id} was changed by others {MostTries} times while a change of it was decided");
    }

    private async ValueTask PauseAsync(int tries, CancellationToken cancellationToken)
    {
        if (tries > TriesWithoutPause) await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, Math.Min(tries * 4, 100))), clock, cancellationToken);
    }

    /// <summary>The result, or null when somebody else was faster.</summary>
    private async Task<ChangeResult?> TryAsync(string id, Func<WorkflowExecution, WorkflowChange> changeOf, CancellationToken cancellationToken)
    {
        var loaded = _latest.TryGetValue(id, out var known) ? new LoadedExecution(known, NoChildren) : await store.LoadAsync(id, cancellationToken);
        if (loaded is null) return new ChangeResult.NotFound();
        var inputs = await context.CurrentAsync(loaded.EndedChildren, cancellationToken);
        var change = changeOf(loaded.Execution);
        switch (WorkflowDecider.Decide(loaded.Execution, change, inputs))
        {
            case Decision.Decided decided when known is null || !ReferenceEquals(decided.Execution, known):
                return await CommitAsync(loaded, change, decided, inputs, cancellationToken);
            case Decision.Decided or Decision.Refused when known is not null:
                // What was remembered may not be the last word.
                _latest.TryRemove(new(id, known));
                return null;
            case Decision.Refused refused:
                return new ChangeResult.Refused(refused.Kind, refused.Message);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<ChangeResult?> CommitAsync(LoadedExecution loaded, WorkflowChange change, Decision.Decided decided, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(decided.Execution, inputs, cancellationToken);
        try
        {
            // A look that changes nothing is written all the same: who took the execution because it was due has moved that instant.
            if (ReferenceEquals(taken.Execution, loaded.Execution) && change is not WorkflowChange.Look) return new ChangeResult.Changed(loaded.Execution);
            var commits = new List<ExecutionCommit> { new(loaded.Execution, taken.Execution, decided.Orphans) { AtMost = TaskLimits.AtMost(loaded.Execution, taken.Execution, inputs) } };
            await AddRevivedParentsAsync(commits, loaded.Execution, taken.Execution, cancellationToken);
            await AddFailureWorkflowAsync(commits, decided.StartsFailureWorkflow, cancellationToken);
            var result = await store.CommitAsync(commits, cancellationToken);
            if (result is not CommitResult.Committed committed)
            {
                _latest.TryRemove(loaded.Execution.Id, out _);
                // A worker's task stays where it is; of the server's own, less are taken with the next try.
                return result is CommitResult.Full && change is WorkflowChange.Take ? new ChangeResult.Changed(loaded.Execution) : null;
            }
            Follow(committed, taken, inputs);
            foreach (var ended in EndedBetween(loaded.Execution, committed.Executions[0])) visits.CutOff(ended);
            return new ChangeResult.Changed(committed.Executions[0]);
        }
        finally
        {
            visits.GiveBack(taken.Places);
        }
    }

    /// <summary>Takes the system tasks that are ready, as far as there are places and their definitions' limits allow.</summary>
    private async ValueTask<TakenTasks> TakeAsync(WorkflowExecution execution, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        var taken = new TakenTasks { Execution = execution };
        if (execution.Status != WorkflowStatus.Running) return taken;
        var ready = execution.Tasks.Where(task => task.By == CarriedOutBy.Server && task.IsReady(inputs.Now)).ToList();
        if (ready.Count == 0) return taken;
        var places = visits.TakePlaces(ready.Count);
        try
        {
            foreach (var task in await limits.AllowedAsync([.. ready.Take(places)], inputs, cancellationToken))
            {
                if (WorkflowDecider.Decide(taken.Execution, new WorkflowChange.Take([task.Id], visits.Node, visits.LeaseOf(task)), inputs) is not Decision.Decided decided || ReferenceEquals(decided.Execution, taken.Execution)) continue;
                taken.Execution = decided.Execution;
                taken.Ids.Add(task.Id);
            }
        }
        catch
        {
            visits.GiveBack(places);
            throw;
        }
        visits.GiveBack(places - taken.Places);
        return taken;
    }

    /// <summary>Starts the failure workflow of the first execution in the commit in which it fails, and names it in its output; and that one's own, if it fails at once (workflow contract 7.5).</summary>
    private async ValueTask AddFailureWorkflowAsync(List<ExecutionCommit> commits, FailureStart? start, CancellationToken cancellationToken)
    {
        for (var failed = 0; start is not null; failed = commits.Count - 1)
        {
            var execution = commits[failed].Decided;
            var (request, refused) = await starts.MakeAsync(start, execution, cancellationToken);
            var decision = request is null ? null : WorkflowDecider.Start(request, await context.CurrentAsync(NoChildren, cancellationToken));
            if (decision is not Decision.Decided started)
            {
                logger.LogWarning(EventIds.FailureWorkflowMissing, "The failure workflow of execution {Execution} cannot be started: {Reason}", execution.Id, refused?.Message ?? (decision as Decision.Refused)?.Message);
                return;
            }
            commits[failed] = commits[failed] with { Decided = execution with { Output = execution.Output.With("conductor.failure_workflow", JsonBuilder.Text(start.Id)) } };
            commits.Add(new(null, started.Execution, started.Orphans));
            start = started.StartsFailureWorkflow;
        }
    }

    /// <summary>When an execution that had ended runs again, so does what waited for it: all of them in one commit (workflow contract 7.7).</summary>
    private async ValueTask AddRevivedParentsAsync(List<ExecutionCommit> commits, WorkflowExecution before, WorkflowExecution after, CancellationToken cancellationToken)
    {
        while (before.Status.IsFinal && !after.Status.IsFinal && after is { ParentWorkflowId: { } parentId, ParentWorkflowTaskId: { } taskId })
        {
            if (await store.LoadAsync(parentId, cancellationToken) is not { } parent) return;
            // The child that is revived in this commit has not ended any more.
            var child = after.Id;
            var inputs = await context.CurrentAsync(parent.EndedChildren.Where(ended => ended.Key != child).ToImmutableDictionary(StringComparer.Ordinal), cancellationToken);
            if (WorkflowDecider.Decide(parent.Execution, new WorkflowChange.ChildRevived(taskId), inputs) is not Decision.Decided decided || ReferenceEquals(decided.Execution, parent.Execution)) return;
            commits.Add(new(parent.Execution, decided.Execution, decided.Orphans));
            (before, after) = (parent.Execution, decided.Execution);
        }
    }

    /// <summary>Lets begin what a commit allows: visits that were taken, workers that wait, and whoever waits for the execution.</summary>
    private void Follow(CommitResult.Committed committed, TakenTasks taken, DecisionInputs inputs)
    {
        foreach (var execution in committed.Executions)
        {
            Remember(execution);
            if (execution.Status == WorkflowStatus.Running)
                foreach (var task in execution.Tasks) Announce(task, inputs.Now);
            if (execution.DueAt is { } due) wake.At(due);
            if (execution is { Status.IsFinal: true, ParentWorkflowId: not null }) wake.Now();
            signals.Changed(execution.Id);
        }
        foreach (var task in committed.Executions[0].Tasks.Where(task => taken.Ids.Remove(task.Id))) Begin(committed.Executions[0], task, inputs);
    }

    private void Announce(TaskExecution task, DateTimeOffset now)
    {
        if (task.Status.IsFinal || task.LeaseUntil is not null) return;
        if (task.By == CarriedOutBy.Worker && task.ReadyAt <= now) queues.Ready(task.Task.Name, task.Domain ?? "");
        if (task.By == CarriedOutBy.Server && (task.ReadyAt > now || visits.HasPlaces)) wake.At(task.ReadyAt);
    }

    /// <summary>The task definition that applies to a task; null: none.</summary>
    public static TaskDefinition? DefinitionOf(TaskExecution task, DecisionInputs inputs) => task.Task.EmbeddedDefinition ?? inputs.TaskDefinitionOf(task.Task.Name);

    private void Begin(WorkflowExecution execution, TaskExecution task, DecisionInputs inputs)
    {
        var work = new TaskWork(execution, task, DefinitionOf(task, inputs));
        visits.Begin(work, outcome => NoteAsync(work, outcome));
    }

    /// <summary>Notes an outcome, again and again while the store does not answer, until the lease is over.</summary>
    private async Task NoteAsync(TaskWork work, TaskOutcome? outcome)
    {
        var isNoted = false;
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(100); outcome is not null && !isNoted; pause *= 2)
            {
                try
                {
                    await ChangeAsync(work.Execution.Id, new WorkflowChange.Visited(work.Task.Id, visits.Node, outcome), CancellationToken.None);
                    isNoted = true;
                }
                catch (Exception) when (clock.GetUtcNow() + pause < work.Task.LeaseUntil)
                {
                    await Task.Delay(pause, clock);
                }
            }
        }
        finally
        {
            // Whoever goes on with it is perhaps another node: this one would remember it for ever.
            if (!isNoted) _latest.TryRemove(work.Execution.Id, out _);
        }
    }

    private void Remember(WorkflowExecution execution)
    {
        if (!execution.Status.IsFinal && execution.Tasks.Any(task => task.By == CarriedOutBy.Server && task.WorkerId == visits.Node && task.LeaseUntil is not null && !task.Status.IsFinal)) _latest[execution.Id] = execution;
        else _latest.TryRemove(execution.Id, out _);
    }

    private static IEnumerable<string> EndedBetween(WorkflowExecution before, WorkflowExecution after)
    {
        var open = after.Tasks.Where(task => !task.Status.IsFinal).Select(task => task.Id).ToHashSet(StringComparer.Ordinal);
        return before.Tasks.Where(task => task is { By: CarriedOutBy.Server, Status: AttemptStatus.InProgress } && !open.Contains(task.Id)).Select(task => task.Id);
    }
}

/// <summary>An execution, and which of its tasks this node took. What is not begun of them is given back.</summary>
internal sealed class TakenTasks
{
    public required WorkflowExecution Execution { get; set; }
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);
    public int Places => Ids.Count;
}

/// <summary>What became of a start. Closed.</summary>
internal abstract record StartResult
{
    private StartResult() { }

    public sealed record Started(WorkflowExecution Execution) : StartResult;
    public sealed record Existing(string Id, WorkflowStatus Status) : StartResult;
    public sealed record Refused(RefusalKind Kind, string Message) : StartResult;
}

/// <summary>What became of a change. Closed.</summary>
public abstract record ChangeResult
{
    private ChangeResult() { }

    /// <summary>The execution as it is now.</summary>
    public sealed record Changed(WorkflowExecution Execution) : ChangeResult;
    /// <summary>There is none.</summary>
    public sealed record NotFound : ChangeResult;
    /// <summary>It is not possible.</summary>
    public sealed record Refused(RefusalKind Kind, string Message) : ChangeResult;
}
