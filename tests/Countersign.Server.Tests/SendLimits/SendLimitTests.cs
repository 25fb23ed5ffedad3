using System.Net;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.SendLimits;

/// <summary>What guards against toll fraud and floods, on both engines, since it is judged in the commit.</summary>
public sealed class SendLimitTests
{
    private const string Section = "Countersign:SendLimits:";

    public static TheoryData<Engine, string, string, string, string> Limits => new()
    {
        { Engine.Sqlite, "PerRecipientPerDay", "sms", "E0000204", "1.00:00:00" }, { Engine.Postgres, "PerRecipientPerDay", "call", "E0000205", "1.00:00:00" },
        { Engine.Sqlite, "PerUserPerDay", "call", "E0000205", "1.00:00:00" }, { Engine.Postgres, "PerUserPerDay", "sms", "E0000204", "1.00:00:00" },
        { Engine.Sqlite, "PerPrefixPerHour", "sms", "E0000204", "01:00:00" }, { Engine.Postgres, "PerPrefixPerHour", "sms", "E0000204", "01:00:00" },
        { Engine.Sqlite, "PerDay", "sms", "E0000146", "1.00:00:00" }, { Engine.Postgres, "PerDay", "call", "E0000147", "1.00:00:00" },
        { Engine.Sqlite, "PerRecipientPerDay", "email", "E0000047", "1.00:00:00" }, { Engine.Postgres, "PerUserPerDay", "email", "E0000047", "1.00:00:00" },
    };

