using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>What carriers of tasks report (workflow contract 7.6).</summary>
internal sealed partial class Deciding
{
    private static readonly TimeSpan? LeaseOfServer = TimeSpan.FromHours(1);
    // These see to asyncComplete themselves, or do not know it.
    private static readonly string[] TypesThatEndByThemselves = [TaskTypes.SubWorkflow, TaskTypes.CountersignVerify, TaskTypes.Http];

    private static Decision.Refused Refuse(RefusalKind kind, string message) => new(kind, message);

    /// <summary>Applies a change; null when that succeeded.</summary>
    public Decision.Refused? Apply(WorkflowChange change)
    {
        switch (change)
        {
            case WorkflowChange.Look:
                return null;
            case WorkflowChange.Take take:
                Take(take);
                return null;
            case WorkflowChange.Visited visited:
                Apply(visited);
                return null;
            case WorkflowChange.Answered answered:
                if (IndexOf(answered.TaskId) is >= 0 and var open && !_tasks[open].Status.IsFinal && !HasEnded) Apply(_tasks[open], answered.Outcome);
                return null;
            case WorkflowChange.Wake wake:
                if (IndexOf(wake.TaskId) is >= 0 and var waiting && _tasks[waiting] is { By: CarriedOutBy.Server, Status: AttemptStatus.InProgress, LeaseUntil: null } task && task.ReadyAt > _now) Put(task with { ReadyAt = _now });
                return null;
            case WorkflowChange.Update update:
                return Apply(update.Result);
            default:
                return ApplyCommand(change);
        }
    }

    private void Take(WorkflowChange.Take take)
    {
        if (_execution.Status is not WorkflowStatus.Running) return;
        foreach (var id in take.TaskIds)
        {
            var index = IndexOf(id);
            if (index < 0 || !_tasks[index].IsReady(_now)) continue;
            var task = _tasks[index];
            var lease = take.Lease ?? DefinitionOf(task.Task)?.ResponseTimeout ?? (task.By is CarriedOutBy.Server ? LeaseOfServer : null);
            Put(task with
            {
                Status = AttemptStatus.InProgress,
                WorkerId = take.WorkerId,
                StartedAt = task.StartedAt ?? _now,
                LeaseUntil = lease is { } length ? Later(_now, length) : null,
                PollCount = task.PollCount + 1,
            });
        }
    }

    private void Apply(WorkflowChange.Visited visited)
    {
        var index = IndexOf(visited.TaskId);
        if (index < 0) return;
        var task = _tasks[index];
        if (task.Status is AttemptStatus.InProgress && task.WorkerId == visited.WorkerId && task.LeaseUntil is not null) Apply(task, visited.Outcome);
    }

    private void Apply(TaskExecution task, TaskOutcome outcome)
    {
        task = task with { SubWorkflowId = outcome.SubWorkflowId ?? task.SubWorkflowId, Memory = outcome.Memory ?? task.Memory };
        var output = outcome.Output ?? task.Output;
        if (task.SubWorkflowId is { } child && task.Task.Type == TaskTypes.SubWorkflow) output = output.With("subWorkflowId", JsonBuilder.Text(child));
        var staysOpen = outcome.Status is AttemptStatus.Completed && task.Task.IsAsyncComplete && !TypesThatEndByThemselves.Contains(task.Task.Type);
        if (outcome.Status is AttemptStatus.InProgress or AttemptStatus.Scheduled || staysOpen)
        {
            KeepOpen(task with
            {
                Status = AttemptStatus.InProgress,
                LeaseUntil = null,
                ReadyAt = !staysOpen && outcome.VisitAgainAfter is { } after ? Later(_now, after) : TaskExecution.NotByItself,
                ReasonForIncompletion = Cut(outcome.Reason),
            }, output);
            return;
        }
        End(task, outcome.Status, output, outcome.Reason, outcome.RetryAfter is { } wait ? Later(_now, wait) : null);
    }

    /// <summary>An open attempt with a new output; one over the limit fails it.</summary>
    private void KeepOpen(TaskExecution task, JsonElement output)
    {
        if (output.Size > Limits.PayloadBytes) End(task, AttemptStatus.Failed, output);
        else Put(task with { Output = output });
    }

    private Decision.Refused? Apply(TaskUpdate update)
    {
        if (FindUpdated(update) is not { } task)
        {
            return Refuse(RefusalKind.NotFound, update.TaskId is { } id ? $"No such task: {id}." : $"No such task is open: {update.ReferenceName}.");
        }
        if (update.Status is not (AttemptStatus.InProgress or AttemptStatus.Completed or AttemptStatus.Failed or AttemptStatus.FailedWithTerminalError))
        {
            return Refuse(RefusalKind.Invalid, $"A task is not updated to {update.Status.Name}; IN_PROGRESS, COMPLETED, FAILED and FAILED_WITH_TERMINAL_ERROR are possible.");
        }
        if (update.Output is { ValueKind: not JsonValueKind.Object }) return Refuse(RefusalKind.Invalid, "The output of a task is an object.");
        // Workers tell at least once: what came late is accepted and changes nothing.
        if (HasEnded || task.Status.IsFinal) return null;
        // Who may update tasks is not who was to be verified.
        if (update is { Status: AttemptStatus.Completed, ExtendsLease: false } && TaskTypes.JudgesAnswers(task.Task.Type))
        {
            return Refuse(RefusalKind.WrongState, $"The task {task.ReferenceName} completes by an answer that it has judged itself, not by an update.");
        }
        if (update.ExtendsLease)
        {
            if (task.Status is AttemptStatus.InProgress && DefinitionOf(task.Task) is { } definition) Put(task with { LeaseUntil = Later(_now, definition.ResponseTimeout) });
            return null;
        }
        var given = update.Output ?? (update.TaskId is null ? WorkflowExecution.EmptyObject : task.Output);
        var output = update.TaskId is null ? task.Output.With(given) : given;
        task = task with { WorkerId = update.WorkerId ?? task.WorkerId, StartedAt = task.StartedAt ?? _now };
        if (update.Status is not AttemptStatus.InProgress)
        {
            End(task, update.Status, output, update.Reason);
            return null;
        }
        KeepOpen(task.By is CarriedOutBy.Worker && !task.Task.IsAsyncComplete ? Requeued(task, update.CallbackAfterSeconds) : StillInProgress(task, update), output);
        return null;
    }

    private TaskExecution StillInProgress(TaskExecution task, TaskUpdate update) => task with
    {
        Status = AttemptStatus.InProgress,
        LeaseUntil = task.LeaseUntil is null || DefinitionOf(task.Task) is not { } definition ? task.LeaseUntil : Later(_now, definition.ResponseTimeout),
        ReadyAt = task.Status is AttemptStatus.Scheduled ? TaskExecution.NotByItself : task.ReadyAt,
        ReasonForIncompletion = Cut(update.Reason) ?? task.ReasonForIncompletion,
    };

    private TaskExecution Requeued(TaskExecution task, long seconds) => task with
    {
        Status = AttemptStatus.Scheduled,
        LeaseUntil = null,
        CallbackAfterSeconds = Math.Max(seconds, 0),
        ReadyAt = Later(_now, Durations.FromSeconds(seconds) ?? TimeSpan.Zero),
    };

    private TaskExecution? FindUpdated(TaskUpdate update)
    {
        // By its id one that is over is found too: what came late is accepted.
        if (update.TaskId is { } id) return IndexOf(id) is >= 0 and var index ? _tasks[index] : null;
        return WorkflowDecider.FindOpen(_tasks, update);
    }
}
