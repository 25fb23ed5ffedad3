using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class VerificationRulesTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Five_wrong_answers_over_all_factors_lock_the_user(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (totp, secret) = await app.ActiveTotpAsync();
        var question = (await app.EnrollQuestionAsync()).Id;

        for (var i = 0; i < 3; i++) Assert.Equal("E0000068", (await app.VerifyAsync(totp, "000000")).ErrorCode);
        for (var i = 0; i < 2; i++) Assert.Equal("E0000068", (await app.AnswerAsync(question, "wrong answer")).ErrorCode);
        var right = await app.VerifyAsync(totp, app.Totp(secret, steps: 1));
        var rightAnswer = await app.AnswerAsync(question, "lemmings");

        Assert.Equal((HttpStatusCode.Forbidden, "E0000069", "[]"), (right.Status, right.ErrorCode, right.Json["errorCauses"]!.ToJsonString()));
        Assert.Equal("E0000069", rightAnswer.ErrorCode);
    }

    [Fact]
    public async Task A_right_answer_breaks_the_row_of_wrong_ones()
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();

        for (var round = 1; round <= 2; round++)
        {
            for (var i = 0; i < 4; i++) await app.VerifyAsync(factor, "000000");
            app.Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, app.Totp(secret))).FactorResult);
        }
    }

    [Fact]
    public async Task A_replayed_passcode_counts_as_wrong()
    {
        await using var app = new CountersignApp();
        var (factor, secret) = await app.ActiveTotpAsync();
        for (var i = 0; i < 5; i++) Assert.Equal("E0000082", (await app.VerifyAsync(factor, app.Totp(secret))).ErrorCode);

        Assert.Equal("E0000069", (await app.VerifyAsync(factor, app.Totp(secret, steps: 1))).ErrorCode);
    }

    [Fact]
    public async Task Wrong_answers_are_slowed_down_before_they_lock()
    {
        await using var app = new CountersignApp(Engine.Sqlite,
            new KeyValuePair<string, string>("Countersign:Attempts:WrongPerWindow", "3"));
        var (factor, secret) = await app.ActiveTotpAsync();
        for (var i = 0; i < 3; i++) await app.VerifyAsync(factor, "000000");

        var slowed = await app.VerifyAsync(factor, app.Totp(secret, steps: 1));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var heard = await app.VerifyAsync(factor, app.Totp(secret));

        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047"), (slowed.Status, slowed.ErrorCode));
        Assert.Equal("0", slowed.Headers["X-Rate-Limit-Remaining"]);
        Assert.Equal("SUCCESS", heard.FactorResult);
    }

    [Fact]
    public async Task A_lock_ends_by_itself_when_so_configured()
    {
        await using var app = new CountersignApp(Engine.Sqlite,
            new KeyValuePair<string, string>("Countersign:Attempts:LockoutDuration", "00:10:00"));
        var (factor, secret) = await app.ActiveTotpAsync();
        for (var i = 0; i < 5; i++) await app.VerifyAsync(factor, "000000");
        Assert.Equal("E0000069", (await app.VerifyAsync(factor, app.Totp(secret, steps: 1))).ErrorCode);

        app.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, app.Totp(secret))).FactorResult);
    }

    [Fact]
    public async Task A_missing_answer_is_said_to_be_missing_and_counts_for_nothing()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "1"));
        var (totp, _) = await app.ActiveTotpAsync();
        var question = (await app.EnrollQuestionAsync()).Id;

        var noCode = await app.PostAsync($"{FactorClient.Factors}/{totp}/verify");
        var noAnswer = await app.PostAsync($"{FactorClient.Factors}/{question}/verify", new JsonObject());

        Assert.Equal(("E0000001", "passCode: The field cannot be left blank"), (noCode.ErrorCode, noCode.Cause));
        Assert.Equal(("E0000001", "answer: The field cannot be left blank"), (noAnswer.ErrorCode, noAnswer.Cause));
        Assert.Equal("SUCCESS", (await app.AnswerAsync(question, "lemmings")).FactorResult);
    }

    [Fact]
    public async Task A_factor_type_stands_for_the_only_active_factor_of_that_type()
    {
        await using var app = new CountersignApp();
        var (_, secret) = await app.ActiveTotpAsync();

        var verified = await app.VerifyAsync("token:software:totp", app.Totp(secret, steps: 1));
        await app.ActiveTotpAsync("OKTA");
        var ambiguous = await app.VerifyAsync("token:software:totp", app.Totp(secret, steps: 1));

        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (ambiguous.Status, ambiguous.ErrorCode));
    }

    [Fact]
    public async Task A_pending_factor_cannot_be_verified()
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollTotpAsync();

        Assert.Equal("E0000107", (await app.VerifyAsync(enrolled.Id, "123456")).ErrorCode);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_a_hundred_copies_of_one_passcode_one_is_accepted(Engine engine)
    {
        await using var app = new CountersignApp(engine,
            new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "1000"), new KeyValuePair<string, string>("Countersign:Attempts:WrongPerWindow", "1000"));
        var (factor, secret) = await app.ActiveTotpAsync();
        var passCode = app.Totp(secret, steps: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.VerifyAsync(factor, passCode)));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(99, answers.Count(answer => answer.ErrorCode == "E0000082"));
    }

    [Fact]
    public async Task However_many_answers_are_tried_at_once_only_as_many_as_the_lockout_allows_are_judged()
    {
        await using var app = new CountersignApp();
        var question = (await app.EnrollQuestionAsync()).Id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.AnswerAsync(question, $"wrong {i}")));

        Assert.Equal(5, answers.Count(answer => answer.ErrorCode == "E0000068"));
        Assert.Equal(15, answers.Count(answer => answer.ErrorCode == "E0000069"));
    }

    [Theory]
    [InlineData("push", "YUBICO", "Factor not enabled.")]
    [InlineData("push", "UNSUPPORTED_PROVIDER", "Invalid Provider.")]
    [InlineData("signed_nonce", "OKTA", "Factor not enabled.")]
    [InlineData("web", "DUO", "Factor not enabled.")]
    public async Task Kinds_that_are_not_offered_are_refused_as_the_contract_says(string type, string provider, string cause)
    {
        await using var app = new CountersignApp();

        var answer = await app.EnrollAsync(new JsonObject { ["factorType"] = type, ["provider"] = provider });

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", cause), (answer.Status, answer.ErrorCode, answer.Cause));
    }

    [Fact]
    public async Task A_second_factor_of_a_kind_is_refused()
    {
        await using var app = new CountersignApp();
        await app.EnrollQuestionAsync();

        Assert.Equal("A factor of this type is already set up.", (await app.EnrollQuestionAsync()).Cause);
    }

    [Fact]
    public async Task Unenrolling_removes_once()
    {
        await using var app = new CountersignApp();
        var question = (await app.EnrollQuestionAsync()).Id;

        var removed = await app.DeleteAsync($"{FactorClient.Factors}/{question}");
        var again = await app.DeleteAsync($"{FactorClient.Factors}/{question}");

        Assert.Equal((HttpStatusCode.NoContent, ""), (removed.Status, removed.Text));
        Assert.Equal($"Not found: Resource not found: {question} (UserFactor)", (string?)again.Json["errorSummary"]);
    }
}
