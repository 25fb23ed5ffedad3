using System.Text.Json;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Expressions;

/// <summary>What expressions stand for in an execution (workflow contract 5). Secrets stay literal.</summary>
/// <param name="execution">The execution; its tasks are looked up by <paramref name="taskOf"/> alone.</param>
/// <param name="taskOf">The latest attempt of a reference name, with or without a loop's suffix; null: none.</param>
/// <param name="environmentOf">The value of <c>${workflow.env.NAME}</c>; null: none.</param>
/// <param name="taskId">The id of the attempt that is being prepared; null: none is.</param>
public sealed class ExecutionScope(WorkflowExecution execution, Func<string, TaskExecution?> taskOf, Func<string, string?> environmentOf, string? taskId = null) : IExpressionScope
{
    private static readonly string[] WorkflowMembers =
    [
        "input", "output", "variables", "status", "workflowId", "workflowType", "version", "correlationId", "parentWorkflowId", "parentWorkflowTaskId", "reasonForIncompletion",
        "schemaVersion",
    ];

    private static readonly string[] TaskMembers =
    [
        "input", "output", "status", "taskType", "referenceTaskName", "taskDefName", "taskId", "workflowInstanceId", "retryCount", "pollCount", "iteration", "scheduledTime",
        "startTime", "endTime", "callbackAfterSeconds", "correlationId", "workerId", "reasonForIncompletion",
    ];

    /// <summary>A scope over an execution with its tasks.</summary>
    public ExecutionScope(WorkflowExecution execution, Func<string, string?> environmentOf, string? taskId = null)
        : this(execution, name => execution.Tasks.LastOrDefault(task => task.ReferenceName == name || task.Task.ReferenceName == name), environmentOf, taskId)
    {
    }

    /// <inheritdoc/>
    public Resolution Resolve(Expression expression)
    {
        if (expression.Root == Expression.WorkflowRoot) return ResolveWorkflow(expression);
        if (expression.Root == Expression.TaskIdRoot && expression.Path == JsonPath.Self) return Resolution.Of(taskId);
        if (taskOf(expression.Root) is not { } task) return Resolution.Missing;
        return Below(expression, TaskMembers, member => MemberOf(task, member));
    }

    private Resolution ResolveWorkflow(Expression expression) => expression.Member switch
    {
        "secrets" => expression.NameBelowMember is null ? Resolution.Missing : Resolution.Literal,
        "env" => expression is { NameBelowMember: { } name, EndsAtName: true } ? Resolution.Of(environmentOf(name)) : Resolution.Missing,
        _ => Below(expression, WorkflowMembers, MemberOfWorkflow),
    };

    private static Resolution Below(Expression expression, string[] members, Func<string, JsonElement?> memberOf)
    {
        JsonElement found;
        if (expression.Member is { } member) return memberOf(member) is { } value && expression.TryFindBelow(value, out found) ? Resolution.Of(found) : Resolution.Missing;
        var whole = JsonBuilder.BuildObject(writer =>
        {
            foreach (var name in members)
            {
                if (memberOf(name) is not { } value) continue;
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        });
        return expression.TryFind(whole, out found) ? Resolution.Of(found) : Resolution.Missing;
    }

    private JsonElement? MemberOfWorkflow(string member) => member switch
    {
        "input" => execution.Input,
        "output" => execution.Output,
        "variables" => execution.Variables,
        "status" => JsonBuilder.Text(execution.Status.Name),
        "workflowId" => JsonBuilder.Text(execution.Id),
        "workflowType" => JsonBuilder.Text(execution.Definition.Name),
        "version" => JsonBuilder.Number(execution.Definition.Version),
        "correlationId" => OfText(execution.CorrelationId),
        "parentWorkflowId" => OfText(execution.ParentWorkflowId),
        "parentWorkflowTaskId" => OfText(execution.ParentWorkflowTaskId),
        "reasonForIncompletion" => OfText(execution.ReasonForIncompletion),
        "schemaVersion" => JsonBuilder.Number(2),
        _ => null,
    };

    private JsonElement? MemberOf(TaskExecution task, string member) => member switch
    {
        "input" => task.Input,
        "output" => task.Output,
        "status" => JsonBuilder.Text(task.Status.Name),
        "taskType" => JsonBuilder.Text(task.Type),
        "referenceTaskName" => JsonBuilder.Text(task.ReferenceName),
        "taskDefName" => JsonBuilder.Text(task.Task.Name),
        "taskId" => JsonBuilder.Text(task.Id),
        "workflowInstanceId" => JsonBuilder.Text(execution.Id),
        "retryCount" => JsonBuilder.Number(task.RetryCount),
        "pollCount" => JsonBuilder.Number(task.PollCount),
        "iteration" => JsonBuilder.Number(task.Iteration),
        "scheduledTime" => JsonBuilder.Number(ExecutionDocuments.Ms(task.ScheduledAt)),
        "startTime" => JsonBuilder.Number(ExecutionDocuments.Ms(task.StartedAt)),
        "endTime" => JsonBuilder.Number(ExecutionDocuments.Ms(task.EndedAt)),
        "callbackAfterSeconds" => JsonBuilder.Number(task.CallbackAfterSeconds),
        "correlationId" => OfText(execution.CorrelationId),
        "workerId" => OfText(task.WorkerId),
        "reasonForIncompletion" => OfText(task.ReasonForIncompletion),
        _ => null,
    };

    private static JsonElement? OfText(string? text) => text is null ? null : JsonBuilder.Text(text);
}
