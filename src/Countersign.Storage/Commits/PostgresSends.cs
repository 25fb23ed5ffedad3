using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.Storage.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage.Commits;

/// <summary>
/// What a batch sends, and the limits that it must keep. Which limits those are is known only when the batch is decided, so a batch that sends is decided twice: without locks, and
/// then with its users and limits locked. Of racing nodes one is first.
/// </summary>
internal sealed class PostgresSends
{
    private const string Ensure = "INSERT INTO send_limit(key, started, count, last) SELECT key, 0, 0, 0 FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT DO NOTHING";
    private const string Lock = "SELECT key, started, count, last FROM send_limit WHERE key = ANY($1) ORDER BY key FOR UPDATE";

    /// <summary>
    /// Writes limits ($11 to $14) and messages ($15 to $25), and ends older messages of the factors in $26 and $27. The limits are there and locked; written as if they might not be, they are
    /// found by their key, whatever PostgreSQL believes of the size of the table.
    /// </summary>
    public const string Write = """
        limits AS (INSERT INTO send_limit(key, started, count, last) SELECT key, started, count, last
                   FROM unnest($11::text[], $12::bigint[], $13::bigint[], $14::bigint[]) AS w(key, started, count, last)
                   ON CONFLICT (key) DO UPDATE SET started = excluded.started, count = excluded.count, last = excluded.last),
        superseded AS (UPDATE outbox AS o SET status = 'SUPERSEDED', due = NULL, content = NULL, updated = $25
                       FROM unnest($26::text[], $27::text[]) AS w(user_id, factor_id)
                       WHERE o.user_id = w.user_id AND o.factor_id = w.factor_id AND o.due IS NOT NULL),
        sent AS (INSERT INTO outbox(id, channel, recipient, recipient_key, user_id, factor_id, purpose, created, expires, status, due, updated, attempts, content)
                 SELECT w.id, w.channel, w.recipient, w.recipient_key, w.user_id, w.factor_id, w.purpose, $25, w.expires, w.status,
                        CASE WHEN w.status = 'WAITING' THEN $25 END, $25, 0, w.content
                 FROM unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::bigint[], $21::bigint[], $22::text[], $23::bytea[], $24::text[])
                      AS w(id, channel, recipient, user_id, factor_id, purpose, expires, status, content, recipient_key))
        """;

    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SendCount> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<OutboxMessage> _messages = [];

    /// <summary>Whether limits turned up that are not locked.</summary>
    public bool MustLock { get; private set; }

    public bool HasMessages => _messages.Count > 0;

    /// <summary>Begins a try.</summary>
    public void Begin()
    {
        _messages.Clear();
        _counts.Clear();
        _taken.Clear();
        MustLock = false;
    }

    /// <summary>Whether all limits are locked; if not, they will be with the next try.</summary>
    public bool Knows(IReadOnlyList<SendLimit> limits)
    {
        foreach (var limit in limits)
        {
            if (_counts.ContainsKey(limit.Key)) continue;
            _keys.Add(limit.Key);
            MustLock = true;
        }
        return !MustLock;
    }

    public SendCount CountOf(string key) => _counts[key];

    public void Take(string key, SendCount count)
    {
        _counts[key] = count;
        _taken.Add(key);
    }

    /// <summary>Adds a message. An older one of the same factor in this batch makes way for it.</summary>
    public void Add(OutboxMessage message)
    {
        var older = message.Factor is null ? -1 : _messages.FindIndex(other => other.Factor == message.Factor && other.Status == OutboxStatus.Waiting);
        if (older >= 0) _messages[older] = _messages[older] with { Status = OutboxStatus.Superseded, Content = default };
        _messages.Add(message);
    }

    /// <summary>Adds the commands that lock what earlier tries asked for.</summary>
    public void AddLocks(NpgsqlBatchCommandCollection commands)
    {
        foreach (var sql in (ReadOnlySpan<string>)[Ensure, Lock])
            commands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. _keys] } } });
    }

    /// <summary>Reads the counts that were locked.</summary>
    public async Task ReadAsync(NpgsqlDataReader rows)
    {
        if (!await rows.NextResultAsync()) return;
        while (await rows.ReadAsync()) _counts[rows.GetString(0)] = new SendCount(rows.GetInt64(1), (int)rows.GetInt64(2), rows.GetInt64(3));
    }

    /// <summary>Adds the parameters of <see cref="Write"/>.</summary>
    public void AddParameters(NpgsqlParameterCollection parameters, DateTimeOffset now)
    {
        Add(_taken.ToArray());
        Add(_taken.Select(key => _counts[key].StartedAt).ToArray());
        Add(_taken.Select(key => (long)_counts[key].Count).ToArray());
        Add(_taken.Select(key => _counts[key].Last).ToArray());
        Add(_messages.Select(message => message.Id).ToArray());
        Add(_messages.Select(message => message.Channel.Name).ToArray());
        Add(_messages.Select(message => message.Recipient).ToArray());
        Add(_messages.Select(message => message.User?.Value).ToArray());
        Add(_messages.Select(message => message.Factor?.Value).ToArray());
        Add(_messages.Select(message => (long)message.Purpose).ToArray());
        Add(_messages.Select(message => message.Expires.ToUnixTimeMilliseconds()).ToArray());
        Add(_messages.Select(message => message.Status.Name).ToArray());
        parameters.Add(new NpgsqlParameter<byte[]?[]>
        {
            TypedValue = [.. _messages.Select(message => message.Content.IsEmpty ? null : message.Content.ToArray())],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        Add(_messages.Select(message => OutboxRows.Key(message.Recipient)).ToArray());
        Add(now.ToUnixTimeMilliseconds());
        // Where the outbox alone keeps messages, none waits.
        var waiting = _messages.Where(message => message is { Factor: not null, Status: OutboxStatus.Waiting }).ToList();
        Add(waiting.Select(message => message.User!.Value.Value).ToArray());
        Add(waiting.Select(message => message.Factor!.Value.Value).ToArray());

        void Add<T>(T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
    }
}
