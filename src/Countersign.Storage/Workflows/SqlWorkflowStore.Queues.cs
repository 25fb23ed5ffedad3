using System.Data.Common;
using Countersign.Integrations.Runs;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>What is due and what is ready. Taking moves the instant a little on, so that a node that dies gives back by doing nothing.</summary>
internal sealed partial class SqlWorkflowStore
{
    private const int MostQueues = 10_000;

    private const string Due = "SELECT id FROM workflow_execution WHERE due <= @now ORDER BY due LIMIT @count";
    private const string NextExecution = "SELECT min(due) FROM workflow_execution WHERE due IS NOT NULL";
    private const string NextTask = "SELECT min(ready) FROM workflow_task WHERE queue = '' AND ready IS NOT NULL";
    private const string Waiting = "SELECT id FROM workflow_task WHERE queue = @queue AND domain = @domain AND ready <= @now ORDER BY priority DESC, ready LIMIT @count";
    // The server's own are many that wait for their next visit, and of one priority: those that are ready come first by an index of their own.
    private const string WaitingForServer = "SELECT id FROM workflow_task WHERE queue = '' AND ready <= @now ORDER BY ready LIMIT @count";
    private const string Release = "UPDATE workflow_task SET ready = @at WHERE id = @id AND ready IS NOT NULL";
    private const string Place = "SELECT execution_id FROM workflow_task WHERE id = @id";
    private const string Running = "SELECT count(*) FROM (SELECT 1 FROM workflow_task WHERE name = @name AND status = 'IN_PROGRESS' LIMIT @most) AS running";
    private const string Sizes = "SELECT queue, count(*) FROM workflow_task WHERE ready IS NOT NULL AND queue <> '' GROUP BY queue ORDER BY queue LIMIT @count";
    private const string Size = "SELECT count(*) FROM workflow_task WHERE queue = @queue AND ready IS NOT NULL";
    private const string StillRuns = "SELECT 1 FROM workflow_task WHERE id = @id AND status = 'IN_PROGRESS'";
    private const string RateRow = "INSERT INTO task_rate(name, started, count) VALUES(@name, @now, 0) ON CONFLICT DO NOTHING";
    private const string Rate = "SELECT started, count FROM task_rate WHERE name = @name";
    private const string TakeRate = "UPDATE task_rate SET started = @started, count = @count WHERE name = @name";

    private readonly string _takeDue = $"""
        UPDATE workflow_execution SET due = @until WHERE id {Picked(database, Due)} RETURNING id, orphaned
        """;
    private readonly string _reserve = $"UPDATE workflow_task SET ready = @until WHERE id {Picked(database, Waiting)} RETURNING id, execution_id, priority, sequence";
    private readonly string _reserveForServer = $"UPDATE workflow_task SET ready = @until WHERE id {Picked(database, WaitingForServer)} RETURNING id, execution_id, priority, sequence";

    public Task<IReadOnlyList<DueExecution>> TakeDueAsync(int most, TimeSpan reserved, CancellationToken cancellationToken) => database.WriteAsync<IReadOnlyList<DueExecution>>(async work =>
    {
        var taken = new List<DueExecution>();
        await using var command = work.Command(_takeDue).Bind("@now", work.Now.ToUnixTimeMilliseconds()).Bind("@until", (work.Now + reserved).ToUnixTimeMilliseconds()).Bind("@count", most);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) taken.Add(new DueExecution(rows.GetString(0), rows.GetInt64(1) != 0));
        return taken;
    }, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => database.ReadAsync<DateTimeOffset?>(async connection =>
    {
        var execution = await NextAsync(connection.Command(NextExecution), cancellationToken);
        var task = await NextAsync(connection.Command(NextTask), cancellationToken);
        return (execution, task) switch
        {
            (null, null) => null,
            (null, { } ready) => Instant(ready),
            ({ } due, null) => Instant(due),
            ({ } due, { } ready) => Instant(Math.Min(due, ready)),
        };
    }, cancellationToken);

