using System.Data.Common;
using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Storage.Organization;
using Countersign.Storage.Outbox;
using Countersign.Storage.SystemLog;
using Countersign.SystemLog;

namespace Countersign.Storage.Hooks;

/// <summary>
/// The feed in SQL. It first looks without a lock, so that a log that nobody wants anything of costs no writes. When somebody does, it looks once more with the feed's row locked, and
/// the messages and the row's new place are one commit: of nodes that do so at the same time, the second begins where the first ended.
/// <para>
/// The head of the log is read before the hooks. So whatever was committed after a hook had been verified is behind the head that a look without that hook went up to, and is not
/// passed over.
/// </para>
/// </summary>
internal sealed class SqlEventFeed(Database database, IOrganizationStore organizations, IVault vault, TimeProvider clock) : IEventFeed
{
    // After a start so much of the log is looked at once more, for nothing.
    private static readonly TimeSpan PlaceIsWrittenEvery = TimeSpan.FromMinutes(1);

    private const string Place = "SELECT seq FROM event_feed WHERE id = 1";
    private const string Head = "SELECT seq FROM log_head WHERE id = 1";
    private const string Hooks = "SELECT key, document FROM organization WHERE key >= 'eventHook/' AND key < 'eventHook0'";
    private const string Events = "SELECT seq, at, body FROM log WHERE seq > @after AND seq <= @head ORDER BY seq LIMIT @count";
    private const string Add = """
        INSERT INTO outbox(id, channel, recipient, recipient_key, purpose, created, expires, status, due, updated, attempts, content)
        VALUES(@id, @channel, @recipient, @recipientKey, 0, @now, @expires, @status, @now, @now, 0, @content)
        """;
    private const string Move = "UPDATE event_feed SET seq = @seq WHERE id = 1 AND seq < @seq";

    private readonly string _lock = database.Provider == "postgres" ? Place + " FOR UPDATE" : Place;
    private long _passed;
    private long _writtenAt = clock.GetTimestamp();

    public async Task<EventFeedStep> MoveAsync(CancellationToken cancellationToken)
    {
        if (!(await organizations.GetAsync(cancellationToken)).EventHooks.Values.Any(IsFed)) return default;
        var look = await database.ReadAsync(connection => LookAsync(connection.Command, Place), cancellationToken);
        var messages = 0;
        if (look.Wanted.Count > 0) (look, messages) = await database.WriteAsync(FeedAsync, cancellationToken);
        else if (look.Until > look.Place && clock.GetElapsedTime(_writtenAt) >= PlaceIsWrittenEvery)
            await database.WriteAsync(work => work.ExecuteAsync(Move, ("@seq", look.Until)), cancellationToken);
        else
        {
            _passed = look.Until;
            return new EventFeedStep(0, look.HasMore);
        }
        (_passed, _writtenAt) = (look.Until, clock.GetTimestamp());
        return new EventFeedStep(messages, look.HasMore);
    }

    private async ValueTask<(Look Look, int Messages)> FeedAsync(Work work)
    {
        var look = await LookAsync(work.Command, _lock);
        var messages = 0;
        foreach (var (hook, events) in look.Wanted)
        {
            foreach (var some in events.Chunk(EventMessage.MostEvents))
            {
                await AddAsync(work, hook, new EventMessage([.. some]));
                messages++;
            }
        }
        await work.ExecuteAsync(Move, ("@seq", look.Until));
        return (look, messages);
    }

    private async ValueTask AddAsync(Work work, EventHook hook, EventMessage message)
    {
        var id = OutboxMessage.NewId(work.Now);
        await work.ExecuteAsync(Add,
            ("@id", id), ("@channel", Channel.EventHook.Name), ("@recipient", hook.Id), ("@recipientKey", OutboxRows.Key(hook.Id)),
            ("@now", work.Now.ToUnixTimeMilliseconds()), ("@expires", (work.Now + EventMessage.Lifetime).ToUnixTimeMilliseconds()),
            ("@status", OutboxStatus.Waiting.Name), ("@content", message.Seal(vault, id)));
    }

    private async ValueTask<Look> LookAsync(Func<string, DbCommand> command, string placeSql)
    {
        var place = await NumberAsync(command(placeSql));
        var head = await NumberAsync(command(Head));
        var hooks = await HooksAsync(command(Hooks));
        var look = new Look(place, head, head, []);
        if (hooks.Count == 0) return look;
        // What lies before every hook's beginning is nobody's.
        var after = Math.Max(Math.Max(place, _passed), hooks.Min(hook => hook.After));
        if (after >= head) return look;
        var entries = await EventsAsync(command(Events).Bind("@after", after).Bind("@head", head).Bind("@count", EventMessage.MostRead));
        foreach (var hook in hooks)
        {
            var wanted = entries.Where(hook.Wants).Select(entry => entry.Seq).ToList();
            if (wanted.Count > 0) look.Wanted.Add((hook, wanted));
        }
        // Fewer than were asked for are all that there are: older ones may have been removed.
        return look with { Until = entries.Count < EventMessage.MostRead ? head : entries[^1].Seq };
    }

    private static bool IsFed(EventHook hook) => hook is { IsActive: true, IsVerified: true };

    private static async ValueTask<long> NumberAsync(DbCommand command)
    {
        await using (command) return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async ValueTask<List<EventHook>> HooksAsync(DbCommand command)
    {
        var documents = new List<(string, byte[])>();
        await using (command)
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) documents.Add((rows.GetString(0), (byte[])rows[1]));
        return [.. OrganizationDocuments.Read("", documents).EventHooks.Values.Where(IsFed)];
    }

    private static async ValueTask<List<LogEntry>> EventsAsync(DbCommand command)
    {
        var entries = new List<LogEntry>();
        await using (command)
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) entries.Add(new LogEntry(rows.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), LogEventCodec.Read((byte[])rows[2])));
        return entries;
    }

    /// <param name="Place">The row's place.</param>
    /// <param name="Until">Up to where was looked.</param>
    /// <param name="End">The head of the log.</param>
    /// <param name="Wanted">Which hooks want which events.</param>
    private sealed record Look(long Place, long Until, long End, List<(EventHook Hook, List<long> Events)> Wanted)
    {
        public bool HasMore => Until < End;
    }
}
