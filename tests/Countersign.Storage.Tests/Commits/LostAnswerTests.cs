using Countersign.Testing;
using Countersign.Users;

namespace Countersign.Storage.Tests.Commits;

/// <summary>A connection to PostgreSQL that is cut in the middle of a commit.</summary>
public sealed class LostAnswerTests
{
    [Theory]
    [InlineData(0, true)]    // the load is not sent
    [InlineData(0, false)]   // the load is not answered
    [InlineData(1, true)]    // the commit is not sent
    [InlineData(1, false)]   // the commit is not answered
    public async Task A_decision_takes_place_once_whatever_is_lost(int exchanges, bool beforeTheServer)
    {
        using var place = new TestStore(Engine.Postgres);
        using var proxy = new CuttingProxy(place.ConnectionString!);
        await using var store = new Store(place, proxy.ConnectionString);
        var user = await store.AddUserAsync("ana@example.com");
        Assert.Equal(1, await store.CountAsync(user));   // prepares what each decision sends

        store.Clock.Advance(TimeSpan.FromMilliseconds(1));   // no two requests are alike; here only the time tells them apart
        proxy.CutAfter(exchanges, beforeTheServer);
        Assert.Equal(2, await store.CountAsync(user));

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(3, await store.CountAsync(user));
        var verdict = await store.Log.VerifyAsync(null, CancellationToken.None);
        Assert.Equal((null, 4), (verdict.Fault, verdict.Head.Seq));
    }

    [Fact]
    public async Task A_change_of_a_user_that_was_committed_is_answered_though_the_answer_was_lost()
    {
        using var place = new TestStore(Engine.Postgres);
        using var proxy = new CuttingProxy(place.ConnectionString!);
        await using var store = new Store(place, proxy.ConnectionString);
        var id = await store.AddUserAsync("ana@example.com");
        for (var exchanges = 0; ; exchanges++)
        {
            var (title, cuts) = ($"{exchanges}", proxy.Cuts);
            proxy.CutAfter(exchanges, beforeTheServer: false);
            UserOutcome? outcome = null;
            try
            {
                outcome = await store.Users.ChangeAsync(id, (user, _, _) => new UserTransition(
                    new UserOutcome.Done(), user with { Profile = user.Profile.SetItem("title", title) }, null, Store.Event("user.account.update_profile")), CancellationToken.None);
            }
            catch (Exception exception) when (exception is Npgsql.NpgsqlException or CommitFailedException)
            {
                // Told that it failed: then it did.
            }
            proxy.CutAfter(int.MaxValue, beforeTheServer: false);
            var isThere = (await store.Users.FindAsync(id, CancellationToken.None))!.Value.User.Profile.GetValueOrDefault("title") == title;
            Assert.Equal(outcome is UserOutcome.Done, isThere);
            if (proxy.Cuts == cuts) break;
        }
        Assert.InRange(proxy.Cuts, 3, 30);
    }
}
