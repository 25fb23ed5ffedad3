using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Users;

/// <summary>The domain's way to the shared commits.</summary>
internal sealed class SqlUserCommits(Database database) : IUserCommits
{
    private const string ByLogin = "SELECT id FROM users WHERE login_key = @login";

    public Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken)
        => database.DecideAsync(user, decide, cancellationToken);

    public Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken) => database.LoadAsync(user, cancellationToken);

    public Task<UserId?> FindByLoginAsync(string login, CancellationToken cancellationToken) => database.ReadAsync<UserId?>(async connection =>
    {
        await using var command = connection.Command(ByLogin).Bind("@login", login.ToLowerInvariant());
        return await command.ExecuteScalarAsync(cancellationToken) is string id ? new UserId(id) : null;
    }, cancellationToken);
}
