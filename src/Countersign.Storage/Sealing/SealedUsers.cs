using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Sealing;

/// <summary>The secrets of users' factors. A user is changed by an ordinary decision, guarded like any other.</summary>
internal sealed class SealedUsers(Database database, SealedDocuments documents, IUserCommits commits) : ISealedPlace
{
    private const int AtOnce = 200;
    private const string Next = "SELECT user_id, state FROM user_state WHERE user_id > @after ORDER BY user_id LIMIT @count";

    public string Name => "users";

    public bool IsReadAhead => false;

    public async Task<long> SealAnewAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        for (var after = ""; ;)
        {
            var users = await NextAsync(after, cancellationToken);
            if (users.Count == 0) return count;
            after = users[^1].Id.Value;
            var outdated = users.Where(user => user.IsOutdated).ToList();
            await Task.WhenAll(outdated.Select(user => commits.DecideAsync(user.Id, (state, _) => new Transition<bool>(true, state is null ? null : SealAnew(state)), cancellationToken)));
            count += outdated.Count;
        }
    }

    private Task<List<(UserId Id, bool IsOutdated)>> NextAsync(string after, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var users = new List<(UserId, bool)>(AtOnce);
        await using var command = connection.Command(Next).Bind("@after", after).Bind("@count", AtOnce);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) users.Add((new UserId(rows.GetString(0)), documents.HasOutdated((byte[])rows[1])));
        return users;
    }, cancellationToken);

    private UserState SealAnew(UserState state)
    {
        foreach (var factor in state.Factors)
            if (documents.HasOutdated(factor.Data.Span)) state = state.With(factor with { Data = documents.SealAnew(factor.Data.Span, OwnedSecrets.Owner(state.Id, factor.Id)) });
        return state;
    }
}
