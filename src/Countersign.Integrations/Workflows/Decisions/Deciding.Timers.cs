namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>Time, and the ends of children.</summary>
internal sealed partial class Deciding
{
    private bool EndIfTimedOut()
    {
        if (_execution.Definition.Timeout is not { } timeout || _now < _execution.StartedAt + timeout) return false;
        EndExecution(WorkflowStatus.TimedOut, $"It took longer than {timeout.TotalSeconds:0} seconds.");
        return true;
    }

    private void CheckOpenTasks()
    {
        for (var index = 0; index < _tasks.Count && !HasEnded; index++)
        {
            var task = _tasks[index];
            if (!task.Status.IsFinal) CheckOpen(task);
        }
    }

    private void CheckOpen(TaskExecution task)
    {
        if (task.SubWorkflowId is { } child && task.Task.Type == TaskTypes.SubWorkflow && _inputs.EndedChildren.TryGetValue(child, out var ended))
        {
            EndByChild(task, ended);
            return;
        }
        if (task.Task.Type == TaskTypes.Wait && task.Status is AttemptStatus.InProgress && task.ReadyAt <= _now)
        {
            End(task, AttemptStatus.Completed);
            return;
        }
        var definition = DefinitionOf(task.Task);
        if (definition is not null && FindTimeout(task, definition) is { } timeout)
        {
            Abandon(task);
            var timedOut = End(task, AttemptStatus.TimedOut, reason: timeout);
            if (definition.TimeoutPolicy is TimeoutPolicy.TimeOutWorkflow) EndExecution(WorkflowStatus.TimedOut, ReasonOf(timedOut), timedOut);
            return;
        }
        if (task.LeaseUntil is { } lease && lease <= _now && task.Status is AttemptStatus.InProgress) EndLease(task);
    }

    private void EndByChild(TaskExecution task, EndedChild child)
    {
        var status = child.Status switch
        {
            WorkflowStatus.Completed => AttemptStatus.Completed,
            WorkflowStatus.TimedOut => AttemptStatus.TimedOut,
            WorkflowStatus.Terminated => AttemptStatus.Canceled,
            _ => AttemptStatus.Failed,
        };
        End(task, status, task.Output.With(child.Output), status is AttemptStatus.Completed ? null : $"The sub-workflow {task.SubWorkflowId} ended as {child.Status.Name}: {child.Reason}");
    }

    /// <summary>Whoever carried it out is gone, or silent for too long.</summary>
    private void EndLease(TaskExecution task)
    {
        if (task.By is CarriedOutBy.Worker)
        {
            End(task, AttemptStatus.TimedOut, reason: $"The worker {task.WorkerId} was silent for longer than responseTimeoutSeconds allows.");
        }
        else if (_inputs.IsRepeatable(task))
        {
            Put(task with { Status = AttemptStatus.Scheduled, LeaseUntil = null, WorkerId = null, ReadyAt = _now });
        }
        else
        {
            End(task, AttemptStatus.TimedOut, reason: "The outcome is unknown: whoever carried it out did not come back, and it may have been done.");
        }
    }

    private string? FindTimeout(TaskExecution task, TaskDefinition definition)
    {
        if (definition.TimeoutPolicy is TimeoutPolicy.AlertOnly) return null;
        if (IsTotalOver(task, definition)) return $"All attempts together took longer than {definition.TotalTimeout!.Value.TotalSeconds:0} seconds.";
        if (definition.Timeout is { } timeout && task.StartedAt is { } started && _now >= started + timeout) return $"It took longer than {timeout.TotalSeconds:0} seconds.";
        if (PollDue(task, definition) is { } poll && _now >= poll) return $"No worker fetched it within {definition.PollTimeout!.Value.TotalSeconds:0} seconds.";
        return null;
    }

    private static DateTimeOffset? PollDue(TaskExecution task, TaskDefinition definition)
        => task is { By: CarriedOutBy.Worker, Status: AttemptStatus.Scheduled } && definition.PollTimeout is { } poll ? Later(task.ReadyAt, poll) : null;

    /// <summary>When something is to be decided by time alone.</summary>
    private DateTimeOffset? NextDue()
    {
        if (HasEnded) return null;
        DateTimeOffset? due = _execution.Definition.Timeout is { } timeout ? Later(_execution.StartedAt, timeout) : null;
        if (_execution.Status is WorkflowStatus.Paused) return due;
        if (IsCutShort) return _now;
        foreach (var task in _tasks)
        {
            if (task.Status.IsFinal) continue;
            Consider(task.LeaseUntil);
            if (task.By is CarriedOutBy.Decision && task.ReadyAt < TaskExecution.NotByItself) Consider(task.ReadyAt);
            if (DefinitionOf(task.Task) is not { TimeoutPolicy: not TimeoutPolicy.AlertOnly } definition) continue;
            if (definition.TotalTimeout is { } total) Consider(Later(FirstScheduled(task), total));
            if (definition.Timeout is { } attempt && task.StartedAt is { } started) Consider(Later(started, attempt));
            Consider(PollDue(task, definition));
        }
        return due;

        void Consider(DateTimeOffset? time)
        {
            if (time is { } at && (due is null || at < due)) due = at;
        }
    }
}
