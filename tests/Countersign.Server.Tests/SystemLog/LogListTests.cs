using System.Net;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.SystemLog;

public sealed class LogListTests
{
    private const string Verifications = "eventType eq \"user.authentication.auth_via_mfa\"";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_verification_is_an_event_as_the_contract_writes_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        app.Client.DefaultRequestHeaders.UserAgent.ParseAdd("Shop/4.2");
        var (factor, secret) = await app.ActiveTotpAsync();
        app.Clock.Advance(TimeSpan.FromMilliseconds(30_123));
        var verified = await app.VerifyAsync(factor, app.Totp(secret));
        var user = (await app.GetAsync("/api/v1/users/me")).Id;

        var logged = Assert.Single(await ListAsync(app, $"?filter={Uri.EscapeDataString(Verifications)}"))!;

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", (string?)logged["uuid"]);
        Assert.Equal("2026-03-05T09:41:37.123Z", (string?)logged["published"]);
        Assert.Equal(("0", "INFO", "core.user.factor.attempt_success"), ((string?)logged["version"], (string?)logged["severity"], (string?)logged["legacyEventType"]));
        Assert.Equal("""{"result":"SUCCESS","reason":null}""", logged["outcome"]!.ToJsonString());
        Assert.Equal((user, "User", "administrator@countersign.invalid"), ((string?)logged["actor"]!["id"], (string?)logged["actor"]!["type"], (string?)logged["actor"]!["alternateId"]));
        Assert.Equal([(user, "User"), (factor, "AuthenticatorEnrollment")], logged["target"]!.AsArray().Select(target => ((string?)target!["id"], (string?)target["type"])));
        Assert.Equal("Shop/4.2", (string?)logged["client"]!["userAgent"]!["rawUserAgent"]);
        Assert.Equal(("WEB", verified.Headers["X-Okta-Request-Id"]), ((string?)logged["transaction"]!["type"], (string?)logged["transaction"]!["id"]));
        Assert.StartsWith("00T", (string?)logged["transaction"]!["detail"]!["requestApiTokenId"], StringComparison.Ordinal);
        Assert.Equal($"/api/v1/users/me/factors/{factor}/verify", (string?)logged["debugContext"]!["debugData"]!["requestUri"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Pages_follow_each_other_in_both_directions_without_gap_or_repetition(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        for (var i = 0; i < 25; i++) await app.AddUserAsync($"user{i}@example.com");
        var until = Uri.EscapeDataString(app.Clock.GetUtcNow().ToString("o"));
        var all = await ListAsync(app, $"?until={until}&limit=1000");

        Assert.Equal(all.Select(Uuid), (await FollowAsync(app, $"?until={until}&limit=7")).Select(Uuid));
        Assert.Equal(all.Select(Uuid).Reverse(), (await FollowAsync(app, $"?until={until}&limit=7&sortOrder=DESCENDING")).Select(Uuid));
        Assert.Equal(all.Count, all.Select(Uuid).Distinct().Count());
        Assert.Equal(25 * 2, all.Count(logged => ((string?)logged!["target"]?[0]?["alternateId"])?.StartsWith("user", StringComparison.Ordinal) == true));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_polls_is_told_each_event_once_as_they_come(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var page = await app.GetAsync("/api/v1/logs?limit=1000");
        var empty = await app.GetAsync(page.Next!);
        await app.AddUserAsync("late@example.com");
        var news = await app.GetAsync(empty.Next!);
        var after = await app.GetAsync(news.Next!);

        Assert.Equal("[]", empty.Text);
        Assert.Equal(["user.lifecycle.create", "user.lifecycle.activate"], news.Json.AsArray().Select(logged => (string?)logged!["eventType"]));
        Assert.Equal("[]", after.Text);
        Assert.NotNull(after.Next);
    }

    [Fact]
    public async Task Events_are_found_by_instant_filter_and_words()
    {
        await using var app = new CountersignApp();
        await app.AddUserAsync("ana@example.com");
        app.Clock.Advance(TimeSpan.FromHours(1));
        var between = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.AddUserAsync("ben@example.com");

        Assert.All(await ListAsync(app, $"?since={Uri.EscapeDataString(between.ToString("o"))}"), logged => Assert.Contains("ben@", logged!.ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain(await ListAsync(app, $"?until={between:yyyy-MM-ddTHH:mm:ssZ}"), logged => logged!.ToJsonString().Contains("ben@", StringComparison.Ordinal));
        Assert.Equal(2, (await ListAsync(app, "?q=LIFECYCLE%20ana")).Count);
        Assert.Empty(await ListAsync(app, "?q=ana%20ben"));
        Assert.Equal(2, (await ListAsync(app, "?filter=" + Uri.EscapeDataString("target.alternateId ew \"@example.com\" and not (eventType co \"activate\")"))).Count);
        Assert.Equal(2, (await ListAsync(app, "?filter=" + Uri.EscapeDataString($"published gt \"{between:yyyy-MM-ddTHH:mm:ss.fffZ}\" and outcome.result eq \"SUCCESS\""))).Count);
    }

    [Fact]
    public async Task Events_older_than_seven_days_are_shown_to_who_asks_for_them()
    {
        await using var app = new CountersignApp();
        await app.AddUserAsync("ana@example.com");
        app.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Empty(await ListAsync(app, "?q=ana"));
        Assert.Equal(2, (await ListAsync(app, "?q=ana&since=2026-03-01T00:00:00Z")).Count);
    }

    [Fact]
    public async Task A_request_looks_at_a_bounded_number_of_events_and_the_next_goes_on()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:SystemLog:ScannedPerRequest", "1000"));
        await app.AddUserAsync("first@example.com");
        await Task.WhenAll(Enumerable.Range(0, 800).Select(i => app.AddUserAsync($"user{i}@example.com", query: "?activate=true", password: null)));
        await app.AddUserAsync("last@example.com");
        var until = Uri.EscapeDataString(app.Clock.GetUtcNow().ToString("o"));

        var page = await app.GetAsync($"/api/v1/logs?q=last@example.com&until={until}");
        var all = await FollowAsync(app, $"?q=last@example.com&until={until}");

        Assert.Equal("[]", page.Text);
        Assert.NotNull(page.Next);
        Assert.Equal(2, all.Count);
    }

    [Theory]
    [InlineData("since=yesterday", "E0000030")]
    [InlineData("until=2026-13-01T00:00:00Z", "E0000030")]
    [InlineData("limit=0", "E0000029")]
    [InlineData("limit=many", "E0000029")]
    [InlineData("after=00u", "E0000029")]
    [InlineData("after=-1", "E0000029")]
    [InlineData("after=9223372036854775807", "E0000029")]
    [InlineData("sortOrder=UP", "E0000001")]
    [InlineData("filter=eventType", "E0000031")]
    [InlineData("filter=secret eq \"x\"", "E0000094")]
    [InlineData("filter=published gt \"x\"", "E0000030")]
    [InlineData("q=a b c d e f g h i j k", "E0000031")]
    [InlineData("q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "E0000031")]
    public async Task What_cannot_be_asked_is_refused(string query, string code)
    {
        await using var app = new CountersignApp();

        var answer = await app.GetAsync("/api/v1/logs?" + query);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task No_secret_is_ever_logged()
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();
        var passCode = app.Totp(secret, steps: 1);
        await app.VerifyAsync(factor, passCode);
        await app.EnrollQuestionAsync("lemmings");
        await app.AddUserAsync("ana@example.com", password: "Unguessable1Word");

        var log = (await app.GetAsync("/api/v1/logs?limit=1000")).Text;

        foreach (var hidden in new[] { secret, passCode, "lemmings", "Unguessable1Word", CountersignApp.Token }) Assert.DoesNotContain(hidden, log, StringComparison.Ordinal);
    }

    private static string? Uuid(JsonNode? logged) => (string?)logged!["uuid"];

    private static async Task<IReadOnlyList<JsonNode?>> ListAsync(CountersignApp app, string query)
    {
        var answer = await app.GetAsync("/api/v1/logs" + query);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.AsArray()];
    }

    private static async Task<IReadOnlyList<JsonNode?>> FollowAsync(CountersignApp app, string query)
    {
        var all = new List<JsonNode?>();
        for (var path = "/api/v1/logs" + query; path is not null;)
        {
            var page = await app.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            all.AddRange(page.Json.AsArray());
            path = page.Next;
        }
        return all;
    }
}