    [Theory, MemberData(nameof(Limits))]
    public async Task So_many_are_sent_and_no_more_until_the_window_is_over(Engine engine, string setting, string type, string error, string window)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>(Section + setting, "3"));
        var factor = await app.ActiveAsync(await app.AddUserAsync("ines@example.com"), type);
        for (var sent = 0; sent < 3; sent++)
        {
            Assert.Equal("CHALLENGE", (await app.PostAsync($"{factor}/verify")).FactorResult);
            app.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        var refused = await app.PostAsync($"{factor}/verify");
        Assert.Equal((HttpStatusCode.TooManyRequests, error), (refused.Status, refused.ErrorCode));
        var reset = DateTimeOffset.FromUnixTimeSeconds(long.Parse(refused.Headers["X-Rate-Limit-Reset"]));
        Assert.Equal(app.Clock.GetUtcNow().AddSeconds(-90) + TimeSpan.Parse(window), reset);
        app.Clock.Advance(reset - app.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Equal(error, (await app.PostAsync($"{factor}/verify")).ErrorCode);

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CHALLENGE", (await app.PostAsync($"{factor}/verify")).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_users_at_once_just_so_many_get_through(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>(Section + "PerDay", "10"), new(Section + "PerPrefixPerHour", "10"));
        var factors = new List<string>();
        for (var i = 0; i < 30; i++) factors.Add(await app.ActiveAsync(await app.AddUserAsync($"user{i}@example.com"), "sms", $"+1415555{1000 + i}"));

        var answers = await Task.WhenAll(factors.Select(factor => app.PostAsync($"{factor}/verify")));

        Assert.Equal(10, answers.Count(answer => answer.FactorResult == "CHALLENGE"));
        Assert.Equal(20, answers.Count(answer => answer.ErrorCode is "E0000146" or "E0000204"));
        Assert.Equal(10, await app.Store.SqlAsync("SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task A_client_address_is_limited_once_proxies_are_trusted()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>(Section + "PerAddressPerHour", "2"), new("Countersign:TrustedProxies:0", "127.0.0.1"));
        var factors = new List<string>();
        for (var i = 0; i < 4; i++) factors.Add(await app.ActiveAsync(await app.AddUserAsync($"user{i}@example.com"), "sms", $"+1415555{1000 + i}"));

        Assert.Equal("CHALLENGE", (await ChallengeAsync(factors[0], "198.51.100.1")).FactorResult);
        Assert.Equal("CHALLENGE", (await ChallengeAsync(factors[1], "198.51.100.1")).FactorResult);
        Assert.Equal("E0000204", (await ChallengeAsync(factors[2], "198.51.100.1")).ErrorCode);
        Assert.Equal("CHALLENGE", (await ChallengeAsync(factors[3], "198.51.100.2")).FactorResult);

        async Task<Answer> ChallengeAsync(string factor, string address)
        {
            var sent = await app.Server.SendAsync(context =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Loopback;
                context.Request.Method = "POST";
                context.Request.Path = $"{factor}/verify";
                context.Request.ContentLength = 0;
                context.Request.Headers.Authorization = $"SSWS {CountersignApp.Token}";
                context.Request.Headers["X-Forwarded-For"] = address;
            });
            using var reader = new StreamReader(sent.Response.Body);
            return new Answer((HttpStatusCode)sent.Response.StatusCode, await reader.ReadToEndAsync(), new Dictionary<string, string>());
        }
    }

    [Fact]
    public async Task Only_accepted_countries_are_enrolled_and_a_country_that_is_denied_later_is_sent_nothing()
    {
        using var store = new TestStore(Engine.Sqlite);
        string french;
        await using (var app = new CountersignApp(store, new KeyValuePair<string, string>(Section + "Countries:0", "US"), new(Section + "Countries:1", "CA")))
        {
            var user = await app.AddUserAsync("ines@example.com");
            Assert.Equal("E0000099", (await app.EnrollAsync(user, "sms", "+33612345678")).ErrorCode);
            Assert.Equal(HttpStatusCode.OK, (await app.EnrollAsync(user, "sms", "+14155550142")).Status);
        }
        await using (var app = new CountersignApp(store))
            french = await app.ActiveAsync(await app.AddUserAsync("french@example.com"), "sms", "+33612345678");
        await using (var app = new CountersignApp(store, new KeyValuePair<string, string>(Section + "DeniedCountries:0", "FR")))
        {
            Assert.Equal("E0000247", (await app.PostAsync($"{french}/verify")).ErrorCode);
            Assert.Equal("Invalid Phone Number.", (await app.EnrollAsync(await app.AddUserAsync("other@example.com"), "sms", "+33612345679")).Cause);
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_range_whose_codes_nobody_verifies_is_paused_and_said_so(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>(Section + "ConversionFrom", "5"), new(Section + "ConversionPause", "00:30:00"));
        for (var i = 0; i < 5; i++) await ChallengeAsync(app, $"+1415555{1000 + i}");
        var other = await app.ActiveAsync(await app.AddUserAsync("other@example.com"), "sms", "+12125550100");
        // Codes count as not verified once their life is over; then the nodes gather every five seconds.
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await GatherAsync(app, () => PausedAsync(app, 1));

        var refused = await ChallengeAsync(app, "+14155551009");
        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000204"), (refused.Status, refused.ErrorCode));
        Assert.Equal("CHALLENGE", (await app.PostAsync($"{other}/verify")).FactorResult);
        var logged = (await app.GetAsync("/api/v1/logs?limit=1000")).Json.AsArray().Single(one => (string?)one!["eventType"] == "system.sms.sends_paused")!;
        Assert.Equal("0 of 5 codes were verified", (string?)logged["outcome"]!["reason"]);
        Assert.Equal("+1415", (string?)logged["target"]![0]!["id"]);

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("CHALLENGE", (await ChallengeAsync(app, "+14155551010")).FactorResult);
    }

    [Fact]
    public async Task A_range_whose_codes_are_verified_goes_on()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>(Section + "ConversionFrom", "5"), new(Section + "LeastConversion", "20"));
        for (var i = 0; i < 10; i++)
        {
            var number = $"+1415555{1000 + i}";
            var factor = await app.ActiveAsync(await app.AddUserAsync($"user{i}@example.com"), "sms", number);
            await app.PostAsync($"{factor}/verify");
            if (i % 5 == 0) Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", new JsonObject { ["passCode"] = await app.CodeOfAsync(number) })).FactorResult);
        }
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await GatherAsync(app, async () => await app.Store.SqlAsync("SELECT coalesce(max(sent), 0) FROM conversion") >= 10);

        Assert.True(await PausedAsync(app, 0));
        Assert.Equal(2, await app.Store.SqlAsync("SELECT verified FROM conversion"));
    }

    private static async Task<Answer> ChallengeAsync(CountersignApp app, string number)
        => await app.PostAsync($"{await app.ActiveAsync(await app.AddUserAsync($"u{number[1..]}@example.com"), "sms", number)}/verify");

    private static async Task<bool> PausedAsync(CountersignApp app, int count)
        => (await app.GetAsync("/countersign/v1/delivery")).Json["pausedRanges"]!.AsArray().Count == count;

    /// <summary>Moves the clock from one gathering to the next until it is so.</summary>
    private static async Task GatherAsync(CountersignApp app, Func<Task<bool>> isSo)
    {
        for (var left = 200; !await isSo(); left--)
        {
            Assert.True(left > 0, "it was never so");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }
    }
}
