using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Storage.Commits;
using Npgsql;

namespace Countersign.Storage.Workflows;

/// <summary>
/// Commits. Rows of executions are written from children to parents, by everybody: so no two commits wait for each other in a circle. A child's end moves its parent's guard too, so that who is
/// deciding on the parent at that moment loads it again and sees the end.
/// </summary>
internal sealed partial class SqlWorkflowStore
{
    private const string AddDocument = "INSERT INTO workflow_document(hash, document) VALUES(@hash, @document) ON CONFLICT DO NOTHING";
    private const string Add = """
        INSERT INTO workflow_execution(id, guard, name, version, status, correlation_id, started, updated, ended, due, failed, definition, state)
        VALUES(@id, 1, @name, @version, @status, @correlation, @started, @updated, @ended, @due, @failed, @definition, @state) ON CONFLICT DO NOTHING
        """;
    private const string Change = """
        UPDATE workflow_execution SET guard = @guard + 1, version = @version, status = @status, correlation_id = @correlation, started = @started, updated = @updated, ended = @ended, due = @due,
               failed = @failed, definition = @definition, state = @state,
               orphaned = CASE WHEN ended IS NULL THEN orphaned ELSE 0 END
        WHERE id = @id AND guard = @guard
        """;
    private const string AddTask = """
        INSERT INTO workflow_task(id, execution_id, sequence, name, type, status, queue, domain, priority, ready, updated, body)
        VALUES(@id, @execution, @sequence, @name, @type, @status, @queue, @domain, @priority, @ready, @updated, @body)
        """;
    private const string ChangeTask = "UPDATE workflow_task SET status = @status, queue = @queue, domain = @domain, priority = @priority, ready = @ready, updated = @updated, body = @body, sequence = @sequence WHERE id = @id";
    private const string DropTask = "DELETE FROM workflow_task WHERE id = @id";
    private const string Orphan = "UPDATE workflow_execution SET orphaned = 1, guard = guard + 1, due = @now WHERE id = @id AND ended IS NULL AND orphaned = 0";
    // The parent's row is held, so that a commit which ends the task comes either before, and is seen here, or after, and then finds the child.
    private const string HoldParent = "SELECT id FROM workflow_execution WHERE id = @id";
    private const string Awaits = "SELECT 1 FROM workflow_task WHERE id = @id AND status = 'IN_PROGRESS'";
    private const string WakeParent = "UPDATE workflow_execution SET guard = guard + 1, due = @now WHERE id = @id AND ended IS NULL";
    private const string AddKey = "INSERT INTO workflow_start(name, key, execution_id) VALUES(@name, @key, @execution) ON CONFLICT DO NOTHING";
    private const string FindKey = "SELECT s.execution_id, e.status FROM workflow_start s LEFT JOIN workflow_execution e ON e.id = s.execution_id WHERE s.name = @name AND s.key = @key";
    private const string MoveKey = "UPDATE workflow_start SET execution_id = @execution WHERE name = @name AND key = @key AND execution_id = @before";
    private const string StatusOf = "SELECT status FROM workflow_execution WHERE id = @id";

    private static readonly ConditionalWeakTable<WorkflowDefinition, StoredDefinition> Hashes = [];

