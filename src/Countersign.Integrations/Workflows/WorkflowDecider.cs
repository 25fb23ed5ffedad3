using Countersign.Integrations.Workflows.Decisions;

namespace Countersign.Integrations.Workflows;

/// <summary>Decides how an execution goes on (workflow contract 7): a pure function, without I/O, clock or chance but what it is given. Two decisions on the same state with the same inputs are the same.</summary>
public static class WorkflowDecider
{
    /// <summary>A new execution with its first tasks scheduled; built-in tasks at its beginning are done already, so that it may have ended.</summary>
    /// <returns><see cref="Decision.Decided"/>, or <see cref="Decision.Refused"/> with <see cref="RefusalKind.Invalid"/> when the definition cannot be started or the request breaks a limit.</returns>
    public static Decision Start(StartRequest request, DecisionInputs inputs)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(inputs.Now.ToUnixTimeMilliseconds());
        var (execution, fault) = Decisions.Start.Make(request, now);
        if (execution is null) return new Decision.Refused(RefusalKind.Invalid, fault!);
        var deciding = new Deciding(execution, inputs);
        deciding.Progress();
        return deciding.Finish();
    }

    /// <summary>The open task that an update is about: inside loops the reference name may be the bare one. Null when there is none.</summary>
    public static TaskExecution? FindOpen(IReadOnlyList<TaskExecution> tasks, TaskUpdate update)
        => update.TaskId is { } id ? tasks.LastOrDefault(task => !task.Status.IsFinal && task.Id == id)
            : tasks.LastOrDefault(task => !task.Status.IsFinal && task.ReferenceName == update.ReferenceName) ?? tasks.LastOrDefault(task => !task.Status.IsFinal && task.Task.ReferenceName == update.ReferenceName);

    /// <summary>Applies a change, then decides everything that follows from it. When <see cref="WorkflowExecution.DueAt"/> is not later than now afterwards, there is more to decide: look again at once.</summary>
    /// <returns><see cref="Decision.Decided"/>, with the very same execution when nothing changed, or <see cref="Decision.Refused"/>.</returns>
    public static Decision Decide(WorkflowExecution execution, WorkflowChange change, DecisionInputs inputs)
    {
        var deciding = new Deciding(execution, inputs);
        if (deciding.Apply(change) is { } refused) return refused;
        deciding.Progress();
        return deciding.Finish();
    }
}
