using Countersign.Storage.Commits;
using Countersign.Users;
using Countersign.Users.Search;

namespace Countersign.Storage.Users;

/// <summary>The domain's way to the shared commits.</summary>
internal sealed class SqlUserCommits(Database database) : IUserCommits
{
    private const string ByLogin = "SELECT id FROM users WHERE login_key = @login";
    private const string ByShortLogin = "SELECT id FROM users WHERE login_key >= @low AND login_key <= @high LIMIT 2";

    public Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken)
        => database.DecideAsync(user, decide, cancellationToken);

    public Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken) => database.LoadAsync(user, cancellationToken);

    public Task<UserId?> FindByLoginAsync(string login, CancellationToken cancellationToken) => database.ReadAsync<UserId?>(async connection =>
    {
        var key = login.ToLowerInvariant();
        await using (var command = connection.Command(ByLogin).Bind("@login", key))
            if (await command.ExecuteScalarAsync(cancellationToken) is string id) return new UserId(id);
        if (key.Contains('@')) return null;
        await using var beginning = connection.Command(ByShortLogin).Bind("@low", key + "@").Bind("@high", key + "@" + UserScan.Last);
        await using var rows = await beginning.ExecuteReaderAsync(cancellationToken);
        UserId? only = await rows.ReadAsync(cancellationToken) ? new UserId(rows.GetString(0)) : null;
        return await rows.ReadAsync(cancellationToken) ? null : only;
    }, cancellationToken);
}