    public Task<IReadOnlyList<TaskPlace>> ReserveAsync(string queue, string domain, int most, TimeSpan reserved, CancellationToken cancellationToken) => database.WriteAsync<IReadOnlyList<TaskPlace>>(async work =>
    {
        var taken = new List<(TaskPlace Place, long Priority, long Sequence)>();
        await using var command = work.Command(queue.Length == 0 ? _reserveForServer : _reserve).Bind("@count", most)
            .Bind("@now", work.Now.ToUnixTimeMilliseconds()).Bind("@until", (work.Now + reserved).ToUnixTimeMilliseconds());
        if (queue.Length > 0) command.Bind("@queue", queue).Bind("@domain", domain);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) taken.Add((new TaskPlace(rows.GetString(0), rows.GetString(1)), rows.GetInt64(2), rows.GetInt64(3)));
        return [.. taken.OrderByDescending(task => task.Priority).ThenBy(task => task.Sequence).Select(task => task.Place)];
    }, cancellationToken);

    public Task ReleaseAsync(IReadOnlyList<string> taskIds, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        foreach (var id in taskIds) await work.ExecuteAsync(Release, ("@id", id), ("@at", at.ToUnixTimeMilliseconds()));
        return true;
    }, cancellationToken);

    public Task<TaskPlace?> FindTaskAsync(string taskId, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Place).Bind("@id", taskId);
        return await command.ExecuteScalarAsync(cancellationToken) is string execution ? new TaskPlace(taskId, execution) : null;
    }, cancellationToken);

    public Task<IReadOnlyList<string>> EndedAmongAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<string>>(async connection =>
    {
        var ended = new List<string>();
        foreach (var id in taskIds)
        {
            await using var command = connection.Command(StillRuns).Bind("@id", id);
            if (await command.ExecuteScalarAsync(cancellationToken) is null) ended.Add(id);
        }
        return ended;
    }, cancellationToken);

    public Task<int> CountRunningAsync(string name, int most, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (int)await NumberAsync(connection.Command(Running).Bind("@name", name).Bind("@most", most), cancellationToken), cancellationToken);

    public Task<int> TakeRateAsync(string name, int wanted, int limit, TimeSpan window, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var now = work.Now.ToUnixTimeMilliseconds();
        await work.ExecuteAsync(RateRow, ("@name", name), ("@now", now));
        long started, count;
        await using (var command = work.Command(Rate + work.ForUpdate).Bind("@name", name))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            (started, count) = (row.GetInt64(0), row.GetInt64(1));
        }
        if (now - started >= (long)window.TotalMilliseconds) (started, count) = (now, 0);
        var may = (int)Math.Clamp(limit - count, 0, wanted);
        await work.ExecuteAsync(TakeRate, ("@name", name), ("@started", started), ("@count", count + may));
        return may;
    }, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> QueueSizesAsync(IReadOnlyList<string>? queues, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyDictionary<string, long>>(async connection =>
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var queue in queues ?? []) sizes[queue] = await NumberAsync(connection.Command(Size).Bind("@queue", queue), cancellationToken);
        if (queues is not null) return sizes;
        await using var command = connection.Command(Sizes).Bind("@count", MostQueues);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) sizes[rows.GetString(0)] = rows.GetInt64(1);
        return sizes;
    }, cancellationToken);

    /// <summary>How rows are picked of which each node of one PostgreSQL gets others; SQLite has one writer. The array is made once: IN would let PostgreSQL run the query again for every row (see the outbox).</summary>
    private static string Picked(Database database, string query) => database.Provider == "postgres" ? $"= ANY(ARRAY({query} FOR UPDATE SKIP LOCKED))" : $"IN ({query})";

    private static async ValueTask<long?> NextAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using (command) return await command.ExecuteScalarAsync(cancellationToken) is long next ? next : null;
    }
}
