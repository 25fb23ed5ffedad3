using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors.Push;

/// <summary>A device's life, by an authenticator that was made from the page on the protocol alone.</summary>
public sealed class PushLifeTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_device_is_bound_asked_renamed_and_removed(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (factor, link) = await house.EnrollAsync();
        var device = house.Device(link);

        var looked = await device.LookAtTicketAsync();
        var pending = await house.App.PostAsync($"{factor}/lifecycle/activate/poll");
        var registered = await device.RegisterAsync();
        var active = await house.App.PostAsync($"{factor}/lifecycle/activate");
        Assert.Equal((HttpStatusCode.OK, PushHouse.Login), (looked.Status, (string?)looked.Json["login"]));
        Assert.Equal(("WAITING", "ACTIVE"), (pending.FactorResult, (string?)active.Json["status"]));
        Assert.Equal((HttpStatusCode.Created, house.User, "Inés’s phone"), (registered.Status, (string?)registered.Json["user"], (string?)registered.Json["name"]));
        Assert.Equal(("Inés’s phone", "ANDROID", "16"), ((string?)active.Json["profile"]!["name"], (string?)active.Json["profile"]!["platform"], (string?)active.Json["profile"]!["version"]));

        var totp = registered.Json["totp"]!;
        var code = await house.App.PostAsync($"/api/v1/users/{house.User}/factors/{totp["factor"]}/verify", new JsonObject { ["passCode"] = house.App.Totp((string)totp["secret"]!) });
        Assert.Equal("SUCCESS", code.FactorResult);

        Assert.Empty((await device.RequestsAsync()).Json["requests"]!.AsArray());
        var (_, poll, request) = await house.ChallengeAsync(device, factor);
        Assert.Equal("none", (string?)request["number"]);
        var approved = await device.AnswerAsync(request, "approve");
        Assert.Equal((HttpStatusCode.OK, """{"factorResult":"SUCCESS"}"""), (approved.Status, approved.Text));
        Assert.Equal("""{"factorResult":"SUCCESS"}""", (await house.App.GetAsync(poll)).Text);
        Assert.Empty((await device.RequestsAsync()).Json["requests"]!.AsArray());

        var renamed = await device.ChangeAsync("My other phone");
        Assert.Equal((HttpStatusCode.OK, "My other phone"), (renamed.Status, (string?)renamed.Json["name"]));
        Assert.Equal(("My other phone", "16"), await ProfileAsync(house, factor));

        Assert.Equal(HttpStatusCode.NoContent, (await device.RemoveAsync()).Status);
        var after = await device.RequestsAsync();
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (after.Status, after.ErrorCode));
        Assert.Equal("[]", (await house.App.GetAsync($"/api/v1/users/{house.User}/factors")).Text);
    }

    [Theory]
    [InlineData(Engine.Sqlite, "deny")]
    [InlineData(Engine.Postgres, "deny")]
    [InlineData(Engine.Sqlite, "report")]
    [InlineData(Engine.Postgres, "report")]
    public async Task No_is_the_last_word_too(Engine engine, string decision)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (_, poll, request) = await house.ChallengeAsync(device, factor);

        var denied = await device.AnswerAsync(request, decision);
        var late = await device.AnswerAsync(request, "approve");
        var polled = await house.App.GetAsync(poll);

        Assert.Equal((HttpStatusCode.OK, """{"factorResult":"REJECTED"}"""), (denied.Status, denied.Text));
        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (late.Status, late.ErrorCode));
        Assert.Equal("REJECTED", polled.FactorResult);
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_number_of_the_sign_in_page_approves_and_another_one_ends_the_request(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();

        var (challenge, poll, request) = await house.ChallengeAsync(device, factor, withNumber: true);
        var right = Number(challenge);
        Assert.Equal("typed", (string?)request["number"]);
        Assert.Equal(HttpStatusCode.OK, (await device.AnswerAsync(request, "approve", right)).Status);
        Assert.Equal("SUCCESS", (await house.App.GetAsync(poll)).FactorResult);

        (challenge, poll, request) = await house.ChallengeAsync(device, factor, withNumber: true);
        var wrong = await device.AnswerAsync(request, "approve", Number(challenge) == "10" ? "11" : "10");
        var again = await device.AnswerAsync(request, "approve", Number(challenge));
        Assert.Equal((HttpStatusCode.Forbidden, "E0000068"), (wrong.Status, wrong.ErrorCode));
        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (again.Status, again.ErrorCode));
        Assert.Equal("REJECTED", (await house.App.GetAsync(poll)).FactorResult);

        (challenge, poll, request) = await house.ChallengeAsync(device, factor, withNumber: true);
        var none = await device.AnswerAsync(request, "approve");
        Assert.Equal((HttpStatusCode.Forbidden, "E0000068"), (none.Status, none.ErrorCode));
        Assert.Equal("REJECTED", (await house.App.GetAsync(poll)).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_poll_that_waits_is_answered_with_what_the_device_said(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        foreach (var (decision, result) in (IEnumerable<(string, string)>)[("approve", "SUCCESS"), ("deny", "REJECTED")])
        {
            var (_, poll, request) = await house.ChallengeAsync(device, factor);
            var waits = Waiting.Polls.PollAsync(house.App, poll);
            await house.Signals.WaitingAsync(1);

            await device.AnswerAsync(request, decision);

            Assert.Equal(result, (await waits).FactorResult);
        }
        var (challenge, path, wrong) = await house.ChallengeAsync(device, factor, withNumber: true);
        var ends = Waiting.Polls.PollAsync(house.App, path);
        await house.Signals.WaitingAsync(1);
        await device.AnswerAsync(wrong, "approve", Number(challenge) == "10" ? "11" : "10");
        Assert.Equal("REJECTED", (await ends).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_poll_of_an_activation_that_waits_is_answered_when_the_device_is_bound(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (factor, link) = await house.EnrollAsync();
        var waits = Waiting.Polls.PollActivationAsync(house.App, $"{factor}/lifecycle/activate/poll");
        await house.Signals.WaitingAsync(1);

        await house.Device(link).RegisterAsync();

        Assert.Equal("ACTIVE", (string?)(await waits).Json["status"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_device_that_lost_the_answer_is_answered_again_and_nobody_else(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (_, link) = await house.EnrollAsync();
        var (device, thief) = (house.Device(link), house.Device(link));

        var first = await device.RegisterAsync();
        var again = await device.RegisterAsync();
        var other = await thief.RegisterAsync();

        Assert.NotNull(first.Json["totp"]);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        var expected = first.Json.DeepClone().AsObject();
        expected.Remove("totp");
        Assert.True(JsonNode.DeepEquals(expected, again.Json), again.Text);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000110"), (other.Status, other.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_stream_tells_each_device_what_waits_for_it(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (second, other) = await house.BoundAsync();
        using var events = await device.OpenEventsAsync(second);
        var first = new[] { await events.NextAsync(), await events.NextAsync() };
        Assert.All(first, told => Assert.Equal(("requests", 0), (told!.Value.Name, told.Value.Data!["requests"]!.AsArray().Count)));
        await house.Signals.WaitingAsync(1);

        var (_, _, request) = await house.ChallengeAsync(second, other);
        var asked = (await events.NextAsync())!.Value;
        Assert.Equal((second.Factor, (string?)request["transactionId"]), ((string?)asked.Data!["device"]!["factor"], (string?)asked.Data["requests"]![0]!["transactionId"]));
        Assert.True(JsonNode.DeepEquals(request, asked.Data["requests"]![0]), asked.Data.ToJsonString());

        await second.AnswerAsync(request, "deny");
        var answered = (await events.NextAsync())!.Value;
        Assert.Equal((second.Factor, 0), ((string?)answered.Data!["device"]!["factor"], answered.Data["requests"]!.AsArray().Count));

        await house.App.DeleteAsync(factor);
        var gone = (await events.NextAsync())!.Value;
        Assert.Equal(("gone", device.Factor, null), (gone.Name, (string?)gone.Data!["factor"], gone.Data["errorCode"]));
    }

    [Fact]
    public async Task A_device_whose_statement_does_not_hold_is_said_to_be_gone_with_the_reason()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        var (device, _) = await house.BoundAsync();
        device.Spoils = texts => texts[^1] = "x";

        using var events = await device.OpenEventsAsync();
        var gone = (await events.NextAsync())!.Value;

        Assert.Equal(("gone", device.Factor, "E0000011"), (gone.Name, (string?)gone.Data!["factor"], (string?)gone.Data["errorCode"]));
        Assert.Null(await events.NextAsync());
    }

    private static string Number(Answer challenge) => challenge.Json["_embedded"]!["challenge"]!["correctAnswer"]!.ToJsonString();

    private static async Task<(string?, string?)> ProfileAsync(PushHouse house, string factor)
    {
        var profile = (await house.App.GetAsync(factor)).Json["profile"]!;
        return ((string?)profile["name"], (string?)profile["version"]);
    }
}
