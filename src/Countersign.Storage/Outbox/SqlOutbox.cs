using System.Data.Common;
using Countersign.Outbox;
using Countersign.Storage.Commits;
using Countersign.SystemLog;

namespace Countersign.Storage.Outbox;

/// <summary>
/// The outbox in SQL. Taking a message up moves the instant at which it is due to the end of the lease, so that a node that dies gives it back by doing nothing; and counts, so
/// that whoever comes back late notes nothing over somebody else's word.
/// </summary>
internal sealed class SqlOutbox(Database database) : IOutbox
{
    private const int MostRemovedAtOnce = 2_000;
    // The longest window of any limit is a day.
    private static readonly TimeSpan CountsAreKept = TimeSpan.FromDays(2);

    private const string Finish = """
        UPDATE outbox SET status = @status, due = NULL, updated = @now, provider = @provider, reference = @reference, reason = @reason, content = NULL
        WHERE id = @id AND attempts = @attempts AND status IN ('WAITING', 'SUPERSEDED')
        """;
    private const string Postpone = """
        UPDATE outbox SET due = @due, updated = @now, provider = @provider, reason = @reason
        WHERE id = @id AND attempts = @attempts AND due IS NOT NULL
        """;
    // Both at once for a whole batch: on PostgreSQL each statement is a way there and back, for which the batch's transaction stays open. An outcome that is due (0: null) is postponed.
    private const string Note = """
        UPDATE outbox AS o SET status = w.status, due = NULLIF(w.due, 0), updated = @now, provider = w.provider, reason = w.reason,
               reference = CASE w.due WHEN 0 THEN w.reference ELSE o.reference END, content = CASE w.due WHEN 0 THEN NULL ELSE o.content END
        FROM unnest(@ids::text[], @attempts::bigint[], @statuses::text[], @dues::bigint[], @providers::text[], @references::text[], @reasons::text[])
             AS w(id, attempts, status, due, provider, reference, reason)
        WHERE o.id = w.id AND o.attempts = w.attempts AND CASE w.due WHEN 0 THEN o.status IN ('WAITING', 'SUPERSEDED') ELSE o.due IS NOT NULL END
        RETURNING o.id
        """;
    private const string Remove = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < @id AND due IS NULL ORDER BY id LIMIT @count)";
    private const string RemoveCounts = "DELETE FROM send_limit WHERE key IN (SELECT key FROM send_limit WHERE last < @before ORDER BY last LIMIT @count)";

    private const string Due = "SELECT id FROM outbox WHERE due <= @now ORDER BY due LIMIT @count";

    // Nodes of one PostgreSQL pass over what another one is taking up at this moment; SQLite has one writer. The array is made once: IN would let PostgreSQL run the query again
    // for every row that is due, each time over those that are still free, so that everything was taken up, however small the count.
    private readonly string _lease = $"""
        UPDATE outbox SET due = @until, attempts = attempts + 1, updated = @now
        WHERE id {(database.Provider == "postgres" ? $"= ANY(ARRAY({Due} FOR UPDATE SKIP LOCKED))" : $"IN ({Due})")}
        RETURNING {OutboxRows.Columns}
        """;

    public async Task<IReadOnlyList<OutboxEntry>> LeaseAsync(int count, TimeSpan lease, CancellationToken cancellationToken)
        => await database.WriteAsync(async work =>
        {
            await using var command = work.Command(_lease)
                .Bind("@now", work.Now.ToUnixTimeMilliseconds()).Bind("@until", (work.Now + lease).ToUnixTimeMilliseconds()).Bind("@count", count);
            var entries = await ReadAsync(command);
            entries.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
            return entries;
        }, cancellationToken);

    public Task FinishAsync(IReadOnlyList<OutboxOutcome> outcomes, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var changed = database.Provider == "postgres" ? await NoteTogetherAsync(work, outcomes) : await NoteEachAsync(work, outcomes);
        foreach (var outcome in outcomes)
        {
            if (!changed.Contains(outcome.Entry.Id)) continue;
            foreach (var logged in outcome.Events) work.Log(logged);
        }
        return true;
    }, cancellationToken);

    public Task<bool> NoteAsync(OutboxReceipt receipt, Func<OutboxEntry, LogEvent?> eventOf, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await using var find = work.Command($"SELECT {OutboxRows.Columns} FROM outbox WHERE reference = @reference AND provider = @provider LIMIT 1")
            .Bind("@reference", receipt.Reference).Bind("@provider", receipt.Provider);
        if (await ReadAsync(find) is not [var entry]) return false;
        var status = receipt.Status switch
        {
            ReceiptStatus.Delivered => OutboxStatus.Delivered,
            ReceiptStatus.Undelivered => OutboxStatus.Undelivered,
            _ => OutboxStatus.Sent,
        };
        // What arrived has arrived, and a receipt that comes twice tells nothing new.
        if (entry.Status == status || entry.Status == OutboxStatus.Delivered || receipt.Status == ReceiptStatus.Pending) return true;
        await work.ExecuteAsync("UPDATE outbox SET status = @status, reason = @reason, updated = @now WHERE id = @id",
            ("@status", status.Name), ("@reason", receipt.Reason), ("@now", work.Now.ToUnixTimeMilliseconds()), ("@id", entry.Id));
        work.Log(eventOf(entry));
        return true;
    }, cancellationToken);

    public Task<OutboxEntry?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync<OutboxEntry?>(async connection =>
    {
        await using var command = connection.Command($"SELECT {OutboxRows.Columns} FROM outbox WHERE id = @id").Bind("@id", id);
        return (await ReadAsync(command)).FirstOrDefault();
    }, cancellationToken);

    public async Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxQuery query, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        List<string> conditions = [];
        if (query.Recipient is not null) conditions.Add("recipient_key = @recipient");
        if (query.Before is not null) conditions.Add("id < @before");
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        await using var command = connection.Command($"SELECT {OutboxRows.Columns} FROM outbox{where} ORDER BY id DESC LIMIT @count").Bind("@count", query.Limit);
        if (query.Recipient is { } recipient) command.Bind("@recipient", OutboxRows.Key(recipient));
        if (query.Before is { } before) command.Bind("@before", before);
        return await ReadAsync(command);
    }, cancellationToken);

    public Task<long> CountWaitingAsync(int most, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE due IS NOT NULL LIMIT @most) AS waiting").Bind("@most", most);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }, cancellationToken);

    public async Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        long removed = 0;
        for (var last = MostRemovedAtOnce; last == MostRemovedAtOnce; removed += last)
        {
            // Ids begin with the instant of their making.
            last = await database.WriteAsync(async work => await work.ExecuteAsync(Remove, ("@id", OutboxMessage.NewId(before)), ("@count", MostRemovedAtOnce)), cancellationToken);
        }
        for (var last = MostRemovedAtOnce; last == MostRemovedAtOnce;)
        {
            last = await database.WriteAsync(async work => await work.ExecuteAsync(RemoveCounts,
                ("@before", (work.Now - CountsAreKept).ToUnixTimeMilliseconds()), ("@count", MostRemovedAtOnce)), cancellationToken);
        }
        return removed;
    }

    private static async ValueTask<HashSet<string>> NoteTogetherAsync(Work work, IReadOnlyList<OutboxOutcome> outcomes)
    {
        await using var command = work.Command(Note).Bind("@now", work.Now.ToUnixTimeMilliseconds())
            .Bind("@ids", outcomes.Select(outcome => outcome.Entry.Id).ToArray())
            .Bind("@attempts", outcomes.Select(outcome => (long)outcome.Entry.Attempts).ToArray())
            .Bind("@statuses", outcomes.Select(outcome => outcome.Status.Name).ToArray())
            .Bind("@dues", outcomes.Select(outcome => outcome.Status == OutboxStatus.Waiting ? outcome.Due!.Value.ToUnixTimeMilliseconds() : 0).ToArray())
            .Bind("@providers", outcomes.Select(outcome => outcome.Provider).ToArray())
            .Bind("@references", outcomes.Select(outcome => outcome.Reference).ToArray())
            .Bind("@reasons", outcomes.Select(outcome => outcome.Reason).ToArray());
        var changed = new HashSet<string>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) changed.Add(rows.GetString(0));
        return changed;
    }

    private static async ValueTask<HashSet<string>> NoteEachAsync(Work work, IReadOnlyList<OutboxOutcome> outcomes)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var outcome in outcomes)
        {
            var rows = outcome.Status == OutboxStatus.Waiting
                ? await work.ExecuteAsync(Postpone, [("@due", outcome.Due!.Value.ToUnixTimeMilliseconds()), .. Common(work, outcome)])
                : await work.ExecuteAsync(Finish, [("@status", outcome.Status.Name), ("@reference", outcome.Reference), .. Common(work, outcome)]);
            if (rows > 0) changed.Add(outcome.Entry.Id);
        }
        return changed;
    }

    private static (string, object?)[] Common(Work work, OutboxOutcome outcome) =>
    [
        ("@id", outcome.Entry.Id), ("@attempts", outcome.Entry.Attempts), ("@now", work.Now.ToUnixTimeMilliseconds()), ("@provider", outcome.Provider), ("@reason", outcome.Reason),
    ];

    private static async ValueTask<List<OutboxEntry>> ReadAsync(DbCommand command)
    {
        var entries = new List<OutboxEntry>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) entries.Add(OutboxRows.Read(rows));
        return entries;
    }
}
