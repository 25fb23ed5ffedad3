using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Sealing;
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

        Assert.Equal((4, 1L, 1), (done.Key, done.Secrets, done.Removed));
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
