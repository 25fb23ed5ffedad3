using System.Collections.Concurrent;
using System.Data.Common;
using Countersign.Storage.Migrations;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Telemetry;
using Countersign.Users;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Commits;

/// <summary>
/// SQLite: one thread owns the writing connection, and everything that waits travels in one transaction with one fsync (<c>synchronous=FULL</c>). Loading and
/// deciding happen inside it, so no two decisions ever race. Reads go to connections of their own and wait for nobody (WAL).
/// </summary>
internal sealed class SqliteDatabase : Database
{
    private const int LargestBatch = 512;

    private readonly string _file;
    private readonly string _connectionString;
    private readonly TimeProvider _clock;
    private readonly SqliteQueue _queue = new();
    private readonly ConcurrentBag<SqliteReader> _readers = [];
    private readonly Lazy<Thread> _writer;
    private readonly CommitMeter _meter;
    private LogChain? _chain;
    private volatile bool _closed;

    public SqliteDatabase(string file, TimeProvider clock)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        _file = file;
        _clock = clock;
        _meter = new CommitMeter(() => _queue.Count);
        _writer = new Lazy<Thread>(() =>
        {
            var thread = new Thread(Write) { IsBackground = true, Name = "SQLite commits" };
            thread.Start();
            return thread;
        });
    }

    public override string Provider => "sqlite";

    internal override void Migrate()
    {
        using var only = MigrationLock();
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // A verification changes one row on one page: small pages are half the bytes to checksum and to write.
        using (var pragma = connection.Command("PRAGMA page_size=2048; PRAGMA journal_mode=WAL")) pragma.ExecuteNonQuery();
        Migrator.Sqlite(connection, _connectionString);
    }

    internal override void UseChain(LogChain chain) => _chain = chain;

    internal override async Task<T> ReadAsync<T>(Func<DbConnection, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return await read(connection);
    }

    internal override Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken)
    {
        if (!_readers.TryTake(out var reader)) reader = new SqliteReader(_connectionString);
        try
        {
            return Task.FromResult(reader.Load(user));
        }
        finally
        {
            if (_closed) reader.Dispose();
            else _readers.Add(reader);
        }
    }

    internal override Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var decision = new Decision<T>(user, decide);
        Enqueue(decision);
        return decision.Answer;
    }

    internal override Task<T> WriteAsync<T>(Func<Work, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new SqliteWrite<T>(work);
        Enqueue(write);
        return write.Answer;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_closed) return;
        _closed = true;
        _queue.Close();
        if (_writer.IsValueCreated) await Task.Run(_writer.Value.Join);
        _meter.Dispose();
        while (_readers.TryTake(out var reader)) reader.Dispose();
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Of processes that start at once on one file, one migrates; the others wait for it.</summary>
    private FileStream MigrationLock()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(_file + ".migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < 300)
            {
                Task.Delay(100).Wait();
            }
        }
    }

    private void Enqueue(object job)
    {
        _ = _writer.Value;
        if (!_queue.TryAdd(job)) throw new CommitFailedException("The store is closed.", null);
    }

    private void Write()
    {
        using var writer = new SqliteWriter(_connectionString, _chain ?? throw new InvalidOperationException("the log's chain has no key yet"), _meter);
        var batch = new List<object>(LargestBatch);
        while (_queue.Take(batch, LargestBatch)) writer.Commit(batch, _clock.GetUtcNow());
    }
}
