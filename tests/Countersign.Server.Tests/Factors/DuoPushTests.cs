using System.Net;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Server.Tests.Factors;

public sealed class DuoPushTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Duo_asks_by_itself_and_polls_find_out_what_came_of_it(Engine engine)
    {
        await using var house = new DuoHouse(engine, "push");

        var enrolled = await house.EnrollAsync();
        var factor = $"{FactorClient.Factors}/{enrolled.Id}";
        var pending = await house.App.PostAsync($"{factor}/lifecycle/activate");
        house.Duo.AnswerPush("allow");
        var activated = await house.App.PostAsync($"{factor}/lifecycle/activate");
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var waiting = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        house.Duo.AnswerPush("allow");
        var first = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var asked = house.Duo.Count;
        var second = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal(["host", "factorResult", "expiresAt"], enrolled.Json["_embedded"]!["activation"]!.AsObject().Select(shown => shown.Key));
        Assert.Equal(("WAITING", "ACTIVE"), (pending.FactorResult, (string?)activated.Json["status"]));
        Assert.Equal((HttpStatusCode.Created, "WAITING", "WAITING"), (challenge.Status, challenge.FactorResult, waiting.FactorResult));
        Assert.Equal(("""{"factorResult":"SUCCESS"}""", first.Text), (first.Text, second.Text));
        Assert.Equal(asked, house.Duo.Count);
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
        Assert.Equal(2, house.Duo.Pushes.Count);
        Assert.Empty(house.Duo.Refusals);
    }

    [Theory]
    [InlineData("deny", "deny", "REJECTED")]
    [InlineData("deny", "fraud", "REJECTED")]
    [InlineData("deny", "timeout", "TIMEOUT")]
    [InlineData("allow", "allow", "SUCCESS")]
    public async Task What_became_of_a_push_is_the_last_word(string result, string status, string expected)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Duo.AnswerPush(result, status);

        var first = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        house.Duo.AnswerPush("allow");
        var later = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal((HttpStatusCode.OK, expected), (first.Status, first.FactorResult));
        Assert.Equal(first.Text, later.Text);
        Assert.Equal((expected == "SUCCESS" ? 1 : 0, expected == "SUCCESS" ? 0 : 1), (await house.LoggedAsync("SUCCESS"), await house.LoggedAsync("FAILURE")));
    }

    [Theory]
    [InlineData("allow", "bypass")]
    [InlineData("allow", "trusted")]
    [InlineData("maybe", "allow")]
    public async Task A_result_that_proves_nothing_verifies_nobody(string result, string status)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Duo.AnswerPush(result, status);

        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000074"), (polled.Status, polled.ErrorCode));
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    [InlineData("enroll")]
    [InlineData("refuse")]
    public async Task A_user_whom_Duo_does_not_ask_is_neither_enrolled_nor_challenged(string preauth)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        var ana = await house.App.AddUserAsync("ana@example.com");
        var factor = await house.ActiveAsync();
        house.Duo.Preauth = preauth;

        var enrolled = await house.EnrollAsync(ana);
        var challenged = await house.App.PostAsync($"{factor}/verify");

        Assert.Equal((HttpStatusCode.BadRequest, "E0000074", "E0000074"), (enrolled.Status, enrolled.ErrorCode, challenged.ErrorCode));
        Assert.Equal("[]", (await house.App.GetAsync($"/api/v1/users/{ana}/factors")).Text);
        Assert.Single(house.Duo.Pushes);
    }

    [Fact]
    public async Task Duo_holds_its_answer_back_while_there_are_no_news()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push", new KeyValuePair<string, string>("Countersign:Duo:PollTimeLimit", "00:00:00.2"));
        var enrolled = await house.EnrollAsync();
        house.Duo.AnswerWith(Reply.Silence, Reply.Stalled(200, """{"stat":"OK","""));

        var silent = await house.App.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/lifecycle/activate/poll");
        var stalled = await house.App.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/lifecycle/activate/poll");

        Assert.Equal(("WAITING", "WAITING"), (silent.FactorResult, stalled.FactorResult));
    }

    [Fact]
    public async Task A_Duo_that_is_not_there_is_said_not_to_be_there()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Duo.AnswerPush("allow");
        house.Duo.AnswerWith(Reply.HangUp, Reply.Status(502), Reply.Json(429, """{"stat":"FAIL","message":"Too Many Requests"}"""));

        var errors = new List<string?>();
        for (var i = 0; i < 3; i++) errors.Add((await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).ErrorCode);
        var back = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal(["E0000067", "E0000067", "E0000074"], errors);
        Assert.Equal("SUCCESS", back.FactorResult);
    }
}
