using System.Data.Common;
using Countersign.Users;

namespace Countersign.Storage.Commits;

/// <summary>
/// The store: shared commits and shared loads over one of the two engines. What is common to both is written against this; what differs stands in
/// <see cref="SqliteDatabase"/> and <see cref="PostgresDatabase"/>.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public abstract string Provider { get; }

    /// <summary>Runs queries on a connection of the pool, outside any transaction.</summary>
    internal abstract Task<T> ReadAsync<T>(Func<DbConnection, ValueTask<T>> read, CancellationToken cancellationToken);

    /// <summary>Runs statements and their events in one transaction, which may be shared with others; when it throws, nothing of it happened.</summary>
    internal abstract Task<T> WriteAsync<T>(Func<Work, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Decides on a user's state and commits the transition, together with others that wait.</summary>
    internal abstract Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken);

    /// <summary>Loads a user's state, together with others that wait.</summary>
    internal abstract Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Asks the database for next to nothing; throws when it does not answer.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => ReadAsync(async connection =>
    {
        await using var command = connection.Command("SELECT seq FROM log_head WHERE id = 1");
        return await command.ExecuteScalarAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>Brings the tables up to date; many nodes may do so at once.</summary>
    internal abstract void Migrate();

    /// <summary>Gives the store the key of the log's chain; before the first write.</summary>
    internal abstract void UseChain(SystemLog.LogChain chain);

    /// <summary>Answers what was accepted, then closes.</summary>
    public abstract ValueTask DisposeAsync();
}
