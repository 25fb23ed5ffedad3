using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>SUB_WORKFLOW: starts a child and waits for its end, which marks this execution due (workflow contract 6.7).</summary>
internal sealed class SubWorkflowTask(Func<WorkflowRuns> runs) : ChildWorkflow(runs)
{
    public override string Type => TaskTypes.SubWorkflow;

    protected override WorkflowStart? Request(TaskWork work)
    {
        var input = work.Task.Input;
        if (Object(work.Task.Task.Document, "subWorkflowParam") is not { } child) return null;
        return new WorkflowStart
        {
            Name = child.TextOf("name"),
            Version = Number(child, "version"),
            Definition = Object(child, "workflowDefinition"),
            Input = Object(input, "workflowInput") is { } given && given.EnumerateObject().Any() ? given : input,
            Priority = Number(child, "priority") ?? work.Execution.Priority,
            TaskToDomain = child.TryGetProperty("taskToDomain", out _) ? Texts(child, "taskToDomain") : work.Execution.TaskToDomain,
            IdempotencyKey = child.TextOf("idempotencyKey"),
            Strategy = Strategy(child),
            ParentWorkflowId = work.Execution.Id,
            ParentWorkflowTaskId = work.Task.Id,
        };
    }

    protected override TaskOutcome Done(string executionId) => new() { Status = AttemptStatus.InProgress, SubWorkflowId = executionId, Output = Output("subWorkflowId", executionId) };
}
