using Countersign.Claims;
using Countersign.Factors;
using Countersign.Factors.Otp;
using Countersign.HardwareTokens;
using Countersign.SystemLog;
using Countersign.Testing;
using Countersign.Users;

namespace Countersign.Storage.Tests.HardwareTokens;

public sealed class HardwareTokenStoreTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_seed_is_added_once_and_replaced_when_it_differs(Engine engine)
    {
        await using var store = new Store(engine);

        var first = await AddAsync(store, Oath("A"), Oath("B"), Oath("A", secret: 2));
        var again = await AddAsync(store, Oath("B"), Oath("A", secret: 2), Oath("A", secret: 2, keyId: "2"));

        Assert.Equal([SeedResult.Added, SeedResult.Added, SeedResult.Replaced], first.Select(taken => taken.Result));
        Assert.Equal([SeedResult.Unchanged, SeedResult.Unchanged, SeedResult.Added], again.Select(taken => taken.Result));
        Assert.Equal((first[0].Id, first[1].Id), (first[2].Id, again[0].Id));
        Assert.Equal(3, await store.SqlAsync("SELECT count(*) FROM token"));
        Assert.Equal(4, await store.SqlAsync("SELECT count(*) FROM log"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_was_stored_is_read_back_without_the_secret(Engine engine)
    {
        await using var store = new Store(engine);
        var seed = new TokenSeed { Kind = TokenKind.Oath, Serial = "T", KeyId = "k", Secret = [1, 2, 3], Oath = new OathToken(8, 60, OtpAlgorithm.Sha256, 0, -3, "Acme") };
        var id = (await AddAsync(store, seed))[0].Id;

        var token = await Tokens(store).GetAsync(TokenKind.Oath, id, CancellationToken.None);

        Assert.Equal(("T", "k", seed.Oath, -1L), (token!.Serial, token.KeyId, token.Oath, token.UsedUntil));
        Assert.Equal((store.Clock.GetUtcNow(), store.Clock.GetUtcNow(), null), (token.Created, token.Updated, token.Holder));
        Assert.True(token.Secret.Length > 30);
        Assert.Null(await Tokens(store).GetAsync(TokenKind.YubiKey, id, CancellationToken.None));
        Assert.Equal(id, Assert.Single(await Tokens(store).FindBySerialAsync("T", null, CancellationToken.None)).Id);
        Assert.Empty(await Tokens(store).FindBySerialAsync("T", "other", CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_imports_at_once_each_token_is_added_by_one(Engine engine)
    {
        await using var store = new Store(engine);
        var serials = Enumerable.Range(0, 40).Select(number => $"N{number}").ToList();

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(turn => Task.Run(
            () => AddAsync(store, [.. (turn % 2 == 0 ? serials : Enumerable.Reverse(serials)).Select((serial, _) => Oath(serial, secret: (byte)serials.IndexOf(serial)))]))));

        Assert.Equal(40, taken.SelectMany(one => one).Count(one => one.Result == SeedResult.Added));
        Assert.Equal(200, taken.SelectMany(one => one).Count(one => one.Result == SeedResult.Unchanged));
        Assert.Equal(40, await store.SqlAsync("SELECT count(*) FROM token"));
    }

    /// <summary>An enrollment reads the token, and then decides; in between the token goes.</summary>
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_that_went_or_changed_after_it_was_read_cannot_be_taken(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");
        var (removed, replaced) = (await TokenAsync(store, Oath("A", secret: 1)), await TokenAsync(store, Oath("B", secret: 2)));

        await RemoveAsync(store, removed);
        await AddAsync(store, Oath("B", secret: 3));

        Assert.False(await TakeAsync(store, user, removed));
        Assert.False(await TakeAsync(store, user, replaced));
        // Uploaded again, the secrets are good again.
        Assert.True(await TakeAsync(store, user, await TokenAsync(store, Oath("A", secret: 1))));
        Assert.True(await TakeAsync(store, user, await TokenAsync(store, Oath("B", secret: 2))));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_tokens_with_one_secret_the_others_stay_good_when_one_goes(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");
        var (one, other) = (await TokenAsync(store, Oath("A")), await TokenAsync(store, Oath("B")));

        Assert.Equal(TokenRemoval.Removed, await RemoveAsync(store, one));
        Assert.True(await TakeAsync(store, user, other));
        Assert.Equal(TokenRemoval.Assigned, await RemoveAsync(store, other));
    }

    /// <summary>However a claim came to be out of reach, an enrollment finds no token then, and uploading it again mends that.</summary>
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_whose_claim_is_out_of_reach_is_not_found_until_it_is_uploaded_again(Engine engine)
    {
        await using var store = new Store(engine);
        var token = await TokenAsync(store, Oath("A"));
        await store.SqlAsync($"INSERT INTO claim(key, user_id, factor_id, counter) VALUES('{token.ClaimKey}', 'removed', 'x', 5)");

        Assert.Empty(await Tokens(store).FindBySerialAsync("A", null, CancellationToken.None));
        Assert.Equal(SeedResult.Unchanged, (await AddAsync(store, Oath("A")))[0].Result);
        Assert.Equal(5, Assert.Single(await Tokens(store).FindBySerialAsync("A", null, CancellationToken.None)).UsedUntil);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_is_removed_or_taken_and_never_both(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");
        for (var round = 0; round < 25; round++)
        {
            var token = await TokenAsync(store, Oath($"R{round}", secret: (byte)round));

            var (removing, taking) = (Task.Run(() => RemoveAsync(store, token)), Task.Run(() => TakeAsync(store, user, token)));
            var (removal, isTaken) = (await removing, await taking);

            Assert.Equal(isTaken ? TokenRemoval.Assigned : TokenRemoval.Removed, removal);
            Assert.Equal(isTaken, await Tokens(store).GetAsync(TokenKind.Oath, token.Id, CancellationToken.None) is { Holder: not null });
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_that_somebody_has_is_neither_replaced_nor_removed(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ana@example.com");
        var token = await TokenAsync(store, Oath("A", secret: 1));
        Assert.True(await TakeAsync(store, user, token));

        Assert.Equal(SeedResult.Assigned, (await AddAsync(store, Oath("A", secret: 2)))[0].Result);
        Assert.Equal(SeedResult.Unchanged, (await AddAsync(store, Oath("A", secret: 1)))[0].Result);
        Assert.Equal(TokenRemoval.Assigned, await RemoveAsync(store, token));
        Assert.Equal(TokenRemoval.NotFound, await RemoveAsync(store, token with { Id = "otk00000000000000000" }));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_import_that_was_broken_off_is_finished_by_the_next(Engine engine)
    {
        await using var store = new Store(engine);
        using var broken = new CancellationTokenSource();
        var import = new TokenImport(Tokens(store));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.RunAsync(Rows(() => broken.Cancel()), "PSKC", _ => { }, broken.Token));
        var kept = await store.SqlAsync("SELECT count(*) FROM token");
        var done = await import.RunAsync(Rows(() => { }), "PSKC", _ => { }, CancellationToken.None);

        Assert.Equal(200, kept);
        Assert.Equal(new ImportSummary(100, 0, 200, 0, 0, IsWhole: true), done);

        static IEnumerable<ImportRow> Rows(Action after)
        {
            for (var number = 0; number < 300; number++)
            {
                if (number == 250) after();
                var secret = new byte[20];
                BitConverter.TryWriteBytes(secret, number);
                yield return new ImportRow.Read(number + 1, new TokenSeed { Kind = TokenKind.Oath, Serial = $"S{number}", Secret = secret, Oath = new OathToken(6, 0, OtpAlgorithm.Sha1) });
            }
        }
    }

    private static IHardwareTokenStore Tokens(Store store) => store.Get<IHardwareTokenStore>();

    private static Task<IReadOnlyList<TakenSeed>> AddAsync(Store store, params TokenSeed[] seeds)
        => Tokens(store).AddAsync(seeds, taken => taken.Where(one => one.Result is SeedResult.Added or SeedResult.Replaced).Select(_ => Store.Event(LogEventTypes.HardwareTokenCreate)), CancellationToken.None);

    private static async Task<HardwareToken> TokenAsync(Store store, TokenSeed seed)
        => (await Tokens(store).GetAsync(seed.Kind, (await AddAsync(store, seed))[0].Id, CancellationToken.None))!;

    private static Task<TokenRemoval> RemoveAsync(Store store, HardwareToken token)
        => Tokens(store).RemoveAsync(token.Kind, token.Id, _ => Store.Event(LogEventTypes.HardwareTokenDelete), CancellationToken.None);

    private static Task<bool> TakeAsync(Store store, UserId user, HardwareToken token) => store.Commits.DecideAsync(user, (state, _) => new Transition<bool>(true, state! with { KnownPhone = null })
    {
        Claims = new(new ClaimChange.Take(token.ClaimKey, new FactorId($"f{token.Serial}"), token.UsedUntil, token.UsedUntil + 1), () => new Transition<bool>(false)),
    }, CancellationToken.None);

    private static TokenSeed Oath(string serial, byte secret = 1, string keyId = "")
        => new() { Kind = TokenKind.Oath, Serial = serial, KeyId = keyId, Secret = [secret, .. Enumerable.Repeat<byte>(7, 19)], Oath = new OathToken(6, 0, OtpAlgorithm.Sha1) };
}
