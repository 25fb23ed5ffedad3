using Countersign.Integrations.Runs;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>What is removed with an execution, and the logs of tasks.</summary>
internal sealed partial class SqlWorkflowStore
{
    private const string EndedBefore = "SELECT id FROM workflow_execution WHERE ended < @before ORDER BY ended LIMIT @count";
    private const string RemoveLogs = "DELETE FROM task_log WHERE task_id IN (SELECT id FROM workflow_task WHERE execution_id = @id)";
    private const string RemoveTasks = "DELETE FROM workflow_task WHERE execution_id = @id";
    private const string RemoveKeys = "DELETE FROM workflow_start WHERE execution_id = @id";
    private const string RemoveExecution = "DELETE FROM workflow_execution WHERE id = @id AND ended IS NOT NULL RETURNING definition";
    private const string RemoveDocument = "DELETE FROM workflow_document WHERE hash = @hash AND NOT EXISTS (SELECT 1 FROM workflow_execution WHERE definition = @hash)";
    private const string LogOwner = "SELECT 1 FROM workflow_task WHERE id = @id";
    private const string AddLine = """
        INSERT INTO task_log(task_id, sequence, created, line)
        SELECT @id, coalesce(max(sequence), 0) + 1, @created, @line FROM task_log WHERE task_id = @id HAVING count(*) < @most
        """;
    private const string Lines = "SELECT line, created FROM task_log WHERE task_id = @id ORDER BY sequence";

    public Task<bool?> RemoveAsync(string id, CancellationToken cancellationToken) => database.WriteAsync<bool?>(async work =>
    {
        if (await RemoveAsync(work, id)) return true;
        await using var find = work.Command(StatusOf).Bind("@id", id);
        return await find.ExecuteScalarAsync(cancellationToken) is null ? false : null;
    }, cancellationToken);

    public Task<int> RemoveEndedAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var ids = new List<string>();
        await using (var command = work.Command(EndedBefore).Bind("@before", before.ToUnixTimeMilliseconds()).Bind("@count", most))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) ids.Add(rows.GetString(0));
        foreach (var id in ids.Order(StringComparer.Ordinal)) await RemoveAsync(work, id);
        return ids.Count;
    }, cancellationToken);

    public Task AddLogAsync(string taskId, IReadOnlyList<TaskLogLine> lines, int most, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        // Of two who log at once one waits, or both would write the same number.
        if (work.ForUpdate.Length > 0) await work.ExecuteAsync(LogOwner + work.ForUpdate, ("@id", taskId));
        foreach (var line in lines)
            await work.ExecuteAsync(AddLine, ("@id", taskId), ("@created", line.Created.ToUnixTimeMilliseconds()), ("@line", line.Line), ("@most", most));
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<TaskLogLine>> LogAsync(string taskId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<TaskLogLine>>(async connection =>
    {
        var lines = new List<TaskLogLine>();
        await using var command = connection.Command(Lines).Bind("@id", taskId);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) lines.Add(new TaskLogLine(rows.GetString(0), Instant(rows.GetInt64(1))));
        return lines;
    }, cancellationToken);

    private static async ValueTask<bool> RemoveAsync(Work work, string id)
    {
        byte[] definition;
        await using (var remove = work.Command(RemoveExecution).Bind("@id", id))
        {
            if (await remove.ExecuteScalarAsync() is not byte[] removed) return false;
            definition = removed;
        }
        await work.ExecuteAsync(RemoveLogs, ("@id", id));
        await work.ExecuteAsync(RemoveTasks, ("@id", id));
        await work.ExecuteAsync(RemoveKeys, ("@id", id));
        await work.ExecuteAsync(RemoveDocument, ("@hash", definition));
        return true;
    }
}
