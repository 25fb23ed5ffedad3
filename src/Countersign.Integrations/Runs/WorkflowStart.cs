using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>The start of an execution (workflow contract 7.8, 12).</summary>
public sealed record WorkflowStart
{
    /// <summary>The definition's name; null when <see cref="Definition"/> is given.</summary>
    public string? Name { get; init; }
    /// <summary>Its version; null: the highest.</summary>
    public int? Version { get; init; }
    /// <summary>A definition that is not registered.</summary>
    public JsonElement? Definition { get; init; }
    /// <summary>The input: an object.</summary>
    public JsonElement Input { get; init; } = WorkflowExecution.EmptyObject;
    /// <summary>Free text; at most 1,000 characters.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 to 99.</summary>
    public int Priority { get; init; }
    /// <summary>The domain of a task's queue, by the task's name, or <c>*</c>.</summary>
    public ImmutableDictionary<string, string> TaskToDomain { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>The caller's key against a second start; at most 1,000 characters.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>What becomes of a start whose key was used before.</summary>
    public IdempotencyStrategy Strategy { get; init; }
    /// <summary>Who.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>The id, where it must be a certain one; null: a new one.</summary>
    public string? Id { get; init; }
    /// <summary>The execution whose SUB_WORKFLOW task starts this one.</summary>
    public string? ParentWorkflowId { get; init; }
    /// <summary>That task.</summary>
    public string? ParentWorkflowTaskId { get; init; }
    /// <summary>How many executions stand above it (<see cref="WorkflowExecution.Depth"/>).</summary>
    public int Depth { get; init; }
}

/// <summary>What became of a start. Closed.</summary>
public abstract record StartOutcome
{
    private StartOutcome() { }

    /// <summary>It is durable.</summary>
    public sealed record Started(WorkflowExecution Execution) : StartOutcome;
    /// <summary>The execution was started before, by the same key or under the same id.</summary>
    public sealed record Existing(string Id) : StartOutcome;
    /// <summary>Nothing was started.</summary>
    /// <param name="Kind">Which sort of refusal.</param>
    /// <param name="Message">One sentence.</param>
    /// <param name="Faults">What is wrong with an inline definition.</param>
    public sealed record Refused(RefusalKind Kind, string Message, ImmutableArray<ValidationFault> Faults = default) : StartOutcome;
}
