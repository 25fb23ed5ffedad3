using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Which children an execution waits for.</summary>
public static class SubWorkflows
{
    /// <summary>The ids of the children of open SUB_WORKFLOW tasks: also of those whose start is not noted yet, for a child may end before.</summary>
    public static IEnumerable<string> Awaited(WorkflowExecution execution) => execution.Tasks
        .Where(task => task.Type == TaskTypes.SubWorkflow && !task.Status.IsFinal).Select(task => task.SubWorkflowId ?? DerivedIds.OfChild(task.Id));
}
