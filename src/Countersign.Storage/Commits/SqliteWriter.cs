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
    private const int EventsOnPage = 4;

    private readonly SqliteConnection _connection;
    private readonly LogChain _chain;
    private readonly CommitMeter _meter;
    private readonly SqliteStatement _begin, _commit, _rollback, _load, _save, _readHead, _moveHead, _log, _logBatch;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly List<StoredEvent> _events = [];
    private readonly System.Buffers.ArrayBufferWriter<byte> _state = new(1024);

    public SqliteWriter(string connectionString, LogChain chain, CommitMeter meter)
    {
        _meter = meter;
        _chain = chain;
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
        if (_checkpoints.Changed(batch.Count + (_events.Count / EventsOnPage) + 3)) SqliteCheckpoints.Checkpoint(_connection);
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        foreach (var statement in new[] { _begin, _commit, _rollback, _load, _save, _readHead, _moveHead, _log, _logBatch }) statement.Dispose();
        _connection.Dispose();
    }

    private SqliteStatement Prepare(string sql) => new(_connection.Handle!, sql);

    private void Decide(Decision decision, DateTimeOffset now)
    {
        var (state, events) = decision.Decide(SqliteReader.Load(_load, decision.User, out var row), now);
        if (state is not null)
        {
            _state.ResetWrittenCount();
            UserStateCodec.Write(state, _state);
            if (_save.Bind(1, row).Bind(2, state.Version).Bind(3, state.Status.Name).Bind(4, _state.WrittenSpan).Run() != 1)
                throw new System.Data.DBConcurrencyException($"user {state.Id} changed inside a transaction");
        }
        var at = now.ToUnixTimeMilliseconds();
        foreach (var logged in events) _events.Add(new StoredEvent(at, LogEventCodec.Write(logged)));
    }

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