    public async Task<CommitResult> CommitAsync(IReadOnlyList<ExecutionCommit> commits, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync<CommitResult>(async work =>
            {
                await OrphanAsync(work, commits);
                foreach (var commit in commits)
                {
                    if (commit.Loaded is null) await AddAsync(work, commit);
                    else await ChangeAsync(work, commit.Loaded, commit.Decided);
                }
                foreach (var (name, most) in commits.SelectMany(commit => commit.AtMost).OrderBy(pair => pair.Key, StringComparer.Ordinal)) await RequireRoomAsync(work, name, most);
                // Those that were started since, before this commit had the parent's row.
                await OrphanAsync(work, commits);
                foreach (var (_, ended) in commits.Select(commit => (commit.Loaded, commit.Decided)).Where(pair => pair.Loaded?.Status.IsFinal != true && pair.Decided is { Status.IsFinal: true, ParentWorkflowId: not null }))
                    await work.ExecuteAsync(WakeParent, ("@id", ended.ParentWorkflowId), ("@now", work.Now.ToUnixTimeMilliseconds()));
                return new CommitResult.Committed([.. commits.Select(commit => commit.Decided with { Version = (commit.Loaded?.Version ?? 0) + 1 })]);
            }, cancellationToken);
        }
        catch (LostException)
        {
            return new CommitResult.Lost();
        }
        catch (ExistsException exists)
        {
            return new CommitResult.Existing(exists.Id, exists.Status);
        }
        catch (FullException full)
        {
            return new CommitResult.Full(full.Name);
        }
        catch (NotAwaitedException)
        {
            return new CommitResult.NotAwaited();
        }
        // Two that waited for each other in spite of the order, or a definition's document that was cleared away a moment ago.
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.ForeignKeyViolation)
        {
            return new CommitResult.Lost();
        }
    }

    private static async ValueTask OrphanAsync(Work work, IReadOnlyList<ExecutionCommit> commits)
    {
        foreach (var orphan in commits.SelectMany(commit => commit.Orphans).Order(StringComparer.Ordinal))
            await work.ExecuteAsync(Orphan, ("@id", orphan), ("@now", work.Now.ToUnixTimeMilliseconds()));
    }

    private static async ValueTask AddAsync(Work work, ExecutionCommit commit)
    {
        var execution = commit.Decided;
        if (execution.IdempotencyKey is { } key) await TakeKeyAsync(work, execution, key, commit.Key);
        var writes = new List<DbCommand> { AddDocumentOf(work, execution.Definition), Bind(work.Command(Add), execution).Bind("@name", execution.Definition.Name) };
        writes.AddRange(execution.Tasks.Select(task => WriteTask(work, execution, task, isNew: true)));
        if ((await work.ExecuteAllAsync(writes))[1] != 1)
        {
            await using var find = work.Command(StatusOf).Bind("@id", execution.Id);
            throw new ExistsException(execution.Id, StatusNamed((string?)await find.ExecuteScalarAsync()));
        }
        if (execution is { ParentWorkflowId: { } parent, ParentWorkflowTaskId: { } awaiting }) await RequireAwaitedAsync(work, parent, awaiting);
    }

    /// <summary>Whoever starts attempts of this name waits for whoever else does, and counts them then.</summary>
    private static async ValueTask RequireRoomAsync(Work work, string name, int most)
    {
        await work.ExecuteAsync(RateRow, ("@name", name), ("@now", work.Now.ToUnixTimeMilliseconds()));
        await using (var hold = work.Command(Rate + work.ForUpdate).Bind("@name", name)) await hold.ExecuteScalarAsync();
        if (await NumberAsync(work.Command(Running).Bind("@name", name).Bind("@most", most + 1L), CancellationToken.None) > most) throw new FullException(name);
    }

    private static async ValueTask RequireAwaitedAsync(Work work, string parent, string taskId)
    {
        await using (var hold = work.Command(HoldParent + work.ForUpdate).Bind("@id", parent)) await hold.ExecuteScalarAsync();
        await using var awaits = work.Command(Awaits).Bind("@id", taskId);
        if (await awaits.ExecuteScalarAsync() is null) throw new NotAwaitedException();
    }

    private static async ValueTask ChangeAsync(Work work, WorkflowExecution loaded, WorkflowExecution decided)
    {
        var writes = new List<DbCommand> { Bind(work.Command(Change), decided).Bind("@guard", loaded.Version) };
        if (!ReferenceEquals(loaded.Definition, decided.Definition)) await work.ExecuteAllAsync([AddDocumentOf(work, decided.Definition)]);
        var before = loaded.Tasks.ToDictionary(task => task.Id, StringComparer.Ordinal);
        // Tasks of an execution that does not run cannot be taken: their rows say so.
        var allMoved = (loaded.Status == WorkflowStatus.Running) != (decided.Status == WorkflowStatus.Running);
        foreach (var task in decided.Tasks)
        {
            var isNew = !before.Remove(task.Id, out var old);
            if (isNew || !ReferenceEquals(old, task) || (allMoved && !task.Status.IsFinal) || loaded.Priority != decided.Priority) writes.Add(WriteTask(work, decided, task, isNew));
        }
        writes.AddRange(before.Keys.Select(dropped => work.Command(DropTask).Bind("@id", dropped)));
        if ((await work.ExecuteAllAsync(writes))[0] != 1) throw new LostException();
    }

    private static DbCommand WriteTask(Work work, WorkflowExecution execution, TaskExecution task, bool isNew)
    {
        var (queue, domain) = task.By == CarriedOutBy.Worker ? (task.Task.Name, task.Domain ?? "") : ("", "");
        var command = work.Command(isNew ? AddTask : ChangeTask)
            .Bind("@id", task.Id).Bind("@sequence", task.Sequence).Bind("@status", task.Status.Name).Bind("@queue", queue).Bind("@domain", domain).Bind("@priority", execution.Priority)
            .Bind("@ready", Ready(execution, task)).Bind("@updated", task.UpdatedAt.ToUnixTimeMilliseconds()).Bind("@body", WorkflowCodec.WriteTask(task, execution.Definition));
        return isNew ? command.Bind("@execution", execution.Id).Bind("@name", task.Task.Name).Bind("@type", task.Type) : command;
    }

    /// <summary>From when on a task may be taken: a worker's while it is scheduled; the server's also when a visit is due, and when the lease of its node is over.</summary>
    private static long? Ready(WorkflowExecution execution, TaskExecution task)
    {
        if (execution.Status != WorkflowStatus.Running || task.Status.IsFinal || task.By == CarriedOutBy.Decision) return null;
        if (task.By == CarriedOutBy.Worker) return task.Status == AttemptStatus.Scheduled ? task.ReadyAt.ToUnixTimeMilliseconds() : null;
        if (task.LeaseUntil is { } lease) return lease.ToUnixTimeMilliseconds();
        return task.ReadyAt >= TaskExecution.NotByItself ? null : task.ReadyAt.ToUnixTimeMilliseconds();
    }

    private static DbCommand Bind(DbCommand command, WorkflowExecution execution) => command
        .Bind("@id", execution.Id).Bind("@version", execution.Definition.Version).Bind("@status", execution.Status.Name).Bind("@correlation", execution.CorrelationId)
        .Bind("@started", execution.StartedAt.ToUnixTimeMilliseconds()).Bind("@updated", execution.UpdatedAt.ToUnixTimeMilliseconds()).Bind("@ended", execution.EndedAt?.ToUnixTimeMilliseconds())
        .Bind("@due", execution.Status.IsFinal ? null : execution.DueAt?.ToUnixTimeMilliseconds())
        .Bind("@failed", execution.FailedReferenceTaskNames.IsEmpty ? null : string.Join(',', execution.FailedReferenceTaskNames))
        .Bind("@definition", Hashes.GetValue(execution.Definition, Hash).Hash).Bind("@state", WorkflowCodec.WriteHeader(execution));

    private static DbCommand AddDocumentOf(Work work, WorkflowDefinition definition)
    {
        var stored = Hashes.GetValue(definition, Hash);
        return work.Command(AddDocument).Bind("@hash", stored.Hash).Bind("@document", stored.Document);
    }

    private static StoredDefinition Hash(WorkflowDefinition definition)
    {
        var document = JsonMarshal.GetRawUtf8Value(definition.Document).ToArray();
        return new StoredDefinition(SHA256.HashData(document), document);
    }

    private static async ValueTask TakeKeyAsync(Work work, WorkflowExecution execution, string key, IdempotencyStrategy strategy)
    {
        var name = execution.Definition.Name;
        if (await work.ExecuteAsync(AddKey, ("@name", name), ("@key", key), ("@execution", execution.Id)) == 1) return;
        string before;
        WorkflowStatus? status;
        await using (var find = work.Command(FindKey + (work.ForUpdate.Length > 0 ? " FOR UPDATE OF s" : "")).Bind("@name", name).Bind("@key", key))
        await using (var row = await find.ExecuteReaderAsync())
        {
            if (!await row.ReadAsync()) throw new LostException();
            before = row.GetString(0);
            status = row.GetStringOrNull(1) is { } text ? StatusNamed(text) : null;
        }
        var isOver = status is null or { IsFinal: true };
        if (strategy != IdempotencyStrategy.FailOnRunning || !isOver) throw new ExistsException(before, status ?? WorkflowStatus.Completed);
        if (await work.ExecuteAsync(MoveKey, ("@name", name), ("@key", key), ("@execution", execution.Id), ("@before", before)) != 1) throw new LostException();
    }

    private static WorkflowStatus StatusNamed(string? name) => name is not null && WorkflowStatus.TryRead(name, out var status) ? status : throw new InvalidOperationException($"'{name}' is no status");

    private sealed record StoredDefinition(byte[] Hash, byte[] Document);

    private sealed class LostException : Exception;

    private sealed class NotAwaitedException : Exception;

    private sealed class FullException(string name) : Exception
    {
        public string Name => name;
    }

    private sealed class ExistsException(string id, WorkflowStatus status) : Exception
    {
        public string Id => id;
        public WorkflowStatus Status => status;
    }
}
