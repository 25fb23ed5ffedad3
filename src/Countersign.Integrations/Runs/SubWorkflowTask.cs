using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>SUB_WORKFLOW: starts a child and waits for its end, which marks this execution due (workflow contract 6.7).</summary>
internal sealed class SubWorkflowTask(Func<WorkflowRuns> runs) : ChildWorkflow(runs)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    public override string Type => TaskTypes.SubWorkflow;

    protected override WorkflowStart? Request(TaskWork work)
    {
        var input = work.Task.Input;
        // Its expressions were evaluated when it was scheduled; those inside a definition that stands in it are the child's own.
        var child = work.Task.Memory ?? WorkflowExecution.EmptyObject;
        return new WorkflowStart
        {
            Name = child.TextOf("name"),
            Version = Number(child, "version"),
            Definition = Object(child, "workflowDefinition") ?? Object(work.Task.Task.SubWorkflowParameters, "workflowDefinition"),
            Input = Object(input, "workflowInput") is { IsEmpty: false } given ? given : input,
            Priority = Number(child, "priority") ?? work.Execution.Priority,
            TaskToDomain = child.Member("taskToDomain") is null ? work.Execution.TaskToDomain : Texts(child, "taskToDomain"),
            IdempotencyKey = child.TextOf("idempotencyKey"),
            Strategy = Strategy(child),
            ParentWorkflowId = work.Execution.Id,
            ParentWorkflowTaskId = work.Task.Id,
            Depth = work.Execution.Depth + 1,
        };
    }

    // The end of an execution that another one started, found by the idempotency key, is told to nobody here: this one looks for it.
    protected override TaskOutcome Done(TaskWork work, string executionId) => new()
    {
        Status = AttemptStatus.InProgress,
        SubWorkflowId = executionId,
        Output = Output("subWorkflowId", executionId),
        VisitAgainAfter = executionId == DerivedIds.OfChild(work.Task.Id) ? null : LookInterval,
    };
}
