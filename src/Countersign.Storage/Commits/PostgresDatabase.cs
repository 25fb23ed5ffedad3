using System.Data.Common;
using System.Threading.Channels;
using Countersign.Storage.Migrations;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Telemetry;
using Countersign.Users;
using Npgsql;

namespace Countersign.Storage.Commits;

/// <summary>
/// PostgreSQL: a few workers take what waits through one set-based transaction each. A user's row is locked from its load to the commit, so of two
/// decisions, on whatever nodes, the second sees what the first committed; the version guards the same once more.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    private const int LargestBatch = 256;
    private const int Workers = 2;
    private const int MostPrepared = 200;
    /// <summary>Held while migrating, so that of many nodes that start at once one migrates. The number is arbitrary.</summary>
    private const long MigrationLock = 0x436f756e746572;

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _clock;
    private readonly Channel<Decision> _decisions = Channel.CreateUnbounded<Decision>();
    private readonly Channel<PostgresLoad> _loads = Channel.CreateUnbounded<PostgresLoad>();
    // However many requests read and write beside the shared commits, these find a connection in the pool.
    private readonly SemaphoreSlim _reads = new(32), _writes = new(16);
    private readonly CommitMeter _meter;
    private readonly Lock _starting = new();
    private Task[]? _workers;
    private LogChain? _chain;

    public PostgresDatabase(string connectionString, TimeProvider clock)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "countersign", NoResetOnClose = true };
        // Statements that come again are planned once; the shared commits' own are prepared as such.
        if (settings.MaxAutoPrepare == 0) settings.MaxAutoPrepare = MostPrepared;
        _connectionString = settings.ConnectionString;
        _source = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableArrays().EnableTransportSecurity().Build();
        _clock = clock;
        _meter = new CommitMeter(() => _decisions.Reader.Count);
    }

    public override string Provider => "postgres";

    internal override void Migrate()
    {
        using var connection = _source.OpenConnection();
        using (var take = connection.Command("SELECT pg_advisory_lock(@lock)").Bind("@lock", MigrationLock)) take.ExecuteNonQuery();
        try
        {
            Migrator.Postgres(connection, _connectionString);
        }
        finally
        {
            using var release = connection.Command("SELECT pg_advisory_unlock(@lock)").Bind("@lock", MigrationLock);
            release.ExecuteNonQuery();
        }
    }

    internal override void UseChain(LogChain chain) => _chain = chain;

    internal override async Task<T> ReadAsync<T>(Func<DbConnection, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await read(connection);
        }
        finally
        {
            _reads.Release();
        }
    }

    internal override async Task<T> WriteAsync<T>(Func<Work, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _writes.WaitAsync(cancellationToken);
        try
        {
            return await WriteOnceAsync(work, cancellationToken);
        }
        finally
        {
            _writes.Release();
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<Work, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var step = new Work(connection, locksRows: true, _clock.GetUtcNow());
        var result = await work(step);
        if (step.Events.Count == 0)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        var (anchor, digest) = await PostgresLog.AppendAsync(connection, Chain, step.Events);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (PostgresOutcome.IsOpen(connection))
        {
            if (!await PostgresOutcome.IsCommittedAsync(_source, anchor, digest)) throw new CommitFailedException("The commit failed; nothing was changed.", exception);
        }
        return result;
    }

    internal override Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Start();
        var decision = new Decision<T>(user, decide);
        if (!_decisions.Writer.TryWrite(decision)) throw new CommitFailedException("The store is closed.", null);
        return decision.Answer;
    }

    internal override Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Start();
        var load = new PostgresLoad(user);
        if (!_loads.Writer.TryWrite(load)) throw new CommitFailedException("The store is closed.", null);
        return load.Answer;
    }

    public override async ValueTask DisposeAsync()
    {
        _decisions.Writer.TryComplete();
        _loads.Writer.TryComplete();
        if (_workers is { } workers) await Task.WhenAll(workers);
        _meter.Dispose();
        _reads.Dispose();
        _writes.Dispose();
        await _source.DisposeAsync();
    }

    private async Task RunAloneAsync(Decision decision)
    {
        try
        {
            await WriteAsync(async work =>
            {
                await decision.RunAsync(work);
                return true;
            }, CancellationToken.None);
            decision.Complete();
        }
        catch (Exception exception)
        {
            decision.Fail(exception);
        }
    }

    private LogChain Chain => _chain ?? throw new InvalidOperationException("the log's chain has no key yet");

    private void Start()
    {
        if (_workers is not null) return;
        lock (_starting)
        {
            _workers ??= [
                .. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => new PostgresCommits(_source, Chain, _meter, _clock, RunAloneAsync).RunAsync(_decisions.Reader, LargestBatch))),
                Task.Run(() => PostgresLoad.RunAsync(_source, _loads.Reader, LargestBatch)),
            ];
        }
    }
}
