using Countersign.Integrations.Runs;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>Retries, and what follows when attempts are used up (workflow contract 7.3).</summary>
internal sealed partial class Deciding
{
    private void HandleFailures()
    {
        for (var index = 0; index < _tasks.Count && !HasEnded && !IsCutShort; index++)
        {
            var task = _tasks[index];
            if (!task.Status.IsFinal || task.Status.IsSuccess || task.IsRetried || !IsLatest(index) || IsInEndedLoop(task)) continue;
            if (MayRetry(task)) Retry(task);
            else GiveUp(task);
        }
    }

    /// <summary>A loop that ended took the failures in it with it.</summary>
    private bool IsInEndedLoop(TaskExecution task) => task.LoopReferenceName is { } loop && Latest(loop) is { Status.IsFinal: true };

    private bool MayRetry(TaskExecution task)
    {
        if (!task.Status.IsRetriable || task.Task.Type is TaskTypes.Join or TaskTypes.DoWhile || DefinitionOf(task.Task) is not { } definition) return false;
        return task.RetryCount < (task.Task.RetryCount ?? definition.RetryCount) && !IsTotalOver(task, definition);
    }

    private bool IsTotalOver(TaskExecution task, TaskDefinition definition) => definition.TotalTimeout is { } total && _now >= FirstScheduled(task) + total;

    /// <summary>When the time of all attempts began: with the first, or anew with a retry or resume of the execution.</summary>
    private DateTimeOffset FirstScheduled(TaskExecution task)
    {
        if (task.RetriedTaskId is null) return task.ScheduledAt;
        var first = _tasks.Find(other => other.ReferenceName == task.ReferenceName)?.ScheduledAt ?? task.ScheduledAt;
        return first > _execution.StartedAt ? first : _execution.StartedAt;
    }

    private void Retry(TaskExecution task)
    {
        var definition = DefinitionOf(task.Task)!;
        var delay = definition.RetryDelay(task.RetryCount) + Jitter(definition);
        if (task.ReadyAt - _now > delay) delay = task.ReadyAt - _now;
        ScheduleAgain(task, delay);
    }

    private TaskExecution ScheduleAgain(TaskExecution task, TimeSpan delay)
    {
        Put(task with { IsRetried = true });
        var suffix = task.ReferenceName[task.Task.ReferenceName.Length..];
        return Schedule(OriginOf(task), task.ReferenceName, new Place(suffix, task.Iteration, task.LoopReferenceName), task, delay);
    }

    /// <summary>The task to schedule again: a DYNAMIC one is named afresh.</summary>
    private WorkflowTask OriginOf(TaskExecution task) => _execution.Definition.Find(task.Task.ReferenceName) is { Type: TaskTypes.Dynamic } dynamic ? dynamic : task.Task;

    private TimeSpan Jitter(TaskDefinition definition)
        => definition.BackoffJitterMs == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Floor(Math.Min(definition.BackoffJitterMs, Durations.Longest.TotalMilliseconds) * _inputs.Random()));

    private void GiveUp(TaskExecution task)
    {
        if (task.Task.IsOptional)
        {
            Put(task with { Status = AttemptStatus.CompletedWithErrors });
            return;
        }
        if (task.Task.IsPermissive) return;
        if (task.LoopReferenceName is { } name && Latest(name) is { Status.IsFinal: false } loop)
        {
            GiveUp(End(loop, task.Status is AttemptStatus.Canceled ? AttemptStatus.Canceled : AttemptStatus.Failed, reason: ReasonOf(task)));
            return;
        }
        foreach (var join in _tasks.Where(open => open.Task.Type == TaskTypes.Join && !open.Status.IsFinal && open.Task.JoinOn.Contains(task.Task.ReferenceName)).ToList())
        {
            End(join, AttemptStatus.Failed, reason: ReasonOf(task));
        }
        var status = task.Status switch
        {
            AttemptStatus.TimedOut => WorkflowStatus.TimedOut,
            AttemptStatus.Canceled => WorkflowStatus.Terminated,
            _ => WorkflowStatus.Failed,
        };
        EndExecution(status, ReasonOf(task), task);
    }

    private static string ReasonOf(TaskExecution task)
        => $"The task {task.ReferenceName} ended as {task.Status.Name}{(string.IsNullOrEmpty(task.ReasonForIncompletion) ? "." : $": {task.ReasonForIncompletion}")}";

    /// <summary>Cancels open attempts. Children of theirs are orphans.</summary>
    private void CancelOpen(Func<TaskExecution, bool>? isMeant = null)
    {
        for (var index = 0; index < _tasks.Count; index++)
        {
            var task = _tasks[index];
            if (task.Status.IsFinal || (isMeant is not null && !isMeant(task))) continue;
            Abandon(task);
            _tasks[index] = task with { Status = AttemptStatus.Canceled, EndedAt = _now, LeaseUntil = null, UpdatedAt = _now, ReadyAt = task.ReadyAt > _now ? _now : task.ReadyAt };
            _isChanged = true;
        }
    }

    private void Abandon(TaskExecution task)
    {
        // Its own child alone, which may have been started without that being noted yet: an execution that it found by an idempotency key is somebody else's.
        if (task.Task.Type == TaskTypes.SubWorkflow && task.StartedAt is not null) _orphans.Add(DerivedIds.OfChild(task.Id));
    }
}
