using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Storage.Tests.Sealing;

public sealed class KeyRotationTests
{
    private const string Factors = "/api/v1/users/me/factors", Secret = "3132333435363738393031323334353637383930";
    private const string UnderFirstKey = "SELECT count(*) FROM user_state WHERE CAST(state AS TEXT) LIKE '%sealed:AAAAA%'";
    private const string UnderFirstKeyInPostgres = "SELECT count(*) FROM user_state WHERE convert_from(state, 'UTF8') LIKE '%sealed:AAAAA%'";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Secrets_are_sealed_anew_while_they_are_verified_and_the_old_key_is_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var factor = await EnrollCounterAsync(app);
        var users = new List<(string User, string Factor, string Secret)>();
        for (var i = 0; i < 20; i++)
        {
            var user = await app.AddUserAsync($"user{i}@example.com", password: null);
            var (id, secret) = await app.AddTotpAsync(user);
            users.Add((user, id, secret));
        }
        Assert.Equal(21, await app.Store.SqlAsync(Old(engine)));

        var rotating = RotateAsync(app, CancellationToken.None);
        for (var counter = 0; counter < 60; counter++) Assert.Equal("SUCCESS", (await VerifyAsync(app, factor, counter)).FactorResult);
        var done = await rotating;

        Assert.Equal((4, 1), (done.Key, done.Removed));
        Assert.Equal(0, await app.Store.SqlAsync(Old(engine)));
        Assert.Equal(1, await app.Store.SqlAsync("SELECT count(*) FROM data_key WHERE purpose = 'seal'"));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var (user, id, secret) in users)
            Assert.Equal("SUCCESS", (await app.PostAsync($"/api/v1/users/{user}/factors/{id}/verify", new JsonObject { ["passCode"] = app.Totp(secret) })).FactorResult);
        Assert.Equal("SUCCESS", (await VerifyAsync(app, factor, 60)).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_rotation_that_was_broken_off_is_finished_by_the_next(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var factor = await EnrollCounterAsync(app);
        using var broken = new CancellationTokenSource();
        var rotating = app.Services.GetRequiredService<IKeyRotation>().RotateAsync(_ => broken.Cancel(), broken.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rotating);
        Assert.Equal(2, await app.Store.SqlAsync("SELECT count(*) FROM data_key WHERE purpose = 'seal'"));

        var done = await RotateAsync(app, CancellationToken.None);

        Assert.Equal((4, 2L, 1), (done.Key, done.Secrets, done.Removed));   // a user, and the key of Web Push
        Assert.Equal("SUCCESS", (await VerifyAsync(app, factor, 0)).FactorResult);
    }

    [Fact]
    public async Task Another_node_opens_what_was_sealed_anew_and_seals_with_the_new_key_itself()
    {
        using var place = new TestStore(Engine.Postgres);
        await using var one = new CountersignApp(place);
        await using var other = new CountersignApp(place);
        var factor = await EnrollCounterAsync(one);
        Assert.Equal("SUCCESS", (await VerifyAsync(other, factor, 0)).FactorResult);

        await RotateAsync(one, CancellationToken.None);

        Assert.Equal("SUCCESS", (await VerifyAsync(other, factor, 1)).FactorResult);
        other.Clock.Advance(TimeSpan.FromSeconds(6));
        await other.AddTotpAsync(await other.AddUserAsync("late@example.com", password: null));
        Assert.Equal(0, await place.SqlAsync(Old(Engine.Postgres)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Secrets_of_hooks_and_contents_of_messages_are_sealed_anew_and_still_open(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var vault = app.Services.GetRequiredService<IVault>();
        // People's own texts may look like secrets, and are left as they are.
        var inline = (await app.PostAsync("/api/v1/inlineHooks", Hook("sealed:AAAAAQ==", new JsonObject { ["type"] = InlineHook.Telephony }))).Id;
        var events = (await app.PostAsync("/api/v1/eventHooks", Hook("Records", new JsonObject
        {
            ["events"] = new JsonObject { ["type"] = "EVENT_TYPE", ["items"] = new JsonArray("user.lifecycle.create") },
        }))).Id;
        await app.PostAsync("/api/v1/templates/sms", new JsonObject { ["name"] = "sealed:AAAAAQ==", ["type"] = "SMS_VERIFY_CODE", ["template"] = "sealed:AAAAAQ== ${code}" });
        await app.PostAsync(Factors, new JsonObject { ["factorType"] = "email", ["provider"] = "OKTA" });   // which the hook does not send
        var message = await MessageAsync(app);
        Assert.True(message.Content.Length > 0);

        var done = await RotateAsync(app, CancellationToken.None);

        Assert.Equal((4, 1), (done.Key, done.Removed));
        var settings = await app.Services.GetRequiredService<IOrganizationStore>().GetAsync(CancellationToken.None);
        Assert.Equal(new HookHeader("Authorization", "hook secret"), vault.Open(settings.InlineHooks[inline]).Channel.Authentication);
        Assert.Equal(new HookHeader("Authorization", "hook secret"), vault.Open(settings.EventHooks[events]).Channel.Authentication);
        Assert.Equal("sealed:AAAAAQ==", settings.InlineHooks[inline].Name);
        Assert.False(vault.IsOutdated(settings.InlineHooks[inline].AuthValue!.Value.Bytes.Span));
        var anew = await MessageAsync(app);
        Assert.False(vault.IsOutdated(anew.Content.Span));
        Assert.Matches("^[0-9]{6}$", MessageContent.Open(vault, anew.Id, anew.Content.Span).Code);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Secrets_of_hardware_tokens_are_sealed_anew_in_the_inventory_and_with_users(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        SoftwareYubiKey[] keys = [new(1), new(2)];
        foreach (var key in keys)
            await app.PostAsync("/api/v1/org/factors/yubikey_token/tokens", new JsonObject { ["serialNumber"] = $"{key.Serial}", ["publicId"] = key.PublicId, ["privateId"] = key.PrivateId, ["aesKey"] = key.AesKey });
        var (ana, ben) = (await app.AddUserAsync("ana@example.com", password: null), await app.AddUserAsync("ben@example.com", password: null));
        var held = await EnrollAsync(ana, keys[0]);

        var done = await RotateAsync(app, CancellationToken.None);

        Assert.Equal((4, 4L, 1), (done.Key, done.Secrets, done.Removed));   // two of the inventory, one user, and the key of Web Push
        Assert.Equal("SUCCESS", (await app.PostAsync($"/api/v1/users/{ana}/factors/{held.Id}/verify", new JsonObject { ["passCode"] = keys[0].Touch() })).FactorResult);
        Assert.Equal("ACTIVE", (string?)(await EnrollAsync(ben, keys[1])).Json["status"]);

        Task<Answer> EnrollAsync(string user, SoftwareYubiKey key) => app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject
        {
            ["factorType"] = "token:hardware",
            ["verify"] = new JsonObject { ["passCode"] = key.Touch() },
        });
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_hook_that_is_changed_while_keys_are_rotated_keeps_the_change(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var vault = app.Services.GetRequiredService<IVault>();
        var hook = (await app.PostAsync("/api/v1/inlineHooks", Hook("0", new JsonObject { ["type"] = InlineHook.Telephony }))).Id;

        var rotating = RotateAsync(app, CancellationToken.None);
        var last = 0;
        for (; last < 20 || (!rotating.IsCompleted && last < 2_000); last++)
            await app.PostAsync($"/api/v1/inlineHooks/{hook}", new JsonObject { ["name"] = $"{last}", ["channel"] = Channel($"secret {last}") });
        await rotating;

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        var changed = (await app.Services.GetRequiredService<IOrganizationStore>().GetAsync(CancellationToken.None)).InlineHooks[hook];
        Assert.Equal(($"{last - 1}", $"secret {last - 1}"), (changed.Name, vault.Open(changed).Channel.Authentication!.Value));
    }

    /// <summary>Between a read and its write, somebody else was faster.</summary>
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_row_that_is_not_as_it_was_read_is_left_alone(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var database = app.Services.GetRequiredService<Database>();
        var hook = (await app.PostAsync("/api/v1/inlineHooks", Hook("0", new JsonObject { ["type"] = InlineHook.Telephony }))).Id;
        var place = new LateRows(database, async () => await app.PostAsync($"/api/v1/inlineHooks/{hook}", new JsonObject { ["name"] = "1" }));

        await place.SealAnewAsync(CancellationToken.None);

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1", (string?)(await app.GetAsync($"/api/v1/inlineHooks/{hook}")).Json["name"]);
    }

    /// <summary>Has something happen after a row was read, and would then spoil it.</summary>
    private sealed class LateRows(Database database, Func<Task> happens) : SealedRows(database, "organization", "key", "document")
    {
        public override string Name => "late";
        protected override bool IsOutdated(string key, byte[] read) => key.StartsWith("inlineHook/", StringComparison.Ordinal);
        protected override byte[] SealAnew(string key, byte[] read)
        {
            happens().GetAwaiter().GetResult();
            return [.. "{}"u8];
        }
    }

    private static async Task<OutboxEntry> MessageAsync(CountersignApp app)
        => Assert.Single(await app.Services.GetRequiredService<IOutbox>().ListAsync(new OutboxQuery(null, null, 10), CancellationToken.None));

    private static JsonObject Hook(string name, JsonObject rest)
    {
        (rest["name"], rest["version"], rest["channel"]) = (name, "1.0.0", Channel("hook secret"));
        return rest;
    }

    private static JsonObject Channel(string secret) => new()
    {
        ["type"] = "HTTP",
        ["version"] = "1.0.0",
        ["config"] = new JsonObject
        {
            ["uri"] = "https://example.com/",
            ["authScheme"] = new JsonObject { ["type"] = "HEADER", ["key"] = "Authorization", ["value"] = secret },
        },
    };

    private static string Old(Engine engine) => engine == Engine.Sqlite ? UnderFirstKey : UnderFirstKeyInPostgres;

    /// <summary>The clock is moved for as long as the rotation waits for it.</summary>
    private static async Task<RotatedKeys> RotateAsync(CountersignApp app, CancellationToken cancellationToken)
    {
        var rotating = app.Services.GetRequiredService<IKeyRotation>().RotateAsync(progress: null, cancellationToken);
        while (!rotating.IsCompleted)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(rotating, Task.Delay(10, CancellationToken.None));
        }
        return await rotating;
    }

    private static async Task<string> EnrollCounterAsync(CountersignApp app)
    {
        var profile = await app.PostAsync("/api/v1/org/factors/hotp/profiles", new JsonObject
        {
            ["name"] = "Door tokens",
            ["settings"] = new JsonObject { ["timeBased"] = false, ["encoding"] = "hexadecimal" },
        });
        return (await app.PostAsync(Factors + "?activate=true", new JsonObject
        {
            ["factorType"] = "token:hotp",
            ["provider"] = "CUSTOM",
            ["factorProfileId"] = profile.Id,
            ["profile"] = new JsonObject { ["sharedSecret"] = Secret },
        })).Id;
    }

    private static Task<Answer> VerifyAsync(CountersignApp app, string factor, long counter)
    {
        using var generator = new OtpGenerator(Convert.FromHexString(Secret), 6, OtpAlgorithm.Sha1);
        return app.PostAsync($"{Factors}/{factor}/verify", new JsonObject { ["passCode"] = generator.Passcode(counter) });
    }
}
