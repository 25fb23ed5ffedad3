using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>
/// Executions in SQL. An execution's row has what is searched for, the guard that whoever commits must have loaded, and everything else in one document; each attempt of a task is a row, so that a
/// change writes the attempts that changed and no others.
/// </summary>
internal sealed partial class SqlWorkflowStore(Database database) : IWorkflowStore
{
    private const int MostDocumentsRemembered = 500;

    private const string Columns = "e.guard, e.definition, e.state";
    private const string Find = $"SELECT {Columns} FROM workflow_execution e WHERE e.id = @id";
    private const string Tasks = "SELECT body FROM workflow_task WHERE execution_id = @id ORDER BY sequence";
    private const string Document = "SELECT document FROM workflow_document WHERE hash = @hash";
    private const string Ended = "SELECT guard, state FROM workflow_execution WHERE id = @id AND ended IS NOT NULL";

    // Many executions run the same few definitions: each is read once.
    private readonly ConcurrentDictionary<string, WorkflowDefinition> _documents = new(StringComparer.Ordinal);

    public Task<LoadedExecution?> LoadAsync(string id, CancellationToken cancellationToken) => database.ReadAsync<LoadedExecution?>(async connection =>
    {
        if (await FindAsync(connection, id, withTasks: true, cancellationToken) is not { } execution) return null;
        var children = new Dictionary<string, EndedChild>(StringComparer.Ordinal);
        foreach (var child in SubWorkflows.Awaited(execution))
        {
            await using var command = connection.Command(Ended).Bind("@id", child);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (await row.ReadAsync(cancellationToken)) children[child] = End(WorkflowCodec.ReadHeader((byte[])row[1], execution.Definition, row.GetInt64(0), []));
        }
        return new LoadedExecution(execution, children);
    }, cancellationToken);

    public Task<WorkflowExecution?> FindAsync(string id, bool withTasks, CancellationToken cancellationToken)
        => database.ReadAsync(connection => FindAsync(connection, id, withTasks, cancellationToken), cancellationToken);

    private async ValueTask<WorkflowExecution?> FindAsync(DbConnection connection, string id, bool withTasks, CancellationToken cancellationToken)
    {
        StoredExecution stored;
        await using (var command = connection.Command(Find).Bind("@id", id))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken)) return null;
            stored = Read(row);
        }
        var definition = await DefinitionAsync(connection, stored.Definition, cancellationToken);
        var tasks = ImmutableArray.CreateBuilder<TaskExecution>();
        if (withTasks)
        {
            await using var command = connection.Command(Tasks).Bind("@id", id);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) tasks.Add(WorkflowCodec.ReadTask((byte[])rows[0], definition));
        }
        return WorkflowCodec.ReadHeader(stored.State, definition, stored.Guard, tasks.ToImmutable());
    }

    private static EndedChild End(WorkflowExecution child) => new(child.Status, child.Output, child.ReasonForIncompletion);

    private async ValueTask<WorkflowDefinition> DefinitionAsync(DbConnection connection, byte[] hash, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(hash);
        if (_documents.TryGetValue(key, out var known)) return known;
        await using var command = connection.Command(Document).Bind("@hash", hash);
        if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] document) throw new InvalidOperationException($"no definition {key} is stored");
        if (_documents.Count >= MostDocumentsRemembered) _documents.Clear();
        return _documents[key] = new WorkflowDefinition(JsonBuilder.Read(document));
    }

    private static StoredExecution Read(DbDataReader row) => new(row.GetInt64(0), (byte[])row[1], (byte[])row[2]);

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static async ValueTask<long> NumberAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using (command) return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? value : 0L, CultureInfo.InvariantCulture);
    }

    private readonly record struct StoredExecution(long Guard, byte[] Definition, byte[] State);
}
