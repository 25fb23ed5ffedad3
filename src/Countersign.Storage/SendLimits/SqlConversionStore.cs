using Countersign.SendLimits;
using Countersign.Storage.Commits;
using Countersign.SystemLog;

namespace Countersign.Storage.SendLimits;

/// <summary>The conversion of every range of numbers, over all nodes.</summary>
internal sealed class SqlConversionStore(Database database) : IConversionStore
{
    private const string Ensure = "INSERT INTO conversion(range, started, sent, verified, paused_until) VALUES(@range, 0, 0, 0, 0) ON CONFLICT(range) DO NOTHING";
    private const string Save = "UPDATE conversion SET started = @started, sent = @sent, verified = @verified, paused_until = @paused WHERE range = @range";
    private const string Paused = "SELECT range, paused_until FROM conversion WHERE paused_until > @now";

    private readonly string _load = "SELECT started, sent, verified, paused_until FROM conversion WHERE range = @range" + (database.Provider == "postgres" ? " FOR UPDATE" : "");

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> GatherAsync(
        IReadOnlyDictionary<string, (int Sent, int Verified)> counts, ConversionWatch watch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (counts.Count > 0) await database.WriteAsync(work => AddAsync(work, counts, watch), cancellationToken);
        return await database.ReadAsync(async connection =>
        {
            var paused = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            await using var command = connection.Command(Paused).Bind("@now", now.ToUnixTimeMilliseconds());
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) paused[rows.GetString(0)] = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1));
            return paused;
        }, cancellationToken);
    }

    // Rows are locked in the order of their names, by whatever node.
    private async ValueTask<bool> AddAsync(Work work, IReadOnlyDictionary<string, (int Sent, int Verified)> counts, ConversionWatch watch)
    {
        foreach (var (range, (sent, verified)) in counts.OrderBy(count => count.Key, StringComparer.Ordinal))
        {
            await work.ExecuteAsync(Ensure, ("@range", range));
            var before = await LoadAsync(work, range);
            var after = watch.Add(before, sent, verified, work.Now);
            await work.ExecuteAsync(Save, ("@range", range), ("@started", after.StartedAt), ("@sent", after.Sent), ("@verified", after.Verified), ("@paused", after.PausedUntil));
            if (after.PausedUntil > before.PausedUntil) work.Log(Event(range, before, sent, verified));
        }
        return true;
    }

    private async ValueTask<Conversion> LoadAsync(Work work, string range)
    {
        await using var command = work.Command(_load).Bind("@range", range);
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new Conversion(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)) : default;
    }

    private static LogEvent Event(string range, Conversion before, int sent, int verified) => new()
    {
        EventType = LogEventTypes.SendsPaused,
        Outcome = "DENY",
        Reason = $"{before.Verified + verified} of {before.Sent + sent} codes were verified",
        Severity = "WARN",
        Actor = LogSubject.System,
        Targets = [new LogSubject(range, "PhoneNumberRange", "unknown", range)],
    };
}
