using System.Text.Json;
using Countersign.Integrations.Expressions;
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
        var child = Evaluated(work);
        return new WorkflowStart
        {
            Name = child.TextOf("name"),
            Version = Number(child, "version"),
            Definition = Object(child, "workflowDefinition"),
            Input = Object(input, "workflowInput") is { IsEmpty: false } given ? given : input,
            Priority = Number(child, "priority") ?? work.Execution.Priority,
            TaskToDomain = child.Member("taskToDomain") is null ? work.Execution.TaskToDomain : Texts(child, "taskToDomain"),
            IdempotencyKey = child.TextOf("idempotencyKey"),
            Strategy = Strategy(child),
            ParentWorkflowId = work.Execution.Id,
            ParentWorkflowTaskId = work.Task.Id,
        };
    }

    protected override TaskOutcome Done(string executionId) => new() { Status = AttemptStatus.InProgress, SubWorkflowId = executionId, Output = Output("subWorkflowId", executionId) };

    /// <summary>What is to be started. The definition may be an expression that yields one; expressions inside a definition are the child's own.</summary>
    private static JsonElement Evaluated(TaskWork work)
    {
        var scope = new ExecutionScope(work.Execution, static _ => null, work.Task.Id);
        return JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in work.Task.Task.SubWorkflowParameters.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (member is { Name: "workflowDefinition", Value.ValueKind: JsonValueKind.Object }) member.Value.WriteTo(writer);
                else Template.Evaluate(member.Value, scope).Value.WriteTo(writer);
            }
        });
    }
}
