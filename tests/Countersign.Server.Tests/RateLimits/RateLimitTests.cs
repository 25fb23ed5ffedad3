using System.Net;
using Countersign.Testing;

namespace Countersign.Server.Tests.RateLimits;

public sealed class RateLimitTests
{
    private static readonly KeyValuePair<string, string> TenUsersAMinute = new("Countersign:RateLimits:PerMinute:Users", "10");

    [Fact]
    public async Task A_bucket_is_counted_down_refuses_and_is_full_again_when_it_said()
    {
        await using var app = new CountersignApp(Engine.Sqlite, TenUsersAMinute);

        var first = await app.GetAsync("/api/v1/users/me");
        for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/v1/users/me")).Status);
        var refused = await app.GetAsync("/api/v1/users/me");
        var otherGroup = await app.GetAsync("/api/v1/logs");
        app.Clock.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(long.Parse(refused.Headers["X-Rate-Limit-Reset"])));
        var again = await app.GetAsync("/api/v1/users/me");

        Assert.Equal(("10", "9"), (first.Headers["X-Rate-Limit-Limit"], first.Headers["X-Rate-Limit-Remaining"]));
        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047", "0"), (refused.Status, refused.ErrorCode, refused.Headers["X-Rate-Limit-Remaining"]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (otherGroup.Status, again.Status));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_bucket_that_is_nearly_or_fully_used_is_an_event_once_a_minute(Engine engine)
    {
        await using var app = new CountersignApp(engine, TenUsersAMinute);

        for (var minute = 0; minute < 2; minute++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.GetAsync("/api/v1/users/me")));
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var events = (await app.GetAsync("/api/v1/logs?filter=eventType%20sw%20%22system.org.rate_limit%22")).Json.AsArray();
        Assert.Equal(
            ["system.org.rate_limit.violation", "system.org.rate_limit.violation", "system.org.rate_limit.warning", "system.org.rate_limit.warning"],
            events.Select(logged => (string?)logged!["eventType"]).Order());
        Assert.All(events, logged => Assert.Equal("Users", (string?)logged!["target"]![0]!["id"]));
    }

    [Fact]
    public async Task One_token_may_use_its_share_only()
    {
        await using var app = new CountersignApp(Engine.Sqlite, TenUsersAMinute, new("Countersign:RateLimits:TokenPercent", "50"));
        var other = app.CreateAuthorizedClient((string)(await app.PostAsync("/countersign/v1/tokens", new System.Text.Json.Nodes.JsonObject { ["name"] = "Other" })).Json["token"]!);

        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/v1/users/me")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.GetAsync("/api/v1/users/me")).Status);
        using var othersAnswer = await other.GetAsync("/api/v1/users/me");
        Assert.Equal(HttpStatusCode.OK, othersAnswer.StatusCode);
    }
}
