using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using Countersign.Testing.Duo;

namespace Countersign.Server.Tests.Factors;

public sealed class DuoPromptTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_factor_is_enrolled_and_activated_on_Duos_page(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");

        var enrolled = await house.EnrollAsync();
        var factor = $"{FactorClient.Factors}/{enrolled.Id}";
        var activation = enrolled.Json["_embedded"]!["activation"]!;
        var waiting = await house.App.PostAsync($"{factor}/lifecycle/activate/poll");
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(activation)!);
        var completed = await house.App.PostAsync(new Uri((string)activation["_links"]!["complete"]!["href"]!).PathAndQuery, DuoHouse.Body(state, code));
        var polled = await house.App.PostAsync($"{factor}/lifecycle/activate/poll");

        Assert.StartsWith("dsf", enrolled.Id, StringComparison.Ordinal);
        Assert.Equal(("web", "DUO", "DUO", "PENDING_ACTIVATION"), ((string?)enrolled.Json["factorType"], (string?)enrolled.Json["provider"], (string?)enrolled.Json["vendorName"], (string?)enrolled.Json["status"]));
        Assert.Equal(DuoCounterpart.Host, (string?)activation["host"]);
        Assert.Equal(("WAITING", "2026-03-05T09:46:07.000Z"), ((string?)activation["factorResult"], (string?)activation["expiresAt"]));
        Assert.Equal("text/html", (string?)activation["_links"]!["prompt"]!["type"]);
        Assert.Equal(["poll", "self", "user"], enrolled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal(["poll", "complete", "prompt"], waiting.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal(("WAITING", "2026-03-05T09:46:07.000Z"), (waiting.FactorResult, (string?)waiting.Json["expiresAt"]));
        Assert.Equal((HttpStatusCode.OK, "ACTIVE"), (completed.Status, (string?)completed.Json["status"]));
        Assert.Equal(completed.Text, polled.Text);
        Assert.Equal(["verify", "self", "user"], polled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Null(polled.Json["_embedded"]);
        Assert.Empty(house.Duo.Refusals);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_challenge_waits_until_the_page_was_answered_and_then_says_the_same_for_good(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();

        var challenge = await house.App.PostAsync($"{factor}/verify");
        var waiting = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var (state, code) = await house.AnswerAsync(challenge);
        var completed = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var first = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        house.Clock.Advance(TimeSpan.FromMinutes(6));
        var later = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal((HttpStatusCode.Created, "WAITING"), (challenge.Status, challenge.FactorResult));
        Assert.Equal("2026-03-05T09:46:07.000Z", (string?)challenge.Json["expiresAt"]);
        Assert.Matches("^v2mst\\.[A-Za-z0-9_-]{22}$", (string?)challenge.Json["transactionId"]);
        Assert.EndsWith($"/transactions/{challenge.Json["transactionId"]}", DuoHouse.Link(challenge, "cancel"), StringComparison.Ordinal);
        Assert.EndsWith($"{factor[(factor.LastIndexOf('/') + 1)..]}/verify/duoCallback", (string?)challenge.Json["_embedded"]!["verification"]!["_links"]!["complete"]!["href"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, challenge.Text), (waiting.Status, waiting.Text));
        Assert.All([completed, first, later], answer => Assert.Equal((HttpStatusCode.OK, """{"factorResult":"SUCCESS"}"""), (answer.Status, answer.Text)));
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
        Assert.Empty(house.Duo.Refusals);
    }

    [Fact]
    public async Task A_transaction_is_forgotten_when_its_time_is_long_over()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");

        house.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), await ErrorAsync(house.App.GetAsync(DuoHouse.Link(challenge, "poll"))));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_denied_challenge_is_rejected_logged_and_counts_for_nothing(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt", new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "1"));
        var factor = await house.ActiveAsync();
        house.Duo.UserAnswers = "deny";

        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        var completed = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal((HttpStatusCode.OK, "REJECTED"), (completed.Status, completed.FactorResult));
        Assert.Equal(completed.Text, polled.Text);
        Assert.Equal(["verify", "factor"], polled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal("""{"credentialId":"administrator@countersign.invalid"}""", polled.Json["profile"]!.ToJsonString());
        Assert.Null(polled.Json["expiresAt"]);
        Assert.Equal((0, 1), (await house.LoggedAsync("SUCCESS"), await house.LoggedAsync("FAILURE")));
        Assert.Equal("WAITING", (await house.App.PostAsync($"{factor}/verify")).FactorResult);
    }

    public static TheoryData<IdTokenFault> Faults => [.. Enum.GetValues<IdTokenFault>().Except([IdTokenFault.None])];

    [Theory, MemberData(nameof(Faults))]
    public async Task An_id_token_with_one_fault_verifies_nobody(IdTokenFault fault)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        house.Duo.Fault = fault;

        var refused = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000074", "Factor Service Error"), (refused.Status, refused.ErrorCode, (string?)refused.Json["errorSummary"]));
        Assert.Equal("WAITING", (await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).FactorResult);
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Fact]
    public async Task A_state_is_good_for_one_answer_of_its_own_user_and_factor()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var ana = await house.App.AddUserAsync("ana@example.com");
        var (anas, mine) = (await house.ActiveAsync(ana), await house.ActiveAsync());
        var challenge = await house.App.PostAsync($"{anas}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        var asked = house.Duo.Count;

        var another = await house.App.PostAsync($"{mine}/verify/duoCallback", DuoHouse.Body(state, code));
        var changed = await house.App.PostAsync($"{anas}/verify/duoCallback", DuoHouse.Body(state[..^1] + (state[^1] == 'A' ? 'B' : 'A'), code));
        var senseless = await house.App.PostAsync($"{anas}/verify/duoCallback", DuoHouse.Body("state", code));
        var askedByThese = house.Duo.Count - asked;
        var right = await house.App.PostAsync($"{anas}/verify/duoCallback", DuoHouse.Body(state, code));
        var again = await house.App.PostAsync($"{anas}/verify/duoCallback", DuoHouse.Body(state, code));

        Assert.All([another, changed, senseless, again], answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000110"), (answer.Status, answer.ErrorCode)));
        Assert.Equal((0, "SUCCESS"), (askedByThese, right.FactorResult));
    }

    [Fact]
    public async Task A_code_of_another_transaction_verifies_nobody()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var (state, code) = await house.AnswerAsync(await house.App.PostAsync($"{factor}/verify"));
        var (otherState, otherCode) = await house.AnswerAsync(await house.App.PostAsync($"{factor}/verify"));

        var crossed = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, otherCode));
        var used = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(otherState, otherCode));
        var right = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));

        Assert.Equal(("E0000074", "E0000074", "SUCCESS"), (crossed.ErrorCode, used.ErrorCode, right.FactorResult));
    }

    [Theory]
    [InlineData("""{"duo_code":"x"}""", "state: The field cannot be left blank")]
    [InlineData("""{"state":"x"}""", "duo_code: The field cannot be left blank")]
    [InlineData("{}", "state: The field cannot be left blank")]
    public async Task What_is_missing_is_said_to_be_missing(string body, string cause)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();

        var refused = await house.App.PostAsync($"{factor}/verify/duoCallback", JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", cause), (refused.Status, refused.ErrorCode, refused.Cause));
    }

    [Fact]
    public async Task An_answer_to_a_challenge_activates_nothing_and_the_other_way_round()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var pending = await house.EnrollAsync();
        var factor = $"{FactorClient.Factors}/{pending.Id}";
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(pending.Json["_embedded"]!["activation"]!)!);

        var early = await house.App.PostAsync($"{factor}/verify");
        var wrongPlace = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        var tooLate = await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        var elsewhere = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));

        Assert.Equal(("E0000107", "E0000107", "E0000107", "E0000110"), (early.ErrorCode, wrongPlace.ErrorCode, tooLate.ErrorCode, elsewhere.ErrorCode));
    }

    [Fact]
    public async Task A_late_activation_is_said_to_be_late_once_and_then_begins_again()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var pending = await house.EnrollAsync();
        var factor = $"{FactorClient.Factors}/{pending.Id}";
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(pending.Json["_embedded"]!["activation"]!)!);
        house.Clock.Advance(TimeSpan.FromMinutes(5));

        var late = await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        var over = await house.App.PostAsync($"{factor}/lifecycle/activate/poll");
        var again = await house.App.PostAsync(DuoHouse.Link(over, "activate"));
        var old = await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        var (newState, newCode) = await house.Duo.AnswerAsync(DuoHouse.Prompt(again.Json)!);
        var activated = await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(newState, newCode));

        Assert.Equal(("E0000110", "E0000110"), (late.ErrorCode, old.ErrorCode));
        Assert.Equal((HttpStatusCode.OK, "TIMEOUT"), (over.Status, over.FactorResult));
        Assert.Equal(["activate"], over.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal(("WAITING", "2026-03-05T09:51:07.000Z"), (again.FactorResult, (string?)again.Json["expiresAt"]));
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
    }

    [Fact]
    public async Task A_denied_activation_is_cancelled()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        house.Duo.UserAnswers = "deny";
        var pending = await house.EnrollAsync();
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(pending.Json["_embedded"]!["activation"]!)!);

        var denied = await house.App.PostAsync($"{FactorClient.Factors}/{pending.Id}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        var shown = await house.App.GetAsync($"{FactorClient.Factors}/{pending.Id}");

        Assert.Equal((HttpStatusCode.OK, "CANCELLED"), (denied.Status, denied.FactorResult));
        Assert.Equal(("PENDING_ACTIVATION", "CANCELLED"), ((string?)shown.Json["status"], (string?)shown.Json["_embedded"]!["activation"]!["factorResult"]));
    }

    [Fact]
    public async Task Enrolling_again_while_pending_keeps_the_factor_and_ends_the_earlier_page()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var first = await house.EnrollAsync();
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(first.Json["_embedded"]!["activation"]!)!);

        var second = await house.EnrollAsync();
        var old = await house.App.PostAsync($"{FactorClient.Factors}/{first.Id}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        await house.App.DeleteAsync($"{FactorClient.Factors}/{first.Id}");
        await house.ActiveAsync();
        var third = await house.EnrollAsync();

        Assert.Equal((first.Id, "E0000110"), (second.Id, old.ErrorCode));
        Assert.Equal("A factor of this type is already set up.", third.Cause);
    }

    [Fact]
    public async Task A_Duo_that_does_not_answer_or_does_not_serve_us_enrolls_and_verifies_nobody()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt", new KeyValuePair<string, string>("Countersign:Duo:TimeLimit", "00:00:00.2"));
        house.Duo.AnswerWith(Reply.Silence, Reply.Status(503), Reply.HangUp, Reply.Json(400, """{"stat":"FAIL","message":"invalid_client"}"""), Reply.Json(200, """{"stat":"FAIL"}"""), Reply.Json(200, "<html>"));
        var enrolled = new List<string?>();
        for (var i = 0; i < 6; i++) enrolled.Add((await house.EnrollAsync()).ErrorCode);
        var none = await house.App.GetAsync(FactorClient.Factors);
        await using var patient = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await patient.ActiveAsync();
        var challenge = await patient.App.PostAsync($"{factor}/verify");
        var (state, code) = await patient.AnswerAsync(challenge);
        patient.Duo.AnswerWith(Reply.HangUp, Reply.Json(200, "{}"));

        var silent = await patient.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var empty = await patient.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var waiting = await patient.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal(["E0000067", "E0000067", "E0000067", "E0000074", "E0000074", "E0000074"], enrolled);
        Assert.Equal("[]", none.Text);
        Assert.Equal((HttpStatusCode.GatewayTimeout, "E0000067", "Factors Service Error."), (silent.Status, silent.ErrorCode, (string?)silent.Json["errorSummary"]));
        Assert.Equal(("E0000074", "WAITING"), (empty.ErrorCode, waiting.FactorResult));
    }

    [Fact]
    public async Task An_application_may_have_an_address_of_its_own_that_the_page_leads_back_to()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt", "https://app.example.com/after-duo", []);

        var factor = await house.ActiveAsync();
        var (state, code) = await house.AnswerAsync(await house.App.PostAsync($"{factor}/verify"));

        Assert.Equal("SUCCESS", (await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code))).FactorResult);
    }

    [Fact]
    public async Task Without_a_Duo_the_kind_does_not_exist()
    {
        await using var app = new CountersignApp();

        var refused = await app.EnrollAsync(new JsonObject { ["factorType"] = "web", ["provider"] = "DUO" });
        var catalog = await app.GetAsync($"{FactorClient.Factors}/catalog");
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var with = await house.App.GetAsync($"{FactorClient.Factors}/catalog");

        Assert.Equal((HttpStatusCode.BadRequest, "Factor not enabled."), (refused.Status, refused.Cause));
        Assert.DoesNotContain(catalog.Json.AsArray(), entry => (string?)entry!["factorType"] == "web");
        Assert.Contains(with.Json.AsArray(), entry => (string?)entry!["factorType"] == "web" && (string?)entry["provider"] == "DUO");
    }

    private static async Task<(HttpStatusCode, string?)> ErrorAsync(Task<Answer> asked)
    {
        var answer = await asked;
        return (answer.Status, answer.ErrorCode);
    }
}
