using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>What people ask for (workflow contract 7.7).</summary>
internal sealed partial class Deciding
{
    private Decision.Refused? ApplyCommand(WorkflowChange change) => change switch
    {
        WorkflowChange.Pause => Pause(),
        WorkflowChange.Resume => Resume(),
        WorkflowChange.Terminate terminate => Terminate(terminate.Reason),
        WorkflowChange.Retry => Retry(),
        WorkflowChange.Restart restart => Restart(restart.Definition ?? _execution.Definition),
        WorkflowChange.Rerun rerun => Rerun(rerun),
        WorkflowChange.Skip skip => Skip(skip),
        WorkflowChange.SetVariables set => SetVariables(set.Variables),
        WorkflowChange.ResetCallbacks => ResetCallbacks(),
        WorkflowChange.ChildRevived revived => ReviveFor(revived.TaskId),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change that is not known."),
    };

    private Decision.Refused WrongState(string what) => Refuse(RefusalKind.WrongState, $"The execution {_execution.Id} is {_execution.Status.Name}: {what}.");

    private Decision.Refused? Pause()
    {
        if (HasEnded) return WrongState("only a running one is paused");
        if (_execution.Status is WorkflowStatus.Running) Change(_execution with { Status = WorkflowStatus.Paused });
        return null;
    }

    private Decision.Refused? Resume()
    {
        if (_execution.Status is not WorkflowStatus.Paused) return WrongState("only a paused one is resumed");
        Change(_execution with { Status = WorkflowStatus.Running, StartedAt = _now });
        return null;
    }

    private Decision.Refused? Terminate(string? reason)
    {
        if (_execution.Status is WorkflowStatus.Completed) return WrongState("it cannot be terminated any more");
        if (_execution.Status is WorkflowStatus.Terminated) return null;
        EndExecution(WorkflowStatus.Terminated, reason ?? "It was terminated by request.");
        return null;
    }

    private Decision.Refused? Retry()
    {
        if (!HasEnded || _execution.Status is WorkflowStatus.Completed) return WrongState("only one that did not complete is retried");
        if (!ScheduleFailed() && _execution.Status is not WorkflowStatus.TimedOut) return WrongState("it has no task that can be retried");
        Revive();
        return null;
    }

    private void Revive() => Change(_execution with
    {
        Status = WorkflowStatus.Running,
        StartedAt = _now,
        EndedAt = null,
        Output = WorkflowExecution.EmptyObject,
        ReasonForIncompletion = null,
        FailedReferenceTaskNames = [],
        FailedTaskNames = [],
    });

    /// <summary>Schedules what failed, timed out or was cancelled again, and opens joins and loops; false when there is nothing.</summary>
    private bool ScheduleFailed()
    {
        var any = false;
        foreach (var task in _tasks.Where(IsUnsuccessful).ToList())
        {
            any = true;
            if (IsContainer(task)) Reopen(task);
            else ScheduleAgain(task, TimeSpan.Zero);
        }
        // What ended it would stand in the way.
        if (any) Drop(task => task.Task.Type == TaskTypes.Terminate && task.Status is AttemptStatus.Completed);
        return any;
    }

    private bool IsUnsuccessful(TaskExecution task, int index)
        => task.Status.IsFinal && !task.Status.IsSuccess && !task.IsRetried && IsLatest(index) && !(task.LoopReferenceName is { } loop && Latest(loop) is { Status.IsSuccess: true });

    private TaskExecution Reopen(TaskExecution container) => Put(container with
    {
        Status = container.StartedAt is null ? AttemptStatus.Scheduled : AttemptStatus.InProgress,
        EndedAt = null,
        ReasonForIncompletion = null,
        ReadyAt = container.StartedAt is null ? _now : TaskExecution.NotByItself,
    });

    private void ReopenForChild(TaskExecution task) => Put(task with
    {
        Status = AttemptStatus.InProgress,
        EndedAt = null,
        ReasonForIncompletion = null,
        Output = JsonBuilder.BuildObject(writer => writer.WriteString("subWorkflowId", task.SubWorkflowId)),
        ReadyAt = TaskExecution.NotByItself,
    });

    private Decision.Refused? ReviveFor(string taskId)
    {
        if (IndexOf(taskId) is not (>= 0 and var index)) return Refuse(RefusalKind.NotFound, $"No such task: {taskId}.");
        var task = _tasks[index];
        // A parent that went its way without the child, or waits for another one, is left alone.
        if (task.IsRetried || !IsLatest(index) || !task.Status.IsFinal || task.Status.IsSuccess) return null;
        ReopenForChild(task);
        if (!HasEnded) return null;
        ScheduleFailed();
        Revive();
        return null;
    }

    private Decision.Refused? Restart(WorkflowDefinition definition)
    {
        if (!HasEnded) return WrongState("only one that ended is restarted");
        if (_execution.Status is WorkflowStatus.Completed && !_execution.Definition.IsRestartable) return WrongState("its definition forbids restarting it");
        if (DefinitionRules.WhyUnstartable(definition) is { } why) return Refuse(RefusalKind.Invalid, why);
        StartAnew(_execution with { Definition = definition, Input = Start.Fill(_execution.Input, definition) });
        return null;
    }

    private void StartAnew(WorkflowExecution execution)
    {
        Drop(static _ => true);
        _execution = execution;
        Revive();
        Change(_execution with { Variables = execution.Definition.Variables, Skipped = ImmutableDictionary<string, SkippedTask>.Empty });
    }

