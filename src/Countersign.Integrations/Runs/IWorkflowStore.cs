using System.Collections.Immutable;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Keeps executions. Whoever changes one loads it, decides, and commits; of two who do so at once, one commits and the other loads again (workflow contract 7.2).</summary>
public interface IWorkflowStore
{
    /// <summary>An execution with its tasks, and how the children of its open tasks ended; null when there is none.</summary>
    Task<LoadedExecution?> LoadAsync(string id, CancellationToken cancellationToken);

    /// <summary>An execution as it was last committed, without its tasks unless they are asked for; null when there is none.</summary>
    Task<WorkflowExecution?> FindAsync(string id, bool withTasks, CancellationToken cancellationToken);

    /// <summary>Commits changes of executions together, if every one of them is still as it was loaded.</summary>
    Task<CommitResult> CommitAsync(IReadOnlyList<ExecutionCommit> commits, CancellationToken cancellationToken);

    /// <summary>Takes executions that are due for a while, the longest due first: nobody else is given them until then, unless something happens to them.</summary>
    Task<IReadOnlyList<DueExecution>> TakeDueAsync(int most, TimeSpan reserved, CancellationToken cancellationToken);

    /// <summary>When the next execution is due, or the next task of the server's own queue is ready; null: none is.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Takes tasks of a queue that are ready for a while: higher priority first, then the longest ready. Taking them for good is a change of their execution.</summary>
    /// <param name="queue">The task definition's name; empty: the server's own.</param>
    /// <param name="domain">Empty: none.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="reserved">For how long nobody else is given them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<TaskPlace>> ReserveAsync(string queue, string domain, int most, TimeSpan reserved, CancellationToken cancellationToken);

    /// <summary>Gives reserved tasks back: they are ready from this instant on.</summary>
    Task ReleaseAsync(IReadOnlyList<string> taskIds, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Where a task is; null when there is none.</summary>
    Task<TaskPlace?> FindTaskAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Which of these tasks are not in progress any more.</summary>
    Task<IReadOnlyList<string>> EndedAmongAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken);

    /// <summary>How many attempts of this name are in progress, counted up to <paramref name="most"/>.</summary>
    Task<int> CountRunningAsync(string name, int most, CancellationToken cancellationToken);

    /// <summary>Counts starts of a name within its window; answers how many of these may start.</summary>
    Task<int> TakeRateAsync(string name, int wanted, int limit, TimeSpan window, CancellationToken cancellationToken);

    /// <summary>Finds executions.</summary>
    Task<FoundExecutions> SearchAsync(ExecutionSearch search, CancellationToken cancellationToken);

    /// <summary>Finds tasks, the newest first.</summary>
    Task<FoundTasks> SearchTasksAsync(ExecutionSearch search, CancellationToken cancellationToken);

    /// <summary>Waiting tasks by queue; of these queues, or of all (at most 10,000 queues).</summary>
    Task<IReadOnlyDictionary<string, long>> QueueSizesAsync(IReadOnlyList<string>? queues, CancellationToken cancellationToken);

    /// <summary>Removes an execution that ended, with all that belongs to it; false when there is none, null when it has not ended.</summary>
    Task<bool?> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes some executions that ended before; answers how many.</summary>
    Task<int> RemoveEndedAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    /// <summary>Adds lines to a task's log, up to so many in all.</summary>
    Task AddLogAsync(string taskId, IReadOnlyList<TaskLogLine> lines, int most, CancellationToken cancellationToken);

    /// <summary>A task's log in the order of writing.</summary>
    Task<IReadOnlyList<TaskLogLine>> LogAsync(string taskId, CancellationToken cancellationToken);
}

/// <summary>An execution as it was loaded.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="EndedChildren">How the children of its open SUB_WORKFLOW tasks ended, by the child's id.</param>
public sealed record LoadedExecution(WorkflowExecution Execution, IReadOnlyDictionary<string, EndedChild> EndedChildren);

/// <summary>One execution's part of a commit. Tasks that are the very same values as in what was loaded are not written.</summary>
/// <param name="Loaded">What was loaded; null for a new execution.</param>
/// <param name="Decided">What it is from now on.</param>
/// <param name="Orphans">Children that are to be terminated.</param>
/// <param name="Key">What to do when the idempotency key of a new execution was used before.</param>
public sealed record ExecutionCommit(WorkflowExecution? Loaded, WorkflowExecution Decided, ImmutableArray<string> Orphans, IdempotencyStrategy Key = IdempotencyStrategy.Fail)
{
    /// <summary>Names of which attempts start with it, and how many of each may be in progress then (workflow contract 4: <c>concurrentExecLimit</c>).</summary>
    public ImmutableSortedDictionary<string, int> AtMost { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}

/// <summary>What becomes of a start whose key was used before for the same definition (workflow contract 7.8).</summary>
public enum IdempotencyStrategy
{
    /// <summary>It is refused.</summary>
    Fail,
    /// <summary>The execution of that time is answered.</summary>
    ReturnExisting,
    /// <summary>It is refused while that execution runs.</summary>
    FailOnRunning,
}

/// <summary>What became of a commit. Closed.</summary>
public abstract record CommitResult
{
    private CommitResult() { }

    /// <summary>Durable. The executions as they are stored, in the order of the commits.</summary>
    public sealed record Committed(ImmutableArray<WorkflowExecution> Executions) : CommitResult;
    /// <summary>Somebody else was faster: load again. Nothing was changed.</summary>
    public sealed record Lost : CommitResult;
    /// <summary>A new execution is there already: its id, or its idempotency key, was used for this one. Nothing was changed.</summary>
    public sealed record Existing(string Id, WorkflowStatus Status) : CommitResult;
    /// <summary>More attempts of a name would be in progress than may be. Nothing was changed.</summary>
    public sealed record Full(string Name) : CommitResult;
    /// <summary>A new execution is the child of a task that is not open any more. Nothing was changed.</summary>
    public sealed record NotAwaited : CommitResult;
}

/// <summary>An execution that is due.</summary>
/// <param name="Id">The execution.</param>
/// <param name="IsOrphaned">Nobody waits for it any more.</param>
public sealed record DueExecution(string Id, bool IsOrphaned);

/// <summary>Where a task is.</summary>
public sealed record TaskPlace(string TaskId, string ExecutionId);

/// <summary>A line of a task's log.</summary>
public sealed record TaskLogLine(string Line, DateTimeOffset Created);

/// <summary>Executions that were found, without their tasks.</summary>
/// <param name="Total">How many there are, counted up to <see cref="ExecutionSearch.MostCounted"/>.</param>
/// <param name="Executions">The page.</param>
public sealed record FoundExecutions(long Total, IReadOnlyList<WorkflowExecution> Executions);

/// <summary>Tasks that were found.</summary>
/// <param name="Total">How many there are, counted up to <see cref="ExecutionSearch.MostCounted"/>.</param>
/// <param name="Tasks">The page.</param>
public sealed record FoundTasks(long Total, IReadOnlyList<TaskPlace> Tasks);
