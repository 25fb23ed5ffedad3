using Countersign.Testing;
using Countersign.Users;
using Countersign.Users.Search;

namespace Countersign.Storage.Tests.Users;

public sealed class UserStoreTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_users_made_with_one_login_at_once_one_is_made(Engine engine)
    {
        await using var store = new Store(engine);

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await store.AddUserAsync(i % 2 == 0 ? "ana@example.com" : "ANA@Example.com");
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }));

        Assert.Single(made, one => one);
        Assert.Equal((1, 1), await store.Log.BoundsAsync(CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_users_who_are_given_one_login_at_once_one_gets_it(Engine engine)
    {
        await using var store = new Store(engine);
        var users = new List<UserId>();
        for (var i = 0; i < 8; i++) users.Add(await store.AddUserAsync($"user{i}@example.com"));

        var outcomes = await Task.WhenAll(users.Select(id => store.Users.ChangeAsync(id, (user, _, _) => new UserTransition(
            new UserOutcome.Done(), user with { Profile = user.Profile.SetItem("login", "new@example.com") }), CancellationToken.None)));

        Assert.Single(outcomes.OfType<UserOutcome.Done>());
        Assert.All(outcomes.OfType<UserOutcome.Refused>(), refused => Assert.Equal(UserRefusal.LoginTaken, refused.Refusal));
        Assert.NotNull(await store.Commits.FindByLoginAsync("NEW@example.com", CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_change_and_a_verification_of_one_user_do_not_undo_each_other(Engine engine)
    {
        await using var store = new Store(engine);
        var id = await store.AddUserAsync("ana@example.com");

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => i % 2 == 0
            ? store.CountAsync(id)
            : (Task)store.Users.ChangeAsync(id, (user, state, _) => new UserTransition(
                new UserOutcome.Done(), user with { Profile = user.Profile.SetItem("title", $"{i}") },
                state with { Attempts = state.Attempts with { WrongPasswordsInARow = state.Attempts.WrongPasswordsInARow + 1 } }), CancellationToken.None)));

        var attempts = (await store.Commits.LoadAsync(id, CancellationToken.None))!.Attempts;
        Assert.Equal((50, 50), (attempts.WrongInARow, attempts.WrongPasswordsInARow));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_removed_user_leaves_nothing_behind(Engine engine)
    {
        await using var store = new Store(engine);
        var id = await store.AddUserAsync("ana@example.com");

        await store.Users.ChangeAsync(id, (_, _, _) => new UserTransition(new UserOutcome.Done()) { Removes = true }, CancellationToken.None);

        Assert.Null(await store.Users.FindAsync(id, CancellationToken.None));
        Assert.Null(await store.Commits.LoadAsync(id, CancellationToken.None));
        foreach (var table in new[] { "users", "user_state", "user_attribute" }) Assert.Equal(0, await store.SqlAsync($"SELECT count(*) FROM {table}"));
        await store.AddUserAsync("ana@example.com");
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_scan_is_followed_by_place_whoever_comes_and_goes(Engine engine)
    {
        await using var store = new Store(engine);
        var logins = Enumerable.Range(0, 30).Select(i => $"user{i:D2}@example.com").ToList();
        foreach (var login in logins) await store.AddUserAsync(login);
        var scan = new UserScan.ByAttribute("profile.login", "user", "user" + UserScan.Last);

        var seen = new List<string>();
        for (UserPlace? place = null; ;)
        {
            var page = await store.Users.ScanAsync(scan, place, 7, CancellationToken.None);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(found => found.User.Login));
            place = page[^1].Place;
            // Before the place: not seen any more. The one that the place names is removed: the scan goes on behind it.
            await store.AddUserAsync($"user00{seen.Count}@example.com");
            await store.Users.ChangeAsync(page[^1].User.Id, (_, _, _) => new UserTransition(new UserOutcome.Done()) { Removes = true }, CancellationToken.None);
        }

        Assert.Equal(logins, seen);
        var backwards = await store.Users.ScanAsync(scan with { Descending = true }, null, 30, CancellationToken.None);
        var forwards = await store.Users.ScanAsync(scan, null, 30, CancellationToken.None);
        Assert.Equal(forwards.Select(found => found.User.Login).Reverse(), backwards.Select(found => found.User.Login));
    }
}
