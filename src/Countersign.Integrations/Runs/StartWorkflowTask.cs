using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>START_WORKFLOW: starts an execution and does not wait for it. Input <c>startWorkflow</c>, a start request; output <c>workflowId</c>.</summary>
internal sealed class StartWorkflowTask(Func<WorkflowRuns> runs) : ChildWorkflow(runs)
{
    public override string Type => TaskTypes.StartWorkflow;

    protected override WorkflowStart? Request(TaskWork work)
    {
        if (Object(work.Task.Input, "startWorkflow") is not { } start) return null;
        return new WorkflowStart
        {
            Name = start.TextOf("name"),
            Version = Number(start, "version"),
            Definition = Object(start, "workflowDef"),
            Input = Object(start, "input") ?? WorkflowExecution.EmptyObject,
            CorrelationId = start.TextOf("correlationId"),
            Priority = Number(start, "priority") ?? 0,
            TaskToDomain = Texts(start, "taskToDomain"),
            IdempotencyKey = start.TextOf("idempotencyKey"),
            Strategy = Strategy(start),
        };
    }

    protected override TaskOutcome Done(TaskWork work, string executionId) => new() { Status = AttemptStatus.Completed, Output = Output("workflowId", executionId) };
}
