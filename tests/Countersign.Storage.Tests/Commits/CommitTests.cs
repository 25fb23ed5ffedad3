using Countersign.Factors;
using Countersign.Testing;
using Countersign.Users;

namespace Countersign.Storage.Tests.Commits;

public sealed class CommitTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Decisions_that_race_decide_on_what_the_one_before_committed(Engine engine)
    {
        await using var store = new Store(engine);
        var users = new[] { await store.AddUserAsync("ana@example.com"), await store.AddUserAsync("ben@example.com") };

        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.CountAsync(users[i % 2])));

        Assert.Equal(Enumerable.Range(1, 250), counts.Where((_, i) => i % 2 == 0).Order());
        Assert.Equal(Enumerable.Range(1, 250), counts.Where((_, i) => i % 2 == 1).Order());
        foreach (var user in users) Assert.Equal(250, await WrongAsync(store, user));
    }

    [Fact]
    public async Task Decisions_that_race_on_several_nodes_do_so_too()
    {
        using var place = new TestStore(Engine.Postgres);
        await using var one = new Store(place);
        await using var other = new Store(place);
        var user = await one.AddUserAsync("ana@example.com");

        var counts = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : other).CountAsync(user)));

        Assert.Equal(Enumerable.Range(1, 400), counts.Order());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Two_processes_on_one_place_count_together(Engine engine)
    {
        using var place = new TestStore(engine);
        await using var one = new Store(place);
        await using var other = new Store(place);
        var user = await one.AddUserAsync("ana@example.com");

        for (var i = 1; i <= 20; i++) Assert.Equal(i, await (i % 2 == 0 ? one : other).CountAsync(user));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_decision_that_throws_fails_alone_and_changes_nothing(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");

        var decisions = Enumerable.Range(0, 60).Select(i => store.Commits.DecideAsync(
            user, (state, _) => i % 3 == 0 ? throw new InvalidTimeZoneException($"decision {i}") : Store.Counted(state!), CancellationToken.None)).ToList();

        for (var i = 0; i < decisions.Count; i++)
        {
            if (i % 3 == 0) Assert.Equal($"decision {i}", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => decisions[i])).Message);
            else await decisions[i];
        }
        Assert.Equal(40, await WrongAsync(store, user));
        Assert.Equal((1, 41), await store.Log.BoundsAsync(CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_commit_that_fails_fails_each_of_its_requests_changes_nothing_and_the_next_succeeds(Engine engine)
    {
        await using var store = new Store(engine);
        var users = new List<UserId>();
        for (var i = 0; i < 10; i++) users.Add(await store.AddUserAsync($"user{i}@example.com"));
        await Task.WhenAll(users.Select(store.CountAsync));
        await store.SqlAsync("ALTER TABLE log_batch RENAME TO away");

        foreach (var deciding in users.Select(store.CountAsync).ToList()) await Assert.ThrowsAsync<CommitFailedException>(() => deciding);
        await Assert.ThrowsAnyAsync<Exception>(() => store.AddUserAsync("late@example.com"));
        await store.SqlAsync("ALTER TABLE away RENAME TO log_batch");

        foreach (var user in users) Assert.Equal(1, await WrongAsync(store, user));
        Assert.Null(await store.Commits.FindByLoginAsync("late@example.com", CancellationToken.None));
        Assert.Equal(Enumerable.Repeat(2, 10), await Task.WhenAll(users.Select(store.CountAsync)));
        Assert.Equal((null, 30L), Verdict(await store.Log.VerifyAsync(null, CancellationToken.None)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Nobody_is_decided_on_as_nobody(Engine engine)
    {
        await using var store = new Store(engine);
        var nobody = UserId.New(store.Clock.GetUtcNow());

        Assert.True(await store.Commits.DecideAsync(nobody, (state, _) => new Transition<bool>(state is null), CancellationToken.None));
        Assert.Null(await store.Commits.LoadAsync(nobody, CancellationToken.None));
        Assert.Equal((1, 0), await store.Log.BoundsAsync(CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_is_stored_is_loaded(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");
        var now = store.Clock.GetUtcNow();
        Factor[] factors =
        [
            new() { Id = new FactorId("ost1"), FactorType = "token:software:totp", Provider = "GOOGLE", Status = FactorStatus.Active, Created = now, LastUpdated = now, Data = "{\"a\":[1,\"é\"]}"u8.ToArray() },
            new() { Id = new FactorId("ufs1"), FactorType = "question", Provider = "OKTA", Status = FactorStatus.PendingActivation, Created = now, LastUpdated = now.AddSeconds(5), Data = "{}"u8.ToArray() },
        ];
        var written = new UserState
        {
            Id = user,
            Version = 1,
            Status = UserStatus.LockedOut,
            StatusBeforeLock = UserStatus.Recovery,
            StatusChanged = now,
            Login = "\"ana\"\\@example.com",
            DisplayName = "Ана 😀",
            Attempts = new(3, 4, new(1_772_703_667, 5), new(1_772_703_668, 6)),
            Factors = [.. factors],
            SpentSecrets = [new("print", 59_090_122, 1_772_800_000), new("other", 7, null)],
        };
        await store.Commits.DecideAsync(user, (_, _) => new Transition<bool>(true, written), CancellationToken.None);

        var read = (await store.Commits.LoadAsync(user, CancellationToken.None))!;

        Assert.Equal(written with { Version = 2, Factors = [], SpentSecrets = [] }, read with { Factors = [], SpentSecrets = [] });
        Assert.Equal(written.SpentSecrets.ToList(), read.SpentSecrets.ToList());
        Assert.Equal(factors.Select(factor => factor with { Data = default }), read.Factors.Select(factor => factor with { Data = default }));
        Assert.Equal(factors.Select(factor => Convert.ToBase64String(factor.Data.Span)), read.Factors.Select(factor => Convert.ToBase64String(factor.Data.Span)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_closed_store_answers_what_it_accepted_and_takes_nothing_more(Engine engine)
    {
        using var place = new TestStore(engine);
        var store = new Store(place);
        var user = await store.AddUserAsync("ana@example.com");
        var (commits, accepted) = (store.Commits, Enumerable.Range(0, 100).Select(_ => store.CountAsync(user)).ToList());

        await store.DisposeAsync();

        Assert.Equal(Enumerable.Range(1, 100), (await Task.WhenAll(accepted)).Order());
        await Assert.ThrowsAsync<CommitFailedException>(() => commits.DecideAsync(user, (state, _) => Store.Counted(state!), CancellationToken.None));
        await using var again = new Store(place);
        Assert.Equal(100, await WrongAsync(again, user));
    }

    private static (string? Fault, long Events) Verdict(Countersign.SystemLog.LogVerdict verdict) => (verdict.Fault, verdict.Head.Seq);

    private static async Task<int> WrongAsync(Store store, UserId user) => (await store.Commits.LoadAsync(user, CancellationToken.None))!.Attempts.WrongInARow;
}
