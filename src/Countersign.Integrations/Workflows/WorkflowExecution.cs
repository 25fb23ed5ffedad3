using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>A running or finished instance of a workflow definition, as one immutable value that is loaded, decided on, and committed if nobody changed it meanwhile (workflow contract 7.2, 9).</summary>
public sealed record WorkflowExecution
{
    /// <summary>The id: a UUID in lower case.</summary>
    public required string Id { get; init; }
    /// <summary>Guards the commit: the version that was loaded; 0 when it is not stored yet.</summary>
    public long Version { get; init; }
    /// <summary>The definition as it was at the start; later edits do not change it.</summary>
    public required WorkflowDefinition Definition { get; init; }
    /// <summary>What became of it.</summary>
    public WorkflowStatus Status { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When its time began to count: at its making, or its last retry or resume.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>The input: an object.</summary>
    public required JsonElement Input { get; init; }
    /// <summary>The output: an object.</summary>
    public JsonElement Output { get; init; } = EmptyObject;
    /// <summary>The variables, by name.</summary>
    public JsonElement Variables { get; init; } = EmptyObject;
    /// <summary>Every attempt of every task, in the order of scheduling.</summary>
    public ImmutableArray<TaskExecution> Tasks { get; init; } = [];
    /// <summary>Free text of the caller; not unique.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 to 99; a higher one is handed to workers first.</summary>
    public int Priority { get; init; }
    /// <summary>The domain of a task's queue, by the task's name, or <c>*</c>.</summary>
    public ImmutableDictionary<string, string> TaskToDomain { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>Why it did not complete.</summary>
    public string? ReasonForIncompletion { get; init; }
    /// <summary>The reference names of the tasks that gave up.</summary>
    public ImmutableArray<string> FailedReferenceTaskNames { get; init; } = [];
    /// <summary>The names of the tasks that gave up.</summary>
    public ImmutableArray<string> FailedTaskNames { get; init; } = [];
    /// <summary>The execution whose SUB_WORKFLOW task started this one.</summary>
    public string? ParentWorkflowId { get; init; }
    /// <summary>The SUB_WORKFLOW task that started this one.</summary>
    public string? ParentWorkflowTaskId { get; init; }
    /// <summary>How many executions stand above it, each of which started the next as its sub-workflow or its failure workflow.</summary>
    public int Depth { get; init; }
    /// <summary>The execution that this one is a rerun of.</summary>
    public string? ReRunFromWorkflowId { get; init; }
    /// <summary>The caller's key against a second start.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>Who started it: a user's login or a token's name.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>Tasks that somebody said to skip before they were scheduled, by reference name.</summary>
    public ImmutableDictionary<string, SkippedTask> Skipped { get; init; } = ImmutableDictionary<string, SkippedTask>.Empty;
    /// <summary>When it is to be evaluated without anything else happening; null: not before something does.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>An empty object.</summary>
    public static JsonElement EmptyObject { get; } = JsonDocument.Parse("{}").RootElement;
}

/// <summary>The word on a task that is to be skipped.</summary>
/// <param name="Input">Its input: an object.</param>
/// <param name="Output">Its output: an object.</param>
public sealed record SkippedTask(JsonElement Input, JsonElement Output);
