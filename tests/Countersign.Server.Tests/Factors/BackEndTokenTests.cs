using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.BackEnds;
using Countersign.Testing;
using Countersign.Testing.BackEnds;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Factors;

/// <summary><c>token</c> of RSA and SYMANTEC (contract 9.12), with back ends that answer as each test says.</summary>
public sealed class BackEndTokenTests
{
    private const string Right = "123481059263";
    private static readonly TokenAnswer Accepted = new TokenAnswer.Accepted(), Rejected = new TokenAnswer.Rejected();

    private readonly ScriptedBackEnd _rsa = new(), _symantec = new();

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_RSA_token_is_active_once_its_passcode_was_right_and_verifies_with_the_next(Engine engine)
    {
        await using var app = App(engine);

        var enrolled = await app.EnrollAsync(Rsa(Right));
        var verified = await app.VerifyAsync(enrolled.Id, "123477210465");

        Assert.Equal((HttpStatusCode.OK, "ACTIVE", "RSA", "RSA"),
            (enrolled.Status, (string?)enrolled.Json["status"], (string?)enrolled.Json["provider"], (string?)enrolled.Json["vendorName"]));
        Assert.StartsWith("rsa", enrolled.Id, StringComparison.Ordinal);
        Assert.Equal("""{"credentialId":"ines.kovar"}""", enrolled.Json["profile"]!.ToJsonString());
        Assert.NotNull(enrolled.Json["_links"]!["verify"]);
        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal([("RSA", "ines.kovar", Right), ("RSA", "ines.kovar", "123477210465")], _rsa.Asked.Select(check => (check.Provider, check.CredentialId, check.PassCode)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_Symantec_credential_is_enrolled_with_two_consecutive_codes_and_verifies_with_one(Engine engine)
    {
        await using var app = App(engine);

        var one = await app.EnrollAsync(Symantec("081073", null));
        var enrolled = await app.EnrollAsync(Symantec("081073", "612391"));
        var verified = await app.VerifyAsync(enrolled.Id, "770123");

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", "nextPassCode: The field cannot be left blank"), (one.Status, one.ErrorCode, one.Cause));
        Assert.Equal("ACTIVE", (string?)enrolled.Json["status"]);
        Assert.StartsWith("ufv", enrolled.Id, StringComparison.Ordinal);
        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal([("081073", "612391"), ("770123", null)], _symantec.Asked.Select(check => (check.PassCode, check.NextPassCode)));
    }

    [Fact]
    public async Task A_second_code_that_was_sent_as_an_integer_gets_its_zeros_back()
    {
        await using var app = App();

        await app.EnrollAsync(Symantec("081073", 1391));

        Assert.Equal("001391", Assert.Single(_symantec.Asked).NextPassCode);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Forty_copies_of_a_passcode_that_the_back_end_accepts_forty_times_succeed_once(Engine engine)
    {
        await using var app = App(engine, new("Countersign:Attempts:LockoutThreshold", "1000"), new("Countersign:Attempts:WrongPerWindow", "1000"));
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        _rsa.AnswersLate = async _ =>
        {
            if (Interlocked.Increment(ref asked) == 40) all.SetResult();
            await all.Task;
            return Accepted;
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.VerifyAsync(factor, "123477210465")));

        Assert.Single(answers, answer => answer.FactorResult == "SUCCESS");
        Assert.Equal(39, answers.Count(answer => answer.ErrorCode == "E0000082"));
    }

    [Fact]
    public async Task An_accepted_passcode_is_not_asked_about_again_and_counts_as_wrong_until_it_is_forgotten()
    {
        await using var app = App();
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;

        var ofEnrollment = await app.VerifyAsync(factor, Right);
        app.Clock.Advance(BackEndTokenFactor.PasscodeMemory - TimeSpan.FromSeconds(1));
        var remembered = await app.VerifyAsync(factor, Right);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var forgotten = await app.VerifyAsync(factor, Right);

        Assert.Equal(("E0000082", "E0000082", "SUCCESS"), (ofEnrollment.ErrorCode, remembered.ErrorCode, forgotten.FactorResult));
        Assert.Equal(2, _rsa.Asked.Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Passcodes_stay_used_when_the_token_is_unenrolled_and_enrolled_again(Engine engine)
    {
        await using var app = App(engine);
        var factor = (await app.EnrollAsync(Symantec("081073", "612391"))).Id;
        await app.VerifyAsync(factor, "770123");
        await app.DeleteAsync($"{FactorClient.Factors}/{factor}");

        var answers = new List<string?>();
        foreach (var (first, second) in new[] { ("081073", "555555"), ("612391", "555555"), ("555555", "770123"), ("555555", "666666") })
        {
            var answer = await app.EnrollAsync(Symantec(first, second));
            answers.Add(answer.ErrorCode ?? (string?)answer.Json["status"]);
            app.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(["E0000082", "E0000082", "E0000082", "ACTIVE"], answers);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Five_wrong_passcodes_lock_the_user_before_the_back_end_is_asked_again(Engine engine)
    {
        await using var app = App(engine);
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;
        _rsa.Answers = _ => Rejected;

        var wrong = new List<Answer>();
        for (var i = 0; i < 5; i++) wrong.Add(await app.VerifyAsync(factor, $"00000000000{i}"));
        var locked = await app.VerifyAsync(factor, "123477210465");

        Assert.All(wrong, answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000068", "Your passcode doesn't match our records. Please try again."), (answer.Status, answer.ErrorCode, answer.Cause)));
        Assert.Equal("E0000069", locked.ErrorCode);
        Assert.Equal(1 + 5, _rsa.Asked.Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Guesses_at_an_enrollment_are_limited_like_activations(Engine engine)
    {
        await using var app = App(engine);
        _rsa.Answers = _ => Rejected;

        var wrong = new List<string?>();
        for (var i = 0; i < 5; i++) wrong.Add((await app.EnrollAsync(Rsa($"00000000000{i}"))).ErrorCode);
        _rsa.Answers = _ => Accepted;
        var limited = await app.EnrollAsync(Rsa(Right));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var enrolled = await app.EnrollAsync(Rsa(Right));

        Assert.Equal(Enumerable.Repeat("E0000068", 5), wrong);
        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047"), (limited.Status, limited.ErrorCode));
        Assert.Equal("ACTIVE", (string?)enrolled.Json["status"]);
        Assert.Equal(6, _rsa.Asked.Count);
    }

    [Fact]
    public async Task Of_guesses_at_an_enrollment_that_are_made_at_once_no_more_count()
    {
        await using var app = App();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        _rsa.AnswersLate = async _ =>
        {
            if (Interlocked.Increment(ref asked) == 20) all.SetResult();
            await all.Task;
            return Rejected;
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.EnrollAsync(Rsa($"0000000000{i:00}"))));

        Assert.Equal((5, 15), (answers.Count(answer => answer.ErrorCode == "E0000068"), answers.Count(answer => answer.ErrorCode == "E0000047")));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_challenge_is_answered_by_the_next_passcode_with_its_state(Engine engine)
    {
        await using var app = App(engine);
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;
        _rsa.Answers = check => check.State.IsEmpty ? new TokenAnswer.Challenged("SECURID_NEXT=7"u8.ToArray(), "Wait for the tokencode to change") : Accepted;

        var asked = await app.VerifyAsync(factor, "123477210465");
        var shown = await app.GetAsync($"{FactorClient.Factors}/{factor}");
        var verified = await app.VerifyAsync(factor, "123490015522");
        var after = await app.VerifyAsync(factor, "123412345678");

        Assert.Equal((HttpStatusCode.Conflict, "E0000113", "Wait for the tokencode to change"), (asked.Status, asked.ErrorCode, asked.Cause));
        Assert.EndsWith(".", (string?)asked.Json["errorSummary"], StringComparison.Ordinal);
        Assert.DoesNotContain("SECURID", shown.Text, StringComparison.Ordinal);
        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal("E0000113", after.ErrorCode);
        Assert.Equal(["", "", "SECURID_NEXT=7", ""], _rsa.Asked.Select(check => Encoding.ASCII.GetString(check.State.Span)));
    }

    [Fact]
    public async Task A_challenge_ends_with_its_time_and_with_a_wrong_answer()
    {
        await using var app = App();
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;
        _rsa.Answers = check => check.State.IsEmpty ? new TokenAnswer.Challenged(new byte[] { 7 }, null) : Rejected;

        await app.VerifyAsync(factor, "123400000001");
        app.Clock.Advance(BackEndTokenFactor.ChallengeLife);
        var late = await app.VerifyAsync(factor, "123400000002");
        var wrong = await app.VerifyAsync(factor, "123400000003");
        var again = await app.VerifyAsync(factor, "123400000004");

        Assert.Equal(("E0000113", "E0000068", "E0000113"), (late.ErrorCode, wrong.ErrorCode, again.ErrorCode));
        Assert.Equal([0, 0, 0, 1, 0], _rsa.Asked.Select(check => check.State.Length));
    }

    [Fact]
    public async Task A_challenge_does_not_count_as_a_wrong_passcode()
    {
        await using var app = App();
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;
        _rsa.Answers = _ => new TokenAnswer.Challenged(new byte[] { 7 }, null);

        for (var i = 0; i < 6; i++) Assert.Equal("E0000113", (await app.VerifyAsync(factor, $"12340000000{i}")).ErrorCode);
        _rsa.Answers = _ => Accepted;

        Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, "123477210465")).FactorResult);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_challenge_at_the_enrollment_leaves_a_pending_factor_that_the_next_code_makes_active(bool byActivation)
    {
        await using var app = App();
        _rsa.Answers = check => check.State.IsEmpty ? new TokenAnswer.Challenged(new byte[] { 7 }, null) : Accepted;

        var asked = await app.EnrollAsync(Rsa(Right));
        var pending = Assert.Single((await app.GetAsync(FactorClient.Factors)).Json.AsArray())!;
        var id = (string)pending["id"]!;
        var active = byActivation ? await app.ActivateAsync(id, "123477210465") : await app.EnrollAsync(Rsa("123477210465"));

        Assert.Equal("E0000113", asked.ErrorCode);
        Assert.Equal("PENDING_ACTIVATION", (string?)pending["status"]);
        Assert.Equal((id, "ACTIVE"), (active.Id, (string?)active.Json["status"]));
    }

    [Fact]
    public async Task A_challenge_to_one_token_is_not_continued_by_another()
    {
        await using var app = App();
        _rsa.Answers = check => check.State.IsEmpty ? new TokenAnswer.Challenged(new byte[] { 7 }, null) : Accepted;
        await app.EnrollAsync(Rsa(Right));

        var other = await app.EnrollAsync(Rsa("123477210465", "somebody.else"));

        Assert.Equal("E0000113", other.ErrorCode);
        Assert.All(_rsa.Asked, check => Assert.True(check.State.IsEmpty));
    }

    [Fact]
    public async Task A_silent_back_end_is_504_and_one_that_refuses_400_and_neither_counts()
    {
        await using var app = App();
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;

        _rsa.Answers = _ => new TokenAnswer.Silent();
        var silent = await app.VerifyAsync(factor, "123477210465");
        _rsa.Answers = _ => new TokenAnswer.Refused();
        var refused = await app.VerifyAsync(factor, "123477210465");
        for (var i = 0; i < 4; i++) await app.VerifyAsync(factor, "123477210465");
        _rsa.Answers = _ => Accepted;
        var verified = await app.VerifyAsync(factor, "123477210465");

        Assert.Equal((HttpStatusCode.GatewayTimeout, "E0000067", "Factors Service Error."), (silent.Status, silent.ErrorCode, (string?)silent.Json["errorSummary"]));
        Assert.Equal((HttpStatusCode.BadRequest, "E0000074", "Factor Service Error"), (refused.Status, refused.ErrorCode, (string?)refused.Json["errorSummary"]));
        Assert.Equal("SUCCESS", verified.FactorResult);
    }

    [Fact]
    public async Task Nothing_is_asked_about_what_is_no_passcode()
    {
        await using var app = App();
        var factor = (await app.EnrollAsync(Rsa(Right))).Id;

        var missing = await app.PostAsync($"{FactorClient.Factors}/{factor}/verify");
        var tooLong = await app.VerifyAsync(factor, new string('1', 129));
        var withControls = await app.VerifyAsync(factor, "1234\u0000");

        Assert.Equal(("E0000001", "passCode: The field cannot be left blank"), (missing.ErrorCode, missing.Cause));
        Assert.Equal(("E0000068", "E0000068"), (tooLong.ErrorCode, withControls.ErrorCode));
        Assert.Single(_rsa.Asked);
    }

    [Theory, InlineData(null), InlineData(""), InlineData(" "), InlineData(17), InlineData("a\u0007b")]
    public async Task An_enrollment_needs_a_credential(object? credentialId)
    {
        await using var app = App();
        var body = Rsa(Right);
        body["profile"] = new JsonObject { ["credentialId"] = credentialId is null ? null : JsonValue.Create(credentialId) };

        Assert.Equal("Invalid Profile.", (await app.EnrollAsync(body)).Cause);
        Assert.Empty(_rsa.Asked);
    }

    [Fact]
    public async Task An_enrollment_needs_a_passcode()
    {
        await using var app = App();
        var body = Rsa(Right);
        body.Remove("verify");

        Assert.Equal("passCode: The field cannot be left blank", (await app.EnrollAsync(body)).Cause);
    }

    [Fact]
    public async Task A_user_has_one_token_of_each_kind()
    {
        await using var app = App();
        await app.EnrollAsync(Rsa(Right));
        await app.EnrollAsync(Symantec("081073", "612391"));

        var second = await app.EnrollAsync(Rsa("123477210465", "another.name"));
        var byType = await app.VerifyAsync("token", "123477210465");

        Assert.Equal("A factor of this type is already set up.", second.Cause);
        Assert.Equal(HttpStatusCode.NotFound, byType.Status);   // there are two of this type
    }

    [Fact]
    public async Task A_kind_without_a_back_end_is_not_offered_and_its_factors_stay()
    {
        using var store = new TestStore(Engine.Sqlite);
        string factor;
        await using (var before = App(store)) factor = (await before.EnrollAsync(Rsa(Right))).Id;
        await using var app = new CountersignApp(store);

        var offered = (await app.GetAsync($"{FactorClient.Factors}/catalog")).Json.AsArray().Select(entry => (string?)entry!["provider"]);
        var enrolled = await app.EnrollAsync(Symantec("081073", "612391"));
        var organization = await app.GetAsync("/api/v1/org/factors/rsa_token");
        var listed = (await app.GetAsync(FactorClient.Factors)).Json.AsArray();
        var verified = await app.VerifyAsync(factor, "123477210465");
        var removed = await app.DeleteAsync($"{FactorClient.Factors}/{factor}");

        Assert.DoesNotContain(offered, provider => provider is "RSA" or "SYMANTEC");
        Assert.Equal("Factor not enabled.", enrolled.Cause);
        Assert.Equal("NOT_SETUP", (string?)organization.Json["status"]);
        Assert.Equal(factor, (string?)Assert.Single(listed)!["id"]);
        Assert.Equal("E0000074", verified.ErrorCode);
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
    }

    [Fact]
    public async Task A_kind_with_a_back_end_is_offered()
    {
        await using var app = App();

        var offered = (await app.GetAsync($"{FactorClient.Factors}/catalog")).Json.AsArray().Select(entry => ((string?)entry!["factorType"], (string?)entry["provider"])).ToList();
        var organization = await app.GetAsync("/api/v1/org/factors/symantec_vip");

        Assert.Contains(("token", "RSA"), offered);
        Assert.Contains(("token", "SYMANTEC"), offered);
        Assert.Equal("ACTIVE", (string?)organization.Json["status"]);
    }

    [Fact]
    public async Task No_passcode_is_stored_or_printed()
    {
        await using var app = App();
        await app.EnrollAsync(Rsa(Right));

        Assert.DoesNotContain(Right, Assert.Single(_rsa.Asked).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Right, (await app.GetAsync("/api/v1/logs")).Text, StringComparison.Ordinal);
    }

    private CountersignApp App(Engine engine = Engine.Sqlite, params KeyValuePair<string, string>[] settings) => new(engine, settings) { Replaces = Replace };

    private CountersignApp App(TestStore store) => new(store) { Replaces = Replace };

    private void Replace(IServiceCollection services) => services.AddSingleton(new TokenBackEnds(_rsa, _symantec));

    private static JsonObject Rsa(string passCode, string credentialId = "ines.kovar") => new()
    {
        ["factorType"] = "token",
        ["provider"] = "RSA",
        ["profile"] = new JsonObject { ["credentialId"] = credentialId },
        ["verify"] = new JsonObject { ["passCode"] = passCode },
    };

    private static JsonObject Symantec(string passCode, JsonNode? nextPassCode) => new()
    {
        ["factorType"] = "token",
        ["provider"] = "SYMANTEC",
        ["profile"] = new JsonObject { ["credentialId"] = "VSMT14393584" },
        ["verify"] = new JsonObject { ["passCode"] = passCode, ["nextPassCode"] = nextPassCode },
    };
}
