using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Requests;

namespace Countersign.Integrations.Tests.Runs;

/// <summary>Executions in memory, for what runs over a store; what a test spoils is a function of its own.</summary>
internal sealed class MemoryStore : IWorkflowStore, IDefinitionStore
{
    public ConcurrentDictionary<string, WorkflowExecution> Executions { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, TaskDefinition> Definitions { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, WorkflowDefinition> Workflows { get; } = new(StringComparer.Ordinal);
    public List<string> Released { get; } = [];
    public Func<IReadOnlyList<ExecutionCommit>, CommitResult?> Spoil { get; set; } = _ => null;
    public Func<int> Running { get; set; } = () => 0;

    public Task<LoadedExecution?> LoadAsync(string id, CancellationToken cancellationToken)
        => Task.FromResult(Executions.TryGetValue(id, out var found) ? new LoadedExecution(found, ImmutableDictionary<string, EndedChild>.Empty) : null);

    public Task<WorkflowExecution?> FindAsync(string id, bool withTasks, CancellationToken cancellationToken) => Task.FromResult(Executions.GetValueOrDefault(id));

    public Task<CommitResult> CommitAsync(IReadOnlyList<ExecutionCommit> commits, CancellationToken cancellationToken)
    {
        lock (Executions)
        {
            if (Spoil(commits) is { } result) return Task.FromResult(result);
            foreach (var commit in commits)
                if (Executions.TryGetValue(commit.Decided.Id, out var stored) && stored.Version != commit.Loaded?.Version)
                    return Task.FromResult<CommitResult>(commit.Loaded is null ? new CommitResult.Existing(stored.Id, stored.Status) : new CommitResult.Lost());
            return Task.FromResult<CommitResult>(new CommitResult.Committed([.. commits.Select(commit => Executions[commit.Decided.Id] = commit.Decided with { Version = (commit.Loaded?.Version ?? 0) + 1 })]));
        }
    }

    public Task<IReadOnlyList<TaskPlace>> ReserveAsync(string queue, string domain, int most, TimeSpan reserved, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<TaskPlace>>([.. Executions.Values.SelectMany(execution => execution.Tasks.Where(task => task.Task.Name == queue && task.Status == AttemptStatus.Scheduled).Select(task => new TaskPlace(task.Id, execution.Id)))]);

    public Task ReleaseAsync(IReadOnlyList<string> taskIds, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (Released) Released.AddRange(taskIds);
        return Task.CompletedTask;
    }

    public Task<int> CountRunningAsync(string name, int most, CancellationToken cancellationToken) => Task.FromResult(Running());

    public ValueTask<FrozenDictionary<string, TaskDefinition>> TaskDefinitionsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Definitions.ToFrozenDictionary(StringComparer.Ordinal));

    public Task<WorkflowDefinition?> FindAsync(string name, int? version, CancellationToken cancellationToken) => Task.FromResult(Workflows.GetValueOrDefault(name));

    public Task<IReadOnlyList<DueExecution>> TakeDueAsync(int most, TimeSpan reserved, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<TaskPlace?> FindTaskAsync(string taskId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IReadOnlyList<string>> EndedAmongAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<int> TakeRateAsync(string name, int wanted, int limit, TimeSpan window, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<FoundExecutions> SearchAsync(ExecutionSearch search, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<FoundTasks> SearchTasksAsync(ExecutionSearch search, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IReadOnlyDictionary<string, long>> QueueSizesAsync(IReadOnlyList<string>? queues, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool?> RemoveAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<int> RemoveEndedAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task AddLogAsync(string taskId, IReadOnlyList<TaskLogLine> lines, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IReadOnlyList<TaskLogLine>> LogAsync(string taskId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IReadOnlyList<WorkflowDefinition>> ListAsync((string Name, int Version)? after, int limit, bool latestOnly, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool> PutAsync(WorkflowDefinition definition, bool replaces, RequestContext by, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool> RemoveAsync(string name, int version, RequestContext by, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<TaskDefinitionsPut> PutTaskDefinitionsAsync(IReadOnlyList<TaskDefinition> definitions, bool mustExist, int most, RequestContext by, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IReadOnlyDictionary<string, IReadOnlyList<SecretUse>>> FindSecretUsesAsync(IReadOnlyCollection<string> secrets, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool> RemoveTaskDefinitionAsync(string name, RequestContext by, CancellationToken cancellationToken) => throw new NotSupportedException();
}
