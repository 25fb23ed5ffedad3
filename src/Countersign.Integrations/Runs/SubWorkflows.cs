using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Which children an execution waits for.</summary>
public static class SubWorkflows
{
    /// <summary>The ids of the children of open SUB_WORKFLOW tasks: also of those whose start is not noted yet, for a child may end before.</summary>
    public static IEnumerable<string> Awaited(WorkflowExecution execution) => execution.Tasks
        .Where(task => task.Type == TaskTypes.SubWorkflow && !task.Status.IsFinal).Select(task => task.SubWorkflowId ?? DerivedIds.OfChild(task.Id));

    /// <summary>The child of its own with which an execution failed; null when it did not fail so. One that was only cancelled comes after one that failed.</summary>
    internal static string? Failed(WorkflowExecution execution)
        => !execution.Status.IsFinal || execution.Status == WorkflowStatus.Completed ? null : execution.Tasks
            .Where(task => task is { Type: TaskTypes.SubWorkflow, IsRetried: false, Status: { IsFinal: true, IsSuccess: false } } && task.SubWorkflowId == DerivedIds.OfChild(task.Id))
            .OrderBy(task => task.Status == AttemptStatus.Canceled).ThenByDescending(task => task.Sequence).FirstOrDefault()?.SubWorkflowId;
}
