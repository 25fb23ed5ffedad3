using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Tasks;

namespace Countersign.Integrations.Workflows;

/// <summary>What a decision may look at beside the execution: no I/O, no clock, no randomness but these.</summary>
public sealed record DecisionInputs
{
    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }
    /// <summary>The registered task definition of a name; null: none.</summary>
    public required Func<string, TaskDefinition?> TaskDefinitionOf { get; init; }
    /// <summary>The value of <c>${workflow.env.NAME}</c>; null: none.</summary>
    public Func<string, string?> EnvironmentOf { get; init; } = static _ => null;
    /// <summary>How the children of open SUB_WORKFLOW tasks ended, by the child's id; those that still run are absent.</summary>
    public IReadOnlyDictionary<string, EndedChild> EndedChildren { get; init; } = ImmutableDictionary<string, EndedChild>.Empty;
    /// <summary>A new id for a task: a UUID in lower case.</summary>
    public Func<string> NewId { get; init; } = static () => Guid.CreateVersion7().ToString();
    /// <summary>A number from 0 to 1 (1 excluded), for the jitter.</summary>
    public required Func<double> Random { get; init; }
    /// <summary>Runs scripts.</summary>
    public required IScripts Scripts { get; init; }
    /// <summary>Whether a started attempt of a system task whose outcome nobody knows may be carried out again: <see cref="ISystemTask.IsRepeatable"/> of its type.</summary>
    public Func<TaskExecution, bool> IsRepeatable { get; init; } = static _ => false;
}

/// <summary>How a child ended.</summary>
public sealed record EndedChild(WorkflowStatus Status, JsonElement Output, string? Reason);

/// <summary>What happened to an execution. Applied first, then everything that follows from it is decided. Closed.</summary>
public abstract record WorkflowChange
{
    private WorkflowChange() { }

    /// <summary>Nothing but time, or a child's end.</summary>
    public sealed record Look : WorkflowChange;
    /// <summary>A worker or a node takes tasks: they become <see cref="AttemptStatus.InProgress"/> under a lease, if they still may be taken. The lease of a worker is the response timeout of its task definition (workflow contract 7.6).</summary>
    /// <param name="TaskIds">The attempts.</param>
    /// <param name="WorkerId">Who.</param>
    /// <param name="Lease">For how long; null: as the task definition says.</param>
    public sealed record Take(ImmutableArray<string> TaskIds, string WorkerId, TimeSpan? Lease) : WorkflowChange;
    /// <summary>A system task's visit ended. Ignored when the attempt is not open any more or somebody else has the lease.</summary>
    public sealed record Visited(string TaskId, string WorkerId, TaskOutcome Outcome) : WorkflowChange;
    /// <summary>An answer from outside that a waiting system task has looked at (<see cref="IAnsweredTask"/>): its outcome counts whoever has the lease. Ignored when the attempt is not open any more.</summary>
    public sealed record Answered(string TaskId, TaskOutcome Outcome) : WorkflowChange;
    /// <summary>What a waiting system task waits for may have happened: it is to be visited now. Ignored while it is being visited, and when it is not open any more.</summary>
    public sealed record Wake(string TaskId) : WorkflowChange;
    /// <summary>A worker, or somebody by hand, updates a task (workflow contract 7.6).</summary>
    public sealed record Update(TaskUpdate Result) : WorkflowChange;
    /// <summary>Pause (workflow contract 7.7).</summary>
    public sealed record Pause : WorkflowChange;
    /// <summary>Resume.</summary>
    public sealed record Resume : WorkflowChange;
    /// <summary>Terminate.</summary>
    public sealed record Terminate(string? Reason) : WorkflowChange;
    /// <summary>Retry the last failed tasks.</summary>
    /// <param name="ResumesSubWorkflows">Whether a child that failed is to be retried in place of starting another: a command to that child, which revives this execution (<see cref="ChildRevived"/>).</param>
    public sealed record Retry(bool ResumesSubWorkflows) : WorkflowChange;
    /// <summary>From the start, under the same id; with this definition, or null for its own.</summary>
    public sealed record Restart(WorkflowDefinition? Definition) : WorkflowChange;
    /// <summary>From a task, or from the start.</summary>
    public sealed record Rerun(string? FromTaskId, JsonElement? TaskInput, JsonElement? WorkflowInput, string? CorrelationId) : WorkflowChange;
    /// <summary>Skip a task that is not scheduled yet.</summary>
    public sealed record Skip(string ReferenceName, JsonElement Input, JsonElement Output) : WorkflowChange;
    /// <summary>Set variables.</summary>
    public sealed record SetVariables(JsonElement Variables) : WorkflowChange;
    /// <summary>Open tasks that wait for a callback may be handed out at once.</summary>
    public sealed record ResetCallbacks : WorkflowChange;
    /// <summary>A child was put back to running by retry, restart or rerun: so is this one, and the task that waits for it is open again.</summary>
    public sealed record ChildRevived(string TaskId) : WorkflowChange;
}

/// <summary>A worker's word on a task: TaskResult of the wire (workflow contract 13).</summary>
public sealed record TaskUpdate
{
    /// <summary>The attempt, by its id; or null and <see cref="ReferenceName"/>.</summary>
    public string? TaskId { get; init; }
    /// <summary>The reference name of an open task.</summary>
    public string? ReferenceName { get; init; }
    /// <summary>The status; IN_PROGRESS, COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR.</summary>
    public required AttemptStatus Status { get; init; }
    /// <summary>The output, an object: takes the place of the output when the task was named by id, is merged into it when by reference.</summary>
    public JsonElement? Output { get; init; }
    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }
    /// <summary>Seconds until it is handed out again.</summary>
    public long CallbackAfterSeconds { get; init; }
    /// <summary>Who.</summary>
    public string? WorkerId { get; init; }
    /// <summary>Only renews the lease.</summary>
    public bool ExtendsLease { get; init; }
}

/// <summary>What a decision came to.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>The execution from now on; the very same value when nothing changed. Tasks that did not change are the very same values; tasks that were dropped are absent.</summary>
    /// <param name="Execution">The execution, with <see cref="WorkflowExecution.DueAt"/> set.</param>
    /// <param name="Orphans">Children (ids) that are to be terminated, because the task that waits for them was cancelled or timed out.</param>
    /// <param name="StartsFailureWorkflow">Whether the failure workflow is to be started now, with <see cref="FailureStart"/>.</param>
    public sealed record Decided(WorkflowExecution Execution, ImmutableArray<string> Orphans, FailureStart? StartsFailureWorkflow) : Decision;

    /// <summary>It is not possible in this state; nothing changes (workflow contract 1.4: 409, or 400 or 404).</summary>
    /// <param name="Kind">Which sort of refusal.</param>
    /// <param name="Message">One sentence.</param>
    public sealed record Refused(RefusalKind Kind, string Message) : Decision;
}

/// <summary>Which sort of refusal.</summary>
public enum RefusalKind
{
    /// <summary>409.</summary>
    WrongState,
    /// <summary>404.</summary>
    NotFound,
    /// <summary>400.</summary>
    Invalid,
}

/// <summary>The start of a failure workflow (workflow contract 7.5). Its id is <see cref="Id"/>, which the failed one's output names.</summary>
public sealed record FailureStart(string Id, string Name, int? Version, JsonElement Input);
