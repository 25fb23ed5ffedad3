using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.SystemLog;

namespace Countersign.Storage.SystemLog;

/// <summary>The system log in SQL: rows by number, and nothing else to find them by.</summary>
internal sealed class SqlSystemLog(Database database, Vault vault) : ISystemLog
{
    private const string Bounds = "SELECT (SELECT seq FROM log ORDER BY seq LIMIT 1), (SELECT seq FROM log_head WHERE id = 1)";
    private const string At = "SELECT at FROM log WHERE seq = @seq";
    private const string Read = "SELECT seq, at, body FROM log WHERE seq >= @first AND seq <= @last ORDER BY seq";
    private const string LastLink = "SELECT last_seq, hash FROM log_batch WHERE last_seq <= @until ORDER BY last_seq DESC LIMIT 1";
    private const string Note = "UPDATE log_start SET seq = @seq, hash = @hash, proof = @proof WHERE id = 1 AND seq < @seq";
    private const int MostRemovedAtOnce = 2_000;

    public Task WriteAsync(LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(work =>
    {
        work.Log(logged);
        return ValueTask.FromResult(true);
    }, cancellationToken);

    public Task<(long First, long Last)> BoundsAsync(CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Bounds);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var last = row.GetInt64(1);
        return (row.GetInt64OrNull(0) ?? last + 1, last);
    }, cancellationToken);

    public Task<long> FindAsync(DateTimeOffset instant, long first, long last, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var wanted = instant.ToUnixTimeMilliseconds();
        var (low, high) = (first, last + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            await using var command = connection.Command(At).Bind("@seq", middle);
            // A row that is gone was removed since the bounds were read, so it was older than what is kept.
            if (await command.ExecuteScalarAsync(cancellationToken) is long at && at >= wanted) high = middle;
            else low = middle + 1;
        }
        return low;
    }, cancellationToken);

    public Task<IReadOnlyList<LogEntry>> ReadAsync(long first, long last, int count, bool descending, CancellationToken cancellationToken)
        => database.ReadAsync<IReadOnlyList<LogEntry>>(async connection =>
        {
            var entries = new List<LogEntry>(count);
            await using var command = connection.Command($"{Read}{(descending ? " DESC" : "")} LIMIT @count").Bind("@first", first).Bind("@last", last).Bind("@count", count);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                entries.Add(new LogEntry(rows.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), LogEventCodec.Read((byte[])rows[2])));
            return entries;
        }, cancellationToken);

    public async Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var (first, last) = await BoundsAsync(cancellationToken);
        if (first > last) return 0;
        var kept = await FindAsync(before, first, last, cancellationToken);
        long removed = 0;
        for (var until = first - 1; until < kept - 1;)
        {
            until = Math.Min(until + MostRemovedAtOnce, kept - 1);
            removed += await database.WriteAsync(work => RemoveAsync(work, until), cancellationToken);
        }
        return removed;
    }

    public Task<LogVerdict> VerifyAsync(LogHead? expected, CancellationToken cancellationToken) => new LogAudit(database, vault).RunAsync(expected, cancellationToken);

    /// <summary>Removes whole links, and notes from where the chain goes on. What another node removes meanwhile is not there any more.</summary>
    private async ValueTask<long> RemoveAsync(Work work, long until)
    {
        LogHead start;
        await using (var command = work.Command(LastLink).Bind("@until", until))
        await using (var row = await command.ExecuteReaderAsync())
        {
            if (!await row.ReadAsync()) return 0;
            start = new LogHead(row.GetInt64(0), (byte[])row[1]);
        }
        if (await work.ExecuteAsync(Note, ("@seq", start.Seq), ("@hash", start.Hash), ("@proof", new LogChain(vault.LogKey).Proof(start))) == 0) return 0;
        var removed = await work.ExecuteAsync("DELETE FROM log WHERE seq <= @seq", ("@seq", start.Seq));
        await work.ExecuteAsync("DELETE FROM log_batch WHERE last_seq <= @seq", ("@seq", start.Seq));
        return removed;
    }
}
