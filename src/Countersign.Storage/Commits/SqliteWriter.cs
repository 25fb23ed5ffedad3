using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.Storage.Outbox;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Telemetry;
using Countersign.Storage.Users;
using Countersign.SystemLog;
using Countersign.Users;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Commits;

/// <summary>The writing connection: takes a batch of decisions and other writes through one transaction. Used by one thread.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int PagesWrittenStatus = 9;   // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly SqliteConnection _connection;
    private readonly LogChain _chain;
    private readonly CommitMeter _meter;
    private readonly SqliteStatement _begin, _commit, _rollback, _load, _save, _readHead, _moveHead, _log, _logBatch, _readLimit, _saveLimit, _supersede, _send;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly List<StoredEvent> _events = [];
    private readonly Func<string, SendCount> _countOf;
    private readonly Action<string, SendCount> _takeCount;
    private readonly System.Buffers.ArrayBufferWriter<byte> _state = new(1024);

    public SqliteWriter(string connectionString, LogChain chain, CommitMeter meter)
    {
        _meter = meter;
        _chain = chain;
        (_countOf, _takeCount) = (CountOf, TakeCount);
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        using (var pragmas = _connection.Command("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=30000; PRAGMA cache_size=-49152"))
            pragmas.ExecuteNonQuery();
        _checkpoints = new SqliteCheckpoints(connectionString);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _load = Prepare(SqliteReader.LoadState);
        _save = Prepare("UPDATE user_state SET version = ?2 + 1, status = ?3, state = ?4 WHERE rowid = ?1 AND version = ?2");
        _readHead = Prepare("SELECT seq, hash FROM log_head WHERE id = 1");
        _moveHead = Prepare("UPDATE log_head SET seq = ?1, hash = ?2 WHERE id = 1");
        _log = Prepare("INSERT INTO log(seq, at, body) VALUES(?1, ?2, ?3)");
        _readLimit = Prepare("SELECT started, count, last FROM send_limit WHERE key = ?1");
        _saveLimit = Prepare("INSERT INTO send_limit(key, started, count, last) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(key) DO UPDATE SET started = ?2, count = ?3, last = ?4");
        _supersede = Prepare("UPDATE outbox SET status = 'SUPERSEDED', due = NULL, content = NULL, updated = ?3 WHERE user_id = ?1 AND factor_id = ?2 AND due IS NOT NULL");
        _send = Prepare("""
            INSERT INTO outbox(id, channel, recipient, recipient_key, user_id, factor_id, purpose, created, expires, status, due, updated, attempts, content)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?8, 0, ?12)
            """);
        _logBatch = Prepare("INSERT INTO log_batch(last_seq, count, anchor_seq, anchor_hash, digest, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    }

    /// <summary>Commits what is in <paramref name="batch"/> together and answers every part of it.</summary>
    public void Commit(List<object> batch, DateTimeOffset now)
    {
        _events.Clear();
        var measured = _meter.Begin(batch);
        try
        {
            _begin.Run();
            foreach (var job in batch)
            {
                if (job is Decision decision) Decide(decision, now);
                else ((SqliteWrite)job).Run(_connection, _events, now);
            }
            AppendLog();
            _commit.Run();
            measured.Dispose();
        }
        catch (Exception exception)
        {
            measured.Fail(exception);
            measured.Dispose();
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0) _rollback.Run();
            foreach (var job in batch)
            {
                if (job is Decision decision) decision.Fail(exception);
                else ((SqliteWrite)job).Fail(exception);
            }
            return;
        }
        foreach (var job in batch)
        {
            if (job is Decision decision) decision.Complete();
            else ((SqliteWrite)job).Complete();
        }
        if (_checkpoints.Changed(PagesWritten())) SqliteCheckpoints.Checkpoint(_connection);
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        foreach (var statement in new[] { _begin, _commit, _rollback, _load, _save, _readHead, _moveHead, _log, _logBatch, _readLimit, _saveLimit, _supersede, _send }) statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>Pages that went to the write-ahead log since this was asked last.</summary>
    private int PagesWritten() => SQLitePCL.raw.sqlite3_db_status(_connection.Handle!, PagesWrittenStatus, out var pages, out _, resetFlg: 1) == SQLitePCL.raw.SQLITE_OK ? pages : 0;

    private SqliteStatement Prepare(string sql) => new(_connection.Handle!, sql);

    private void Decide(Decision decision, DateTimeOffset now)
    {
        var decided = decision.Judge(decision.Decide(SqliteReader.Load(_load, decision.User, out var row), now), now, _countOf, _takeCount);
        // The SQLite provider does all of its work before it returns, so this never waits.
        if (decided.ChangesClaims) decided = decision.ClaimAsync(decided, new Work(_connection, locksRows: false, now)).AsTask().GetAwaiter().GetResult();
        if (decided.State is { } state)
        {
            _state.ResetWrittenCount();
            UserStateCodec.Write(state, _state);
            if (_save.Bind(1, row).Bind(2, state.Version).Bind(3, state.Status.Name).Bind(4, _state.WrittenSpan).Run() != 1)
                throw new System.Data.DBConcurrencyException($"user {state.Id} changed inside a transaction");
        }
        var at = now.ToUnixTimeMilliseconds();
        foreach (var logged in decided.Events) _events.Add(new StoredEvent(at, LogEventCodec.Write(logged)));
        foreach (var message in decided.Messages) Send(message, at);
    }

    private void Send(OutboxMessage message, long at)
    {
        // Where the outbox alone keeps messages, none waits.
        if (message is { Factor: { } factor, Status: OutboxStatus.Waiting }) _supersede.Bind(1, message.User!.Value.Value).Bind(2, factor.Value).Bind(3, at).Run();
        _send.Bind(1, message.Id).Bind(2, message.Channel.Name).Bind(3, message.Recipient).Bind(4, OutboxRows.Key(message.Recipient))
            .Bind(5, message.User?.Value).Bind(6, message.Factor?.Value).Bind(7, (int)message.Purpose)
            .Bind(8, at).Bind(9, message.Expires.ToUnixTimeMilliseconds()).Bind(10, message.Status.Name)
            .Bind(11, message.Status == OutboxStatus.Waiting ? at : null).Bind(12, message.Content.Span).Run();
    }

    private SendCount CountOf(string key)
    {
        var count = _readLimit.Bind(1, key).Step() ? new SendCount(_readLimit.Int64(0), (int)_readLimit.Int64(1), _readLimit.Int64(2)) : default;
        _readLimit.Reset();
        return count;
    }

    private void TakeCount(string key, SendCount count) => _saveLimit.Bind(1, key).Bind(2, count.StartedAt).Bind(3, count.Count).Bind(4, count.Last).Run();

    private void AppendLog()
    {
        if (_events.Count == 0) return;
        _readHead.Step();
        var head = new LogHead(_readHead.Int64(0), _readHead.Blob(1));
        _readHead.Reset();
        var seq = head.Seq;
        foreach (var logged in _events) _log.Bind(1, ++seq).Bind(2, logged.At).Bind(3, logged.Body).Run();
        var digest = _chain.Digest(head, _events);
        var hash = LogChain.Link(head.Hash, digest);
        _logBatch.Bind(1, seq).Bind(2, _events.Count).Bind(3, head.Seq).Bind(4, head.Hash).Bind(5, digest).Bind(6, hash).Run();
        _moveHead.Bind(1, seq).Bind(2, hash).Run();
    }
}
