using System.Data.Common;
using System.Text;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>Searches (workflow contract 12.1). Hits are counted up to a bound, and words are looked for in so many documents at most: no search reads the whole store.</summary>
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
        var (found, hits) = await WithWordsAsync(all, search, Read, stored => stored.State, cancellationToken);
        return new FoundExecutions(hits, await ExecutionsAsync(connection, found, cancellationToken));
    }, cancellationToken);

    public Task<FoundTasks> SearchTasksAsync(ExecutionSearch search, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var query = new SqlSearch("t", SqlSearch.TaskColumns);
        var where = query.Where(search.Query);
        var order = query.Order(search.SortField, search.Descending, "id");
        if (search.Words.IsEmpty)
        {
            var total = await NumberAsync(query.Bind(connection.Command($"SELECT count(*) FROM (SELECT 1 FROM workflow_task t{where} LIMIT {ExecutionSearch.MostCounted}) AS hits")), cancellationToken);
            await using var page = query.Bind(connection.Command($"SELECT t.id, t.execution_id FROM workflow_task t{where}{order} LIMIT @count OFFSET @start")).Bind("@count", search.Size).Bind("@start", search.Start);
            var tasks = new List<TaskPlace>();
            await using var rows = await page.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) tasks.Add(PlaceOf(rows));
            return new FoundTasks(total, tasks);
        }
        await using var all = query.Bind(connection.Command($"SELECT t.id, t.execution_id, t.body FROM workflow_task t{where}{order} LIMIT {ExecutionSearch.MostReadForWords}"));
        var (found, hits) = await WithWordsAsync(all, search, row => (Place: PlaceOf(row), Body: (byte[])row[2]), stored => stored.Body, cancellationToken);
        return new FoundTasks(hits, [.. found.Select(stored => stored.Place)]);
    }, cancellationToken);

    private static TaskPlace PlaceOf(DbDataReader row) => new(row.GetString(0), row.GetString(1));

    private static async ValueTask<(List<T> Page, long Hits)> WithWordsAsync<T>(DbCommand command, ExecutionSearch search, Func<DbDataReader, T> readRow, Func<T, byte[]> documentOf, CancellationToken cancellationToken)
    {
        var (page, hits, read) = (new List<T>(), 0L, 0L);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (read < MostWordBytes && await rows.ReadAsync(cancellationToken))
        {
            var stored = readRow(rows);
            var document = documentOf(stored);
            read += document.Length;
            var text = Encoding.UTF8.GetString(document);
            if (!search.Words.All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))) continue;
            // What matches in the document may be the name of a member: those that are searched are looked at alone.
            if (!WorkflowSearchText.Matches(document, search.Words)) continue;
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
