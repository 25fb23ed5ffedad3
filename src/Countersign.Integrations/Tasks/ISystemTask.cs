using System.Text.Json;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tasks;

/// <summary>A type of task that the server carries out by asking somebody: one class per type. What it does may be cut off at any point by a crash; its lease is then over and it is called again or not, as <see cref="IsRepeatable"/> says.</summary>
public interface ISystemTask
{
    /// <summary>The type on the wire, for example <c>HTTP</c>.</summary>
    string Type { get; }

    /// <summary>Whether an attempt that was started, and whose outcome nobody knows, may be carried out again under the same task id (workflow contract 8.6).</summary>
    bool IsRepeatable(TaskExecution task);

    /// <summary>The longest that one visit takes: the lease is a little longer.</summary>
    TimeSpan LongestVisit(TaskExecution task);

    /// <summary>Carries out one visit: the whole task, or one look of one that polls. Never throws for what another side does.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">The execution was terminated, the task cancelled or the process stops: give up at once.</param>
    Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken);
}

/// <summary>A system task that takes answers from outside while it waits (<c>POST /api/tasks/…</c>), and looks at each itself before anything changes.</summary>
public interface IAnsweredTask : ISystemTask
{
    /// <summary>Looks at an answer.</summary>
    /// <param name="work">The task as it stands.</param>
    /// <param name="answer">What came: an object.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TaskOutcome> AnswerAsync(TaskWork work, JsonElement answer, CancellationToken cancellationToken);
}

/// <summary>A task to be carried out.</summary>
/// <param name="Execution">The execution that it belongs to.</param>
/// <param name="Task">The attempt, its lease taken; its input has secrets' expressions still literal.</param>
/// <param name="Definition">The task definition that applies (workflow contract 4), or null.</param>
public sealed record TaskWork(WorkflowExecution Execution, TaskExecution Task, TaskDefinition? Definition);

/// <summary>What a visit came to.</summary>
public sealed record TaskOutcome
{
    /// <summary>The attempt's status from now on; <see cref="AttemptStatus.InProgress"/> to go on waiting.</summary>
    public required AttemptStatus Status { get; init; }
    /// <summary>The output from now on, an object; null leaves it as it is.</summary>
    public JsonElement? Output { get; init; }
    /// <summary>Why it did not complete.</summary>
    public string? Reason { get; init; }
    /// <summary>With <see cref="AttemptStatus.InProgress"/>: visit again after this long; null: not by itself (something outside updates it).</summary>
    public TimeSpan? VisitAgainAfter { get; init; }
    /// <summary>With a failure: the next attempt waits at least so long (<c>Retry-After</c>).</summary>
    public TimeSpan? RetryAfter { get; init; }
    /// <summary>The execution that was started.</summary>
    public string? SubWorkflowId { get; init; }
    /// <summary>What to remember for the next visit; null leaves it as it is.</summary>
    public JsonElement? Memory { get; init; }
}
