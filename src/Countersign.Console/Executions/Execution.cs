using System.Text.Json.Nodes;

namespace Countersign.Console.Executions;

/// <summary>An execution of a workflow, with its tasks.</summary>
public sealed record Execution
{
    /// <summary>The stable identifier.</summary>
    public string WorkflowId { get; set; } = "";

    /// <summary>The definition's name.</summary>
    public string WorkflowName { get; set; } = "";

    /// <summary>The definition's version.</summary>
    public int WorkflowVersion { get; set; }

    /// <summary>One of the API's words, as <c>RUNNING</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>When it was started, in milliseconds since 1970; so are the other times, and 0 means not yet.</summary>
    public long StartTime { get; set; }

    /// <summary>When it ended.</summary>
    public long EndTime { get; set; }

    /// <summary>When it last changed.</summary>
    public long UpdateTime { get; set; }

    /// <summary>What it was started with.</summary>
    public JsonNode? Input { get; set; }

    /// <summary>What it came to.</summary>
    public JsonNode? Output { get; set; }

    /// <summary>Its variables as they are now.</summary>
    public JsonNode? Variables { get; set; }

    /// <summary>The name that its starter gave it.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>From 0 to 99; higher ones go first.</summary>
    public int Priority { get; set; }

    /// <summary>The key that makes its start happen once.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>Why it did not end well.</summary>
    public string? ReasonForIncompletion { get; set; }

    /// <summary>The execution whose task this is.</summary>
    public string? ParentWorkflowId { get; set; }

    /// <summary>The execution that this one repeats.</summary>
    public string? ReRunFromWorkflowId { get; set; }

    /// <summary>The definition as it was at the start.</summary>
    public JsonObject? WorkflowDefinition { get; set; }

    /// <summary>Every attempt of every task, in the order of scheduling.</summary>
    public IReadOnlyList<TaskExecution> Tasks { get; set; } = [];

    /// <summary>Whether nothing more happens by itself.</summary>
    public bool HasEnded => Status is not ("RUNNING" or "PAUSED");
}

/// <summary>One attempt of a task.</summary>
public sealed record TaskExecution
{
    /// <summary>The attempt's id.</summary>
    public string TaskId { get; set; } = "";

    /// <summary>The type; for a worker's task the name of its queue.</summary>
    public string TaskType { get; set; } = "";

    /// <summary>What expressions call it; in a loop with <c>__</c> and the number of the round.</summary>
    public string ReferenceTaskName { get; set; } = "";

    /// <summary>One of the API's words, as <c>IN_PROGRESS</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>When it was scheduled, in milliseconds since 1970; so are the other times, and 0 means not yet.</summary>
    public long ScheduledTime { get; set; }

    /// <summary>When it began.</summary>
    public long StartTime { get; set; }

    /// <summary>When it ended.</summary>
    public long EndTime { get; set; }

    /// <summary>When it last changed.</summary>
    public long UpdateTime { get; set; }

    /// <summary>What it was given.</summary>
    public JsonNode? InputData { get; set; }

    /// <summary>What it came to.</summary>
    public JsonNode? OutputData { get; set; }

    /// <summary>Why it did not end well.</summary>
    public string? ReasonForIncompletion { get; set; }

    /// <summary>Who carries it out.</summary>
    public string? WorkerId { get; set; }

    /// <summary>How many attempts came before it.</summary>
    public int RetryCount { get; set; }

    /// <summary>Whether another attempt came after it.</summary>
    public bool Retried { get; set; }

    /// <summary>How often it was handed out or asked.</summary>
    public int PollCount { get; set; }

    /// <summary>For how many seconds it waits before it may start, or be handed out again.</summary>
    public long CallbackAfterSeconds { get; set; }

    /// <summary>The round of a loop, from 1; 0 outside of loops.</summary>
    public int Iteration { get; set; }

    /// <summary>The execution that it runs.</summary>
    public string? SubWorkflowId { get; set; }

    /// <summary>Whether it may still change.</summary>
    public bool IsOpen => Status is "SCHEDULED" or "IN_PROGRESS";

    /// <summary>The reference name in the definition: without the number of a loop's round.</summary>
    public string Reference => Iteration > 0 && ReferenceTaskName.LastIndexOf("__", StringComparison.Ordinal) is > 0 and var end ? ReferenceTaskName[..end] : ReferenceTaskName;
}

/// <summary>A line that a task has written.</summary>
public sealed record TaskLog
{
    /// <summary>The words.</summary>
    public string Log { get; set; } = "";

    /// <summary>When, in milliseconds since 1970.</summary>
    public long CreatedTime { get; set; }
}
