using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>The start of an execution (workflow contract 7.8).</summary>
public sealed record StartRequest
{
    /// <summary>The new execution's id: a UUID in lower case.</summary>
    public required string Id { get; init; }
    /// <summary>What to run.</summary>
    public required WorkflowDefinition Definition { get; init; }
    /// <summary>The caller's input: an object. Keys that are absent are filled from the definition's template.</summary>
    public JsonElement Input { get; init; } = WorkflowExecution.EmptyObject;
    /// <summary>Free text of the caller.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 to 99.</summary>
    public int Priority { get; init; }
    /// <summary>The domain of a task's queue, by the task's name, or <c>*</c>.</summary>
    public ImmutableDictionary<string, string> TaskToDomain { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>The caller's key against a second start.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>The execution whose SUB_WORKFLOW task starts it.</summary>
    public string? ParentWorkflowId { get; init; }
    /// <summary>The SUB_WORKFLOW task that starts it.</summary>
    public string? ParentWorkflowTaskId { get; init; }
    /// <summary>How many executions stand above it (<see cref="WorkflowExecution.Depth"/>).</summary>
    public int Depth { get; init; }
    /// <summary>Who starts it.</summary>
    public string? CreatedBy { get; init; }
}
