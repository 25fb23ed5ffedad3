using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>One attempt of a task in an execution (workflow contract 10).</summary>
public sealed record TaskExecution
{
    /// <summary>A time that never comes.</summary>
    public static DateTimeOffset NotByItself { get; } = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_000);

    /// <summary>The attempt's id: a UUID in lower case.</summary>
    public required string Id { get; init; }
    /// <summary>Its place in the order of scheduling, from 1.</summary>
    public required int Sequence { get; init; }
    /// <summary>The task of the definition that it came from, or that a dynamic fork or task made.</summary>
    public required WorkflowTask Task { get; init; }
    /// <summary>The reference name in the execution: inside loops with the suffix <c>__n</c>.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>The type on the wire: <c>FORK</c> for FORK_JOIN, the task's name for workers' tasks, else the type.</summary>
    public required string Type { get; init; }
    /// <summary>Who carries it out.</summary>
    public required CarriedOutBy By { get; init; }
    /// <summary>What became of it.</summary>
    public AttemptStatus Status { get; init; }
    /// <summary>The input, with secrets' expressions left literal: an object.</summary>
    public JsonElement Input { get; init; } = WorkflowExecution.EmptyObject;
    /// <summary>The output: an object.</summary>
    public JsonElement Output { get; init; } = WorkflowExecution.EmptyObject;
    /// <summary>Why it did not complete.</summary>
    public string? ReasonForIncompletion { get; init; }
    /// <summary>When it was scheduled.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }
    /// <summary>From when on it may be carried out or handed out (again): start delay, retry delay and callback included; <see cref="NotByItself"/> when it waits for somebody's update. Of a failed attempt: when the next one may start at the earliest.</summary>
    public required DateTimeOffset ReadyAt { get; init; }
    /// <summary>When it first started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Until when whoever carries it out has it to themselves; null: nobody has it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
    /// <summary>Who carries it out: a worker's own name, or a node's.</summary>
    public string? WorkerId { get; init; }
    /// <summary>How often it was handed out.</summary>
    public int PollCount { get; init; }
    /// <summary>Which attempt: 0 for the first.</summary>
    public int RetryCount { get; init; }
    /// <summary>Whether another attempt took its place.</summary>
    public bool IsRetried { get; init; }
    /// <summary>The attempt before it.</summary>
    public string? RetriedTaskId { get; init; }
    /// <summary>Seconds, as the last update asked or the retry's delay was.</summary>
    public long CallbackAfterSeconds { get; init; }
    /// <summary>Which round of a loop, from 1; 0 outside loops.</summary>
    public int Iteration { get; init; }
    /// <summary>The reference name of the loop that it is inside of; null outside.</summary>
    public string? LoopReferenceName { get; init; }
    /// <summary>The execution that a SUB_WORKFLOW task started.</summary>
    public string? SubWorkflowId { get; init; }
    /// <summary>The domain of its queue.</summary>
    public string? Domain { get; init; }
    /// <summary>Whether it waits to be taken at this time: scheduled, or a system task between two visits.</summary>
    public bool IsReady(DateTimeOffset now) => ReadyAt <= now && By is not CarriedOutBy.Decision
        && (Status is AttemptStatus.Scheduled || (Status is AttemptStatus.InProgress && By is CarriedOutBy.Server && LeaseUntil is null));

    /// <summary>What its carrier needs to remember between visits and nobody else sees: an object or null. Of a SUB_WORKFLOW it is <c>subWorkflowParam</c>, evaluated when it was scheduled, without a definition that stands in it.</summary>
    public JsonElement? Memory { get; init; }
}

/// <summary>Who carries out a task.</summary>
public enum CarriedOutBy
{
    /// <summary>The decision itself: SWITCH, FORK, JOIN, DO_WHILE, WAIT, SET_VARIABLE, TERMINATE, INLINE, NOOP, HUMAN.</summary>
    Decision,
    /// <summary>An <see cref="Countersign.Integrations.Tasks.ISystemTask"/> of this server: HTTP, HTTP_POLL, SUB_WORKFLOW, START_WORKFLOW, EVENT, COUNTERSIGN_VERIFY.</summary>
    Server,
    /// <summary>A worker that polls the queue of the task's name: SIMPLE, DYNAMIC and every unknown type.</summary>
    Worker,
}
