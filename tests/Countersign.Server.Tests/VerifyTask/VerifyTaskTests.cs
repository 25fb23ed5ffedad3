using System.Text.Json.Nodes;
using Countersign.Integrations.Workflows;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.VerifyTask;

public sealed class VerifyTaskTests
{
    private const string Number = "+14155550142";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_right_passcode_is_verified_at_once_and_logged_as_by_the_API(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.AddUserAsync("starter@example.com");
        var user = await app.AddUserAsync("ana@example.com");
        var (factor, secret) = await app.AddTotpAsync(user);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = "ana@example.com", ["factorType"] = "token:software:totp", ["passCode"] = app.Totp(secret, 1) }, "starter@example.com");

        Assert.Equal(AttemptStatus.Completed, await task.VisitAsync());

        Assert.Equal(("SUCCESS", factor, "token:software:totp", 1), (task.FactorResult, task.Text("factorId"), task.Text("factorType"), task.Attempts));
        Assert.Equal("2026-03-05T09:41:07.000Z", task.Text("verifiedAt"));
        var logged = (await VerificationsAsync(app, "SUCCESS")).Single();
        Assert.Equal((user, "ana@example.com"), ((string?)logged!["actor"]!["id"], (string?)logged["actor"]!["alternateId"]));
    }

    [Fact]
    public async Task A_visit_that_was_cut_off_after_its_success_succeeds_when_it_is_made_again()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        var (_, secret) = await app.AddTotpAsync(user);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "token:software:totp", ["passCode"] = app.Totp(secret, 1) });

        Assert.Equal(AttemptStatus.Completed, (await task.VisitAndLoseAsync()).Status);
        Assert.Equal(AttemptStatus.Completed, await task.VisitAsync());

        Assert.Equal("SUCCESS", task.FactorResult);
        Assert.Single(await VerificationsAsync(app, "SUCCESS"));
    }

    [Fact]
    public async Task Another_task_does_not_succeed_by_a_passcode_that_was_used()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        var (_, secret) = await app.AddTotpAsync(user);
        var input = new JsonObject { ["userId"] = user, ["factorType"] = "token:software:totp", ["passCode"] = app.Totp(secret, 1), ["maxAttempts"] = 1 };
        await new VerifiedTask(app, input).VisitAsync();
        var other = new VerifiedTask(app, input);

        Assert.Equal(AttemptStatus.FailedWithTerminalError, await other.VisitAsync());

        Assert.Equal(("FAILED", "E0000082", 1), (other.FactorResult, other.Text("errorCode"), other.Attempts));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task One_code_is_sent_however_often_the_challenge_is_cut_off_and_the_right_one_completes(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "sms", ["maxAttempts"] = 3 });

        await task.VisitAndLoseAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync());

        Assert.Single(await app.OutboxAsync(Number));
        Assert.Equal("CHALLENGE", task.FactorResult);
        Assert.Equal(AttemptStatus.InProgress, await task.AnswerAsync(new JsonObject { ["passCode"] = "000000" }));
        Assert.Equal(("CHALLENGE", "E0000068", 1), (task.FactorResult, task.Text("errorCode"), task.Attempts));
        Assert.Equal(AttemptStatus.Completed, await task.AnswerAsync(new JsonObject { ["passCode"] = await app.CodeOfAsync(Number) }));
        Assert.Equal(("SUCCESS", 2), (task.FactorResult, task.Attempts));
    }

    [Fact]
    public async Task An_answer_whose_outcome_was_lost_counts_once()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "sms" });
        await task.VisitAsync();
        var right = new JsonObject { ["passCode"] = await app.CodeOfAsync(Number) };

        await task.AnswerAndLoseAsync(new JsonObject { ["passCode"] = "000000" });
        await task.AnswerAsync(new JsonObject { ["passCode"] = "000000" });
        Assert.Single(await VerificationsAsync(app, "FAILURE"));
        Assert.Equal(AttemptStatus.Completed, (await task.AnswerAndLoseAsync(right)).Status);
        Assert.Equal(AttemptStatus.Completed, await task.AnswerAsync(right));

        Assert.Single(await VerificationsAsync(app, "SUCCESS"));
    }

    [Fact]
    public async Task Wrong_answers_end_it_when_they_are_used_up()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "sms", ["maxAttempts"] = 2 });
        await task.VisitAsync();

        Assert.Equal(AttemptStatus.InProgress, await task.AnswerAsync(new JsonObject { ["passCode"] = "000000" }));
        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.AnswerAsync(new JsonObject { ["passCode"] = "000001" }));

        Assert.Equal(("FAILED", "E0000068", 2), (task.FactorResult, task.Text("errorCode"), task.Attempts));
    }

    [Fact]
    public async Task A_user_who_is_locked_by_wrong_answers_ends_it()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "2"));
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "sms", ["maxAttempts"] = 10 });
        await task.VisitAsync();
        var right = new JsonObject { ["passCode"] = await app.CodeOfAsync(Number) };

        await task.AnswerAsync(new JsonObject { ["passCode"] = "000000" });
        await task.AnswerAsync(new JsonObject { ["passCode"] = "000001" });
        Assert.Equal("LOCKED_OUT", await app.StatusOfAsync(user));
        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.AnswerAsync(right));

        Assert.Equal(("ERROR", "E0000069"), (task.FactorResult, task.Text("errorCode")));
    }

    [Fact]
    public async Task Without_an_answer_it_ends_when_its_time_is_over()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        await app.AddTotpAsync(user);
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "token:software:totp", ["timeoutSeconds"] = "90" });

        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync());
        Assert.Equal(("CHALLENGE", TimeSpan.FromSeconds(90)), (task.FactorResult, task.Last.VisitAgainAfter));
        app.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.VisitAsync());

        Assert.Equal("TIMEOUT", task.FactorResult);
    }

    [Fact]
    public async Task A_challenge_that_comes_too_soon_is_made_when_it_may()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        var factor = await app.ActiveAsync(user, "sms", Number);
        await app.PostAsync($"{factor}/verify");
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = user, ["factorType"] = "sms" });

        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync());
        Assert.Single(await app.OutboxAsync(Number));
        app.Clock.Advance(task.Last.VisitAgainAfter!.Value);
        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync());

        Assert.Equal(2, (await app.OutboxAsync(Number)).Count);
        Assert.Equal("CHALLENGE", task.FactorResult);
    }

    [Theory]
    [InlineData("""{"factorType":"sms"}""", "userId is missing")]
    [InlineData("""{"userId":"ana@example.com"}""", "factorId and factorType are missing")]
    [InlineData("""{"userId":"nobody@example.com","factorType":"sms"}""", "There is no user nobody@example.com")]
    [InlineData("""{"userId":"ana@example.com","factorType":"sms"}""", "no factor sms")]
    [InlineData("""{"userId":"ana@example.com","factorType":"sms","timeoutSeconds":0}""", "timeoutSeconds must be a whole number")]
    [InlineData("""{"userId":"ana@example.com","factorType":"sms","maxAttempts":"many"}""", "maxAttempts must be a whole number")]
    [InlineData("""{"userId":"ana@example.com","factorType":"sms","useNumberMatchingChallenge":"yes"}""", "useNumberMatchingChallenge must be true or false")]
    [InlineData("""{"userId":{"a":1},"factorType":"sms"}""", "userId must be text")]
    public async Task What_cannot_be_verified_fails_for_good_and_says_why(string input, string reason)
    {
        await using var app = new CountersignApp();
        await app.AddUserAsync("ana@example.com");
        var task = new VerifiedTask(app, JsonNode.Parse(input)!.AsObject());

        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.VisitAsync());

        Assert.Contains(reason, task.Task.ReasonForIncompletion, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> VerificationsAsync(CountersignApp app, string outcome)
        => (await app.GetAsync($"/api/v1/logs?filter={Uri.EscapeDataString($"eventType eq \"user.authentication.auth_via_mfa\" and outcome.result eq \"{outcome}\"")}")).Json.AsArray();
}
