namespace Countersign.Console.Executions;

/// <summary>An execution in a list.</summary>
public sealed record ExecutionSummary
{
    /// <summary>The stable identifier.</summary>
    public string WorkflowId { get; set; } = "";

    /// <summary>The definition's name.</summary>
    public string WorkflowType { get; set; } = "";

    /// <summary>The definition's version.</summary>
    public int Version { get; set; }

    /// <summary>One of the API's words, as <c>RUNNING</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>The name that its starter gave it.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long ExecutionTime { get; set; }

    /// <summary>Why it did not end well.</summary>
    public string? ReasonForIncompletion { get; set; }

    /// <summary>Whether it may still change.</summary>
    public bool IsOpen => Status is "RUNNING" or "PAUSED";
}

/// <summary>A part of what a search found.</summary>
public sealed record ExecutionsFound
{
    /// <summary>How many there are in all.</summary>
    public long TotalHits { get; set; }

    /// <summary>Those of this part.</summary>
    public IReadOnlyList<ExecutionSummary> Results { get; set; } = [];
}

/// <summary>What starts an execution.</summary>
/// <param name="Name">The definition.</param>
/// <param name="Version">Which version; null for the highest.</param>
/// <param name="Input">What it is given.</param>
/// <param name="CorrelationId">A name for it, need not be unique.</param>
/// <param name="Priority">From 0 to 99; null for 0.</param>
/// <param name="IdempotencyKey">A key under which it is started once.</param>
/// <param name="IdempotencyStrategy">What a second start answers.</param>
public sealed record StartRequest(
    string Name, int? Version, System.Text.Json.Nodes.JsonObject Input, string? CorrelationId, int? Priority, string? IdempotencyKey, string? IdempotencyStrategy);
