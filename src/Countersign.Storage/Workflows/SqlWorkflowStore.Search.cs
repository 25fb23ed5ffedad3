using System.Data.Common;
using System.Text;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>Searches (workflow contract 12.1). Hits are counted up to a bound, and words are looked for in so many executions at most: no search reads the whole store.</summary>
internal sealed partial class SqlWorkflowStore
{
    private const int MostWordBytes = 64 * 1024 * 1024;

    public Task<FoundExecutions> SearchAsync(ExecutionSearch search, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var query = new SqlSearch("e", SqlSearch.ExecutionColumns);
        var where = query.Where(search.Query);
        var order = query.Order(search.SortField, search.Descending, "id");
        if (search.Words.IsEmpty)
        {
            var total = await NumberAsync(query.Bind(connection.Command($"SELECT count(*) FROM (SELECT 1 FROM workflow_execution e{where} LIMIT {ExecutionSearch.MostCounted}) AS hits")), cancellationToken);
            await using var page = query.Bind(connection.Command($"SELECT {Columns} FROM workflow_execution e{where}{order} LIMIT @count OFFSET @start")).Bind("@count", search.Size).Bind("@start", search.Start);
            return new FoundExecutions(total, await ReadAsync(connection, page, cancellationToken));
        }
        await using var all = query.Bind(connection.Command($"SELECT {Columns} FROM workflow_execution e{where}{order} LIMIT {ExecutionSearch.MostReadForWords}"));
        var (found, hits) = await WithWordsAsync(all, search, cancellationToken);
        return new FoundExecutions(hits, await ExecutionsAsync(connection, found, cancellationToken));
    }, cancellationToken);

    public Task<FoundTasks> SearchTasksAsync(ExecutionSearch search, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var query = new SqlSearch("t", SqlSearch.TaskColumns);
        var where = query.Where(search.Query);
        var total = await NumberAsync(query.Bind(connection.Command($"SELECT count(*) FROM (SELECT 1 FROM workflow_task t{where} LIMIT {ExecutionSearch.MostCounted}) AS hits")), cancellationToken);
        var order = query.Order("updateTime", descending: true, "id");
        await using var command = query.Bind(connection.Command($"SELECT t.id, t.execution_id FROM workflow_task t{where}{order} LIMIT @count OFFSET @start")).Bind("@count", search.Size).Bind("@start", search.Start);
        var tasks = new List<TaskPlace>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) tasks.Add(new TaskPlace(rows.GetString(0), rows.GetString(1)));
        return new FoundTasks(total, tasks);
    }, cancellationToken);

    private static async ValueTask<(List<StoredExecution> Page, long Hits)> WithWordsAsync(DbCommand command, ExecutionSearch search, CancellationToken cancellationToken)
    {
        var (page, hits, read) = (new List<StoredExecution>(), 0L, 0L);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (read < MostWordBytes && await rows.ReadAsync(cancellationToken))
        {
            var stored = Read(rows);
            read += stored.State.Length;
            var text = Encoding.UTF8.GetString(stored.State);
            if (!search.Words.All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))) continue;
            // What matches in the document may be the name of a member: those that are searched are looked at alone.
            if (!WorkflowSearchText.Matches(stored.State, search.Words)) continue;
            if (hits++ >= search.Start && page.Count < search.Size) page.Add(stored);
        }
        return (page, hits);
    }

    private async ValueTask<IReadOnlyList<WorkflowExecution>> ReadAsync(DbConnection connection, DbCommand command, CancellationToken cancellationToken)
    {
        var stored = new List<StoredExecution>();
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) stored.Add(Read(rows));
        return await ExecutionsAsync(connection, stored, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<WorkflowExecution>> ExecutionsAsync(DbConnection connection, List<StoredExecution> stored, CancellationToken cancellationToken)
    {
        var executions = new List<WorkflowExecution>(stored.Count);
        foreach (var one in stored)
        {
            var definition = await DefinitionAsync(connection, one.Definition, cancellationToken);
            executions.Add(WorkflowCodec.ReadHeader(one.State, definition, one.Guard, []));
        }
        return executions;
    }
}
