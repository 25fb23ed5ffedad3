using System.Net;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class TotpTests
{
    private const string Known = "JBSWY3DPEHPK3PXP";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_passcode_activates_and_another_verifies(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var enrolled = await app.EnrollTotpAsync();
        var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;

        var activated = await app.ActivateAsync(enrolled.Id, app.Totp(secret));
        var replayed = await app.VerifyAsync(enrolled.Id, app.Totp(secret));
        var verified = await app.VerifyAsync(enrolled.Id, app.Totp(secret, steps: 1));

        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        Assert.Null(activated.Json["_embedded"]);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000082"), (replayed.Status, replayed.ErrorCode));
        Assert.Equal("""{"factorResult":"SUCCESS"}""", verified.Text);
    }

    [Theory]
    [InlineData(-1, "SUCCESS", null)]
    [InlineData(0, "SUCCESS", null)]
    [InlineData(1, "SUCCESS", null)]
    [InlineData(-3, null, "E0000083")]
    [InlineData(3, null, "E0000083")]
    [InlineData(-8, null, "E0000068")]
    [InlineData(8, null, "E0000068")]
    public async Task A_passcode_counts_near_its_time(int steps, string? result, string? error)
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        var answer = await app.VerifyAsync(factor, app.Totp(secret, steps));

        Assert.Equal((result, error), (answer.ErrorCode is null ? answer.FactorResult : null, answer.ErrorCode));
    }

    [Fact]
    public async Task Three_passcodes_of_one_window_count_in_their_order_once_each()
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        int[] order = [-1, 0, 1, 0, -1];

        var answers = new List<string?>();
        foreach (var steps in order)
        {
            var answer = await app.VerifyAsync(factor, app.Totp(secret, steps));
            answers.Add(answer.ErrorCode ?? answer.FactorResult);
        }

        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS", "E0000082", "E0000082"], answers);
    }

    [Fact]
    public async Task A_clock_that_drifts_slowly_is_followed()
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();

        for (var drift = 1; drift <= 4; drift++)
        {
            app.Clock.Advance(TimeSpan.FromDays(20));
            Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, app.Totp(secret, steps: drift))).FactorResult);
        }

        app.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal("E0000083", (await app.VerifyAsync(factor, app.Totp(secret, steps: 6))).ErrorCode);
    }

    [Fact]
    public async Task A_used_passcode_stays_used_when_its_secret_is_enrolled_again()
    {
        await using var app = new CountersignApp();
        var first = await app.EnrollTotpAsync(secret: Known);
        await app.ActivateAsync(first.Id, app.Totp(Known));
        await app.DeleteAsync($"{FactorClient.Factors}/{first.Id}");

        var again = await app.EnrollTotpAsync(secret: Known);
        var replayed = await app.ActivateAsync(again.Id, app.Totp(Known));
        var fresh = await app.ActivateAsync(again.Id, app.Totp(Known, steps: 1));

        Assert.Equal("E0000082", replayed.ErrorCode);
        Assert.Equal("ACTIVE", (string?)fresh.Json["status"]);
    }

    [Fact]
    public async Task Enrolling_again_while_pending_keeps_the_id_and_changes_the_secret()
    {
        await using var app = new CountersignApp();

        var first = await app.EnrollTotpAsync();
        var second = await app.EnrollTotpAsync();
        var shown = await app.GetAsync($"{FactorClient.Factors}/{first.Id}");

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Json["_embedded"]!.ToJsonString(), second.Json["_embedded"]!.ToJsonString());
        Assert.Equal(second.Json["_embedded"]!.ToJsonString(), shown.Json["_embedded"]!.ToJsonString());
    }

    [Fact]
    public async Task The_picture_is_open_to_its_token_until_activation()
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollTotpAsync();
        var link = (string)enrolled.Json["_embedded"]!["activation"]!["_links"]!["qrcode"]!["href"]!;
        using var anonymous = app.CreateClient();

        using var shown = await anonymous.GetAsync(link);
        using var wrong = await anonymous.GetAsync(link + "x");
        await app.ActivateAsync(enrolled.Id, app.Totp((string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!));
        using var gone = await anonymous.GetAsync(link);

        Assert.Equal((HttpStatusCode.OK, "image/png"), (shown.StatusCode, shown.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (wrong.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task Activation_is_tried_five_times_in_five_minutes_right_or_wrong()
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollTotpAsync(secret: Known);
        for (var i = 0; i < 5; i++) Assert.Equal("E0000068", (await app.ActivateAsync(enrolled.Id, "000000")).ErrorCode);

        var refused = await app.ActivateAsync(enrolled.Id, app.Totp(Known));
        var until = DateTimeOffset.FromUnixTimeSeconds(long.Parse(refused.Headers["X-Rate-Limit-Reset"]));
        app.Clock.Advance(until - app.Clock.GetUtcNow());
        var activated = await app.ActivateAsync(enrolled.Id, app.Totp(Known));

        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047"), (refused.Status, refused.ErrorCode));
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
    }

    [Theory]
    [InlineData("short", "Invalid Profile.")]
    [InlineData("not base32 at all!", "Invalid Profile.")]
    public async Task A_secret_that_is_none_is_refused(string secret, string cause)
    {
        await using var app = new CountersignApp();

        var answer = await app.EnrollTotpAsync(secret: secret);

        Assert.Equal(("E0000001", cause), (answer.ErrorCode, answer.Cause));
        Assert.Equal("[]", (await app.GetAsync(FactorClient.Factors)).Text);
    }
}
