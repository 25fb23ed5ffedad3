using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.SystemLog;

namespace Countersign.Storage.SystemLog;

/// <summary>
/// Checks the whole log against its chain, in a bounded amount of memory, while it grows. Found is what was edited, removed, reordered or put in by somebody without the
/// key. Whether the end was cut off is found by comparing with a head that was noted earlier.
/// </summary>
internal sealed class LogAudit(Database database, Vault vault)
{
    private const int Chunk = 200;

    private const string Start = "SELECT seq, hash, proof FROM log_start WHERE id = 1";
    private const string Head = "SELECT seq, hash FROM log_head WHERE id = 1";
    private const string Batches = "SELECT last_seq, count, anchor_seq, anchor_hash, digest, hash FROM log_batch WHERE last_seq > @after AND last_seq <= @until ORDER BY last_seq LIMIT @count";
    private const string Events = "SELECT seq, at, body FROM log WHERE seq > @after AND seq <= @until ORDER BY seq";
    private const string HashAt = "SELECT hash FROM log_batch WHERE last_seq = @seq";
    private const string Strays = "SELECT (SELECT count(*) FROM log WHERE seq <= @start OR seq > @end), (SELECT count(*) FROM log_batch WHERE last_seq <= @start OR last_seq > @end)";

    private readonly LogChain _chain = new(vault.LogKey);

    /// <summary>Checks everything that is there when it begins.</summary>
    /// <param name="expected">A head noted earlier, which must be part of the chain; null: none was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<LogVerdict> RunAsync(LogHead? expected, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        // One snapshot: what commits meanwhile is not looked at. SQLite's deferred and PostgreSQL's repeatable transactions both give one.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return await CheckAsync(connection, expected, cancellationToken);
    }, cancellationToken);

    private async Task<LogVerdict> CheckAsync(DbConnection connection, LogHead? expected, CancellationToken cancellationToken)
    {
        var (start, proof) = await ReadHeadAsync(connection, Start, cancellationToken);
        var (end, _) = await ReadHeadAsync(connection, Head, cancellationToken);
        var startIsVouchedFor = proof.Length == 0 ? start.Is(LogHead.Empty) : CryptographicOperations.FixedTimeEquals(proof, _chain.Proof(start));
        if (!startIsVouchedFor) return Fault(start.Seq, "the place where the log begins was changed: older events were removed by somebody else");
        if (expected is { } wanted && (wanted.Seq > end.Seq || wanted.Seq < start.Seq)) return Fault(end.Seq, $"the log was to have reached {wanted.Seq}: its end was cut off, or it was replaced");

        var at = start;
        var isExpected = expected is null || expected.Value.Is(start);
        while (at.Seq < end.Seq)
        {
            var batches = await ReadBatchesAsync(connection, at.Seq, end.Seq, cancellationToken);
            if (batches.Count == 0) return Fault(at.Seq + 1, "the events from here on have no link in the chain");
            foreach (var batch in batches)
            {
                var first = at.Seq + 1;
                if (batch.LastSeq - batch.Count != at.Seq) return Fault(first, "a link of the chain is missing or was changed");
                var events = await ReadEventsAsync(connection, at.Seq, batch.LastSeq, cancellationToken);
                for (var i = 0; i < batch.Count; i++)
                    if (i >= events.Count || events[i].Seq != first + i) return Fault(first + i, "an event was removed");
                if (!CryptographicOperations.FixedTimeEquals(_chain.Digest(batch.Anchor, [.. events.Select(one => one.Event)]), batch.Digest))
                    return Fault(first, $"an event among {first} to {batch.LastSeq} was changed");
                if (!await IsInChainAsync(connection, batch.Anchor, start, cancellationToken)) return Fault(batch.Anchor.Seq, "the chain was written anew up to here");
                var hash = LogChain.Link(at.Hash, batch.Digest);
                if (!hash.AsSpan().SequenceEqual(batch.Hash)) return Fault(first, "a link of the chain was changed, or events before it were removed");
                at = new LogHead(batch.LastSeq, hash);
                isExpected |= expected is { } noted && noted.Is(at);
            }
        }
        if (!at.Is(end)) return Fault(at.Seq, "the chain's end was changed");
        if (await CountStraysAsync(connection, start.Seq, end.Seq, cancellationToken) > 0) return Fault(end.Seq, "there are events outside of the chain");
        return isExpected ? new LogVerdict(start.Seq + 1, end, null, null) : Fault(expected!.Value.Seq, "the head that was noted is not part of the chain: the log was replaced");

        LogVerdict Fault(long seq, string what) => new(start.Seq + 1, end, seq, what);
    }

    /// <summary>Whether an anchor is the chain's head as it was then; one before the log's beginning cannot be looked up any more, and was looked up by who removed.</summary>
    private static async Task<bool> IsInChainAsync(DbConnection connection, LogHead anchor, LogHead start, CancellationToken cancellationToken)
    {
        if (anchor.Seq == 0) return anchor.Is(LogHead.Empty);
        if (anchor.Seq < start.Seq) return true;
        if (anchor.Seq == start.Seq) return anchor.Is(start);
        await using var command = connection.Command(HashAt).Bind("@seq", anchor.Seq);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] hash && hash.AsSpan().SequenceEqual(anchor.Hash);
    }

    private static async Task<(LogHead Head, byte[] Proof)> ReadHeadAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (new LogHead(row.GetInt64(0), (byte[])row[1]), row.FieldCount > 2 ? (byte[])row[2] : [])
            : (new LogHead(0, []), []);
    }

    private static async Task<List<Batch>> ReadBatchesAsync(DbConnection connection, long after, long until, CancellationToken cancellationToken)
    {
        var batches = new List<Batch>(Chunk);
        await using var command = connection.Command(Batches).Bind("@after", after).Bind("@until", until).Bind("@count", Chunk);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            batches.Add(new Batch(rows.GetInt64(0), rows.GetInt64(1), new LogHead(rows.GetInt64(2), (byte[])rows[3]), (byte[])rows[4], (byte[])rows[5]));
        return batches;
    }

    private static async Task<List<(long Seq, StoredEvent Event)>> ReadEventsAsync(DbConnection connection, long after, long until, CancellationToken cancellationToken)
    {
        var events = new List<(long, StoredEvent)>();
        await using var command = connection.Command(Events).Bind("@after", after).Bind("@until", until);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) events.Add((rows.GetInt64(0), new StoredEvent(rows.GetInt64(1), (byte[])rows[2])));
        return events;
    }

    private static async Task<long> CountStraysAsync(DbConnection connection, long start, long end, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Strays).Bind("@start", start).Bind("@end", end);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return row.GetInt64(0) + row.GetInt64(1);
    }

    private readonly record struct Batch(long LastSeq, long Count, LogHead Anchor, byte[] Digest, byte[] Hash);
}
