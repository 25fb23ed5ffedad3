using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors.Push;

/// <summary>One valid exchange, and each time one thing in it spoilt: the list of these is the list of attacks.</summary>
public sealed class PushRefusalTests
{
    private const int RegisterTexts = 8, RequestTexts = 8, AnswerTexts = 14;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_registration_holds_in_all_of_its_texts(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (factor, link) = await house.EnrollAsync();
        var device = house.Device(link);
        for (var i = 0; i < RegisterTexts; i++)
        {
            device.Spoils = Spoil(i, RegisterTexts);
            var refused = await device.RegisterAsync();
            Assert.Equal((HttpStatusCode.Unauthorized, "E0000011"), (refused.Status, refused.ErrorCode));
        }
        foreach (var member in (string[])["name", "deviceType", "platform", "version", "key", "ticket", "signature"])
        {
            device.Spoils = null;
            var refused = await device.RegisterAsync(body => body.Remove(member));
            Assert.InRange((int)refused.Status, 400, 499);
        }

        Assert.Equal("PENDING_ACTIVATION", (string?)(await house.App.GetAsync(factor)).Json["status"]);
        Assert.Equal(HttpStatusCode.Created, (await device.RegisterAsync()).Status);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_request_of_a_device_holds_in_all_of_its_texts_and_for_five_minutes(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        for (var i = 0; i < RequestTexts; i++)
        {
            device.Spoils = Spoil(i, RequestTexts);
            foreach (var answer in (Answer[])[await device.RequestsAsync(), await device.ChangeAsync("Mine now"), await device.RemoveAsync(), await device.UnsubscribeAsync()])
                Assert.Equal((HttpStatusCode.Unauthorized, "E0000011"), (answer.Status, answer.ErrorCode));
        }
        device.Spoils = null;
        foreach (var (fault, isHeard) in (IEnumerable<(double, bool)>)[(-5.01, false), (-4.99, true), (4.99, true), (5.01, false)])
        {
            device.ClockFault = TimeSpan.FromMinutes(fault);
            Assert.Equal(isHeard ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await device.RequestsAsync()).Status);
        }
        Assert.Equal("Inés’s phone", (string?)(await house.App.GetAsync(factor)).Json["profile"]!["name"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_answer_holds_in_all_of_its_texts_and_each_that_does_not_is_logged(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (challenge, poll, request) = await house.ChallengeAsync(device, factor, withNumber: true);
        var number = challenge.Json["_embedded"]!["challenge"]!["correctAnswer"]!.ToJsonString();
        for (var i = 0; i < AnswerTexts; i++)
        {
            device.Spoils = Spoil(i, AnswerTexts);
            var refused = await device.AnswerAsync(request, "approve", number);
            Assert.Equal((HttpStatusCode.Unauthorized, "E0000011"), (refused.Status, refused.ErrorCode));
        }
        device.Spoils = null;
        Assert.Equal("WAITING", (await house.App.GetAsync(poll)).FactorResult);
        Assert.Equal(AnswerTexts, await house.LoggedAsync("FAILURE", "or not over this request"));

        Assert.Equal(HttpStatusCode.OK, (await device.AnswerAsync(request, "approve", number)).Status);
        Assert.Equal("SUCCESS", (await house.App.GetAsync(poll)).FactorResult);
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_was_signed_is_good_for_nothing_else(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (other, otherFactor) = await house.BoundAsync();
        var (challenge, poll, request) = await house.ChallengeAsync(device, factor, withNumber: true);
        var (_, laterPoll, later) = await house.ChallengeAsync(device, factor);
        var (_, othersPoll, others) = await house.ChallengeAsync(other, otherFactor);
        var (id, laterId, othersId) = (Id(request), Id(later), Id(others));
        var number = challenge.Json["_embedded"]!["challenge"]!["correctAnswer"]!.ToJsonString();
        var signed = device.AnswerTo(request, "approve", number);

        var deny = device.AnswerTo(request, "deny");
        deny["decision"] = "approve";
        deny["number"] = number;
        var wrongNumber = device.AnswerTo(request, "approve", number == "10" ? "11" : "10");
        wrongNumber["number"] = number;
        var othersKey = other.AnswerTo(request, "approve", number);
        (othersKey["user"], othersKey["factor"]) = (device.User, device.Factor);
        var asOther = signed.DeepClone().AsObject();
        asOther["factor"] = other.Factor;
        device.Origin = "https://mfa.example.net";
        var imitated = device.AnswerTo(request, "approve", number);
        foreach (var (transaction, body) in (IEnumerable<(string, JsonObject)>)[(id, deny), (id, wrongNumber), (id, othersKey), (id, imitated), (laterId, signed), (othersId, asOther)])
        {
            var refused = await device.SendAnswerAsync(transaction, body);
            Assert.Equal((HttpStatusCode.Unauthorized, "E0000011"), (refused.Status, refused.ErrorCode));
        }
        foreach (var path in (string[])[poll, laterPoll, othersPoll]) Assert.Equal("WAITING", (await house.App.GetAsync(path)).FactorResult);
        Assert.Equal((0, 6), (await house.LoggedAsync("SUCCESS"), await house.LoggedAsync("FAILURE")));

        Assert.Equal(HttpStatusCode.OK, (await device.SendAnswerAsync(id, signed)).Status);
        var replayed = await device.SendAnswerAsync(id, signed);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (replayed.Status, replayed.ErrorCode));
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_is_not_there_is_not_found(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (_, poll, request) = await house.ChallengeAsync(device, factor);
        var signed = device.AnswerTo(request, "approve");

        foreach (var (member, value) in (IEnumerable<(string, string)>)[("user", "00uAAAAAAAAAAAAAAAAA"), ("user", "nobody at all"), ("factor", "opfAAAAAAAAAAAAAAAAA"), ("factor", "")])
        {
            var body = signed.DeepClone().AsObject();
            body[member] = value;
            Assert.InRange((int)(await device.SendAnswerAsync(Id(request), body)).Status, value.Length == 0 ? 400 : 404, 404);
        }
        var unknown = await device.SendAnswerAsync("v2mst.AAAAAAAAAAAAAAAAAAAAAA", signed);
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (unknown.Status, unknown.ErrorCode));
        Assert.Equal("WAITING", (await house.App.GetAsync(poll)).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_comes_too_late_or_was_cancelled_approves_nothing(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (device, factor) = await house.BoundAsync();
        var (_, cancelledPoll, cancelled) = await house.ChallengeAsync(device, factor);
        await house.App.DeleteAsync(cancelledPoll);
        var (_, poll, request) = await house.ChallengeAsync(device, factor);
        house.Clock.Advance(TimeSpan.FromMinutes(5));

        foreach (var answer in (Answer[])[await device.AnswerAsync(cancelled, "approve"), await device.AnswerAsync(request, "approve")])
            Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (answer.Status, answer.ErrorCode));

        Assert.Equal(("CANCELLED", "TIMEOUT"), ((await house.App.GetAsync(cancelledPoll)).FactorResult, (await house.App.GetAsync(poll)).FactorResult));
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_ticket_is_good_for_one_device_and_ten_minutes(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (factor, link) = await house.EnrollAsync();
        var device = house.Device(link);
        foreach (var ticket in (string[])["x", device.Ticket + "x", device.Ticket[..^1] + (device.Ticket[^1] == 'A' ? 'B' : 'A'), new string('A', 301)])
        {
            var forged = house.Device(link);
            forged.Ticket = ticket;
            foreach (var answer in (Answer[])[await forged.LookAtTicketAsync(), await forged.RegisterAsync()])
                Assert.Equal((HttpStatusCode.Forbidden, "E0000110"), (answer.Status, answer.ErrorCode));
        }

        house.Clock.Advance(TimeSpan.FromMinutes(10));
        foreach (var answer in (Answer[])[await device.LookAtTicketAsync(), await device.RegisterAsync()])
            Assert.Equal((HttpStatusCode.Forbidden, "E0000110"), (answer.Status, answer.ErrorCode));

        Assert.Equal("TIMEOUT", (await house.App.PostAsync($"{factor}/lifecycle/activate")).FactorResult);
    }

    [Fact]
    public async Task What_anybody_can_send_wakes_nobody()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        var (device, factor) = await house.BoundAsync();
        var (_, _, request) = await house.ChallengeAsync(device, factor);
        var signed = device.AnswerTo(request, "approve");
        var before = house.Signals.Raised;

        foreach (var (member, value) in (IEnumerable<(string, string)>)[("signature", new string('A', 86)), ("user", "00uAAAAAAAAAAAAAAAAA"), ("user", "two words"), ("factor", "opfAAAAAAAAAAAAAAAAA")])
        {
            var body = signed.DeepClone().AsObject();
            body[member] = value;
            Assert.InRange((int)(await device.SendAnswerAsync(Id(request), body)).Status, 401, 404);
        }
        await device.LookAtTicketAsync();
        await device.RequestsAsync();

        Assert.Equal(before, house.Signals.Raised);
        await device.SendAnswerAsync(Id(request), signed);
        Assert.Equal(before + 1, house.Signals.Raised);
    }

    [Fact]
    public async Task Bodies_that_are_none_are_refused_and_change_nothing()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        var (device, factor) = await house.BoundAsync();
        var (_, poll, request) = await house.ChallengeAsync(device, factor);
        foreach (var text in (string[])["", "[]", "{", "null", "{}", """{"user":1}""", """{"user":"a","user":"b"}""", $$"""{"user":"{{new string('x', 20_000)}}"}"""])
        {
            using var content = new StringContent(text);
            foreach (var path in (string[])["activation", "devices", "events", $"requests/{Id(request)}"])
            {
                using var response = await device.Client.PostAsync(new Uri($"/countersign/v1/authenticator/{path}", UriKind.Relative), content);
                Assert.InRange((int)response.StatusCode, 400, 499);
                Assert.NotNull((await Answer.ReadAsync(response)).ErrorCode);
            }
        }
        Assert.Equal("WAITING", (await house.App.GetAsync(poll)).FactorResult);
    }

    private static string Id(JsonNode request) => (string)request["transactionId"]!;

    private static Action<List<string>> Spoil(int index, int count) => texts =>
    {
        Assert.Equal(count, texts.Count);
        texts[index] += "x";
    };
}