    private Decision.Refused? Rerun(WorkflowChange.Rerun rerun)
    {
        if (!HasEnded) return WrongState("only one that ended is rerun");
        if (rerun.TaskInput is { ValueKind: not JsonValueKind.Object } || rerun.WorkflowInput is { ValueKind: not JsonValueKind.Object }) return Refuse(RefusalKind.Invalid, "An input is an object.");
        if (Math.Max(rerun.TaskInput?.Size ?? 0, rerun.WorkflowInput?.Size ?? 0) is > Limits.PayloadBytes and var size) return Refuse(RefusalKind.Invalid, TooLarge("The input", size));
        var execution = _execution with { Input = rerun.WorkflowInput ?? _execution.Input, CorrelationId = rerun.CorrelationId ?? _execution.CorrelationId };
        if (rerun.FromTaskId is not { } id)
        {
            StartAnew(execution);
            return null;
        }
        if (IndexOf(id) is not (>= 0 and var index)) return Refuse(RefusalKind.Invalid, $"The execution {_execution.Id} has no task {id}.");
        _execution = execution;
        RerunFrom(_tasks[index], rerun.TaskInput);
        return null;
    }

    private void RerunFrom(TaskExecution task, JsonElement? input)
    {
        var first = _tasks.First(other => other.ReferenceName == task.ReferenceName);
        Drop(other => other.Sequence >= first.Sequence || (other.Task.Type == TaskTypes.Terminate && other.Status is AttemptStatus.Completed));
        HashSet<(string?, int)> around = [(null, 0)];
        var inner = task;
        while (inner.LoopReferenceName is { } name && Latest(name) is { } loop)
        {
            around.Add((name, inner.Iteration));
            Reopen(AtRound(loop with { Output = WithoutRoundsFrom(loop.Output, inner.Iteration) }, inner.Iteration));
            inner = loop;
        }
        // A join that waits for nothing that was dropped completes again at once.
        foreach (var join in _tasks.Where(kept => kept.Task.Type == TaskTypes.Join && kept.EndedAt >= first.ScheduledAt && around.Contains((kept.LoopReferenceName, kept.Iteration))).ToList())
        {
            Reopen(join with { Output = WorkflowExecution.EmptyObject });
        }
        // What was cancelled or failed beside it is scheduled by the way through the definition.
        foreach (var kept in _tasks.Where((kept, at) => IsUnsuccessful(kept, at) && !kept.Task.IsPermissive).ToList())
        {
            if (IsContainer(kept)) Reopen(kept);
            else Drop(other => other.ReferenceName == kept.ReferenceName);
        }
        Revive();
        Schedule(OriginOf(task), task.ReferenceName, new Place(task.ReferenceName[task.Task.ReferenceName.Length..], task.Iteration, task.LoopReferenceName), givenInput: input);
    }

    private static JsonElement WithoutRoundsFrom(JsonElement output, int round) => JsonBuilder.BuildObject(writer =>
    {
        foreach (var member in output.EnumerateObject())
        {
            if (!int.TryParse(member.Name, out var number) || number < round) member.WriteTo(writer);
        }
    });

    private Decision.Refused? Skip(WorkflowChange.Skip skip)
    {
        if (_execution.Status is not WorkflowStatus.Running) return WrongState("only in a running one tasks are skipped");
        if (_execution.Definition.Find(skip.ReferenceName) is null) return Refuse(RefusalKind.NotFound, $"No such task in the definition: {skip.ReferenceName}.");
        if (_latestBare.ContainsKey(skip.ReferenceName)) return WrongState($"the task {skip.ReferenceName} was scheduled already");
        if (skip.Input.ValueKind is not JsonValueKind.Object || skip.Output.ValueKind is not JsonValueKind.Object) return Refuse(RefusalKind.Invalid, "The input and the output of a skipped task are objects.");
        if (Math.Max(skip.Input.Size, skip.Output.Size) is > Limits.PayloadBytes and var size) return Refuse(RefusalKind.Invalid, TooLarge("The input or output", size));
        Change(_execution with { Skipped = _execution.Skipped.SetItem(skip.ReferenceName, new SkippedTask(skip.Input, skip.Output)) });
        return null;
    }

    private Decision.Refused? SetVariables(JsonElement variables)
    {
        if (HasEnded) return WrongState("variables of one that ended stay as they are");
        if (variables.ValueKind is not JsonValueKind.Object) return Refuse(RefusalKind.Invalid, "Variables are an object.");
        var merged = _execution.Variables.With(variables);
        if (merged.Size > Limits.VariablesBytes) return Refuse(RefusalKind.Invalid, $"The variables would have {merged.Size} bytes; the limit is {Limits.VariablesBytes}.");
        if (!variables.IsEmpty) Change(_execution with { Variables = merged });
        return null;
    }

    private Decision.Refused? ResetCallbacks()
    {
        if (HasEnded) return WrongState("it has no callbacks any more");
        foreach (var task in _tasks.Where(task => task is { By: CarriedOutBy.Worker, Status: AttemptStatus.Scheduled, CallbackAfterSeconds: > 0 }).ToList())
        {
            Put(task with { CallbackAfterSeconds = 0, ReadyAt = task.ReadyAt > _now ? _now : task.ReadyAt });
        }
        return null;
    }
}
