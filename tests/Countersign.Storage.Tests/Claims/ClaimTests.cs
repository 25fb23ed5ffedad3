using Countersign.Claims;
using Countersign.Factors;
using Countersign.Testing;
using Countersign.Users;

namespace Countersign.Storage.Tests.Claims;

public sealed class ClaimTests
{
    private const string Key = "token/one";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_who_take_the_same_thing_at_once_one_gets_it(Engine engine)
    {
        await using var store = new Store(engine);
        var users = new List<UserId>();
        for (var i = 0; i < 20; i++) users.Add(await store.AddUserAsync($"user{i}@example.com"));

        var taken = await Task.WhenAll(users.Select(user => TakeAsync(store, user, "f1")));

        Assert.Equal(1, taken.Count(got => got));
        var owner = users[Array.IndexOf(taken, true)];
        Assert.Equal(1, await store.SqlAsync($"SELECT count(*) FROM claim WHERE key = '{Key}' AND user_id = '{owner.Value}' AND factor_id = 'f1'"));
        // Nothing of the others' decisions happened.
        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM user_state WHERE version > 1"));
        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM log") - users.Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_claim_ends_with_its_factor_and_what_was_used_stays_used(Engine engine)
    {
        await using var store = new Store(engine);
        var (one, other) = (await store.AddUserAsync("one@example.com"), await store.AddUserAsync("other@example.com"));
        Assert.True(await TakeAsync(store, one, "f1", counter: 7));
        await TouchAsync(store, one, "f1", 9);
        Assert.False(await TakeAsync(store, other, "f2", usedUntil: 100, counter: 101));

        await store.Commits.DecideAsync(one, (state, _) => new Transition<bool>(true, state!.Without(new FactorId("f1"))), CancellationToken.None);

        Assert.False(await TakeAsync(store, other, "f2", usedUntil: 8, counter: 9));
        Assert.True(await TakeAsync(store, other, "f2", usedUntil: 9, counter: 10));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_has_no_counter_leaves_nothing_behind(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("one@example.com");
        Assert.True(await TakeAsync(store, user, "f1"));

        await store.Users.ChangeAsync(user, (_, state, _) => new UserTransition(new UserOutcome.Done(), null, state with { Factors = [] }), CancellationToken.None);

        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM claim"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_touch_moves_only_the_factors_own_claim(Engine engine)
    {
        await using var store = new Store(engine);
        var (one, other) = (await store.AddUserAsync("one@example.com"), await store.AddUserAsync("other@example.com"));
        Assert.True(await TakeAsync(store, one, "f1", counter: 7));

        await TouchAsync(store, other, "f1", 50);
        await TouchAsync(store, one, "f2", 60);

        Assert.Equal(7, await store.SqlAsync("SELECT counter FROM claim"));
    }

    private static Task<bool> TakeAsync(Store store, UserId user, string factor, long usedUntil = -1, long counter = -1)
        => store.Commits.DecideAsync(user, (state, _) => new Transition<bool>(true, state!.With(Made(factor)), Store.Event("user.mfa.factor.activate"))
        {
            Claims = new(new ClaimChange.Take(Key, new FactorId(factor), usedUntil, counter), () => new Transition<bool>(false)),
        }, CancellationToken.None);

    private static Task<bool> TouchAsync(Store store, UserId user, string factor, long counter)
        => store.Commits.DecideAsync(user, (state, _) => new Transition<bool>(true, state)
        {
            Claims = new(new ClaimChange.Touch(Key, new FactorId(factor), counter), () => new Transition<bool>(false)),
        }, CancellationToken.None);

    private static Factor Made(string id) => new()
    {
        Id = new FactorId(id),
        FactorType = "token:hardware",
        Provider = "YUBICO",
        Status = FactorStatus.Active,
        Created = DateTimeOffset.UnixEpoch,
        LastUpdated = DateTimeOffset.UnixEpoch,
        Data = "{}"u8.ToArray(),
    };
}
