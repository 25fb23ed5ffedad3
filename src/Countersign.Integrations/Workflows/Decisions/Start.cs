using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>The start of an execution (workflow contract 7.8).</summary>
internal static class Start
{
    /// <summary>The execution before its first task, or why there is none.</summary>
    public static (WorkflowExecution? Execution, string? Fault) Make(StartRequest request, DateTimeOffset now)
    {
        if (DefinitionRules.WhyUnstartable(request.Definition) is { } why) return (null, why);
        if (request.Input.ValueKind is not JsonValueKind.Object) return (null, "The input is an object.");
        var input = Fill(request.Input, request.Definition);
        if (input.Size > Limits.PayloadBytes) return (null, $"The input has {input.Size} bytes; the limit is {Limits.PayloadBytes}.");
        if (request.Priority is < 0 or > Limits.HighestPriority) return (null, $"The priority {request.Priority} is not 0 to {Limits.HighestPriority}.");
        if (request.CorrelationId is { Length: > Limits.CorrelationIdCharacters }) return (null, $"The correlationId has more than {Limits.CorrelationIdCharacters} characters.");
        if (request.Depth > Limits.Depth) return (null, $"Executions start each other as sub-workflows or failure workflows at most {Limits.Depth} deep.");
        return (new WorkflowExecution
        {
            Id = request.Id,
            Definition = request.Definition,
            CreatedAt = now,
            StartedAt = now,
            UpdatedAt = now,
            Input = input,
            Variables = request.Definition.Variables,
            CorrelationId = request.CorrelationId,
            Priority = request.Priority,
            TaskToDomain = request.TaskToDomain,
            IdempotencyKey = request.IdempotencyKey,
            ParentWorkflowId = request.ParentWorkflowId,
            ParentWorkflowTaskId = request.ParentWorkflowTaskId,
            Depth = request.Depth,
            CreatedBy = request.CreatedBy,
        }, null);
    }

    /// <summary>The input, with the keys that it lacks from the definition's template.</summary>
    public static JsonElement Fill(JsonElement input, WorkflowDefinition definition)
        => definition.InputTemplate.IsEmpty ? input : JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in input.EnumerateObject()) member.WriteTo(writer);
            foreach (var member in definition.InputTemplate.EnumerateObject())
            {
                if (!input.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
            }
        });
}
