using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors.Push;

/// <summary>Answers that come at once: one of them is the last word, on every node and for every later poll.</summary>
public sealed class PushRaceTests
{
    private const int Rounds = 4, Copies = 40;

    [Theory]
    [InlineData(Engine.Sqlite, false)]
    [InlineData(Engine.Postgres, false)]
    [InlineData(Engine.Postgres, true)]
    public async Task Of_approvals_and_denials_at_once_the_first_counts(Engine engine, bool onTwoNodes)
    {
        await using var house = new PushHouse(engine);
        var nodes = Nodes(house, onTwoNodes);
        var (device, factor) = await house.BoundAsync();
        var approved = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (_, poll, request) = await house.ChallengeAsync(device, factor);
            var bodies = Enumerable.Range(0, Copies).Select(i => device.AnswerTo(request, IsApproval(i) ? "approve" : "deny")).ToList();

            var answers = await Task.WhenAll(bodies.Select((body, i) => SendAsync(nodes[i / 2 % nodes.Length], request, body)));

            var first = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.All(answers.Where(answer => answer != first), answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (answer.Status, answer.ErrorCode)));
            Assert.Equal(IsApproval(Array.IndexOf(answers, first)) ? "SUCCESS" : "REJECTED", first.FactorResult);
            await FinalAsync(nodes, poll, first.FactorResult!);
            if (first.FactorResult == "SUCCESS") approved++;

            // Now one goes first, now the other.
            bool IsApproval(int i) => (i + round) % 2 == 0;
        }
        // Each answer that came too late is logged beside the denials.
        Assert.Equal((approved, (Rounds * Copies) - approved), (await house.LoggedAsync("SUCCESS"), await house.LoggedAsync("FAILURE")));
    }

    [Theory]
    [InlineData(Engine.Sqlite, false)]
    [InlineData(Engine.Postgres, false)]
    [InlineData(Engine.Postgres, true)]
    public async Task Polled_approved_and_cancelled_at_once_it_is_one_of_them_for_all(Engine engine, bool onTwoNodes)
    {
        await using var house = new PushHouse(engine);
        var nodes = Nodes(house, onTwoNodes);
        var (device, factor) = await house.BoundAsync();
        var approved = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (_, poll, request) = await house.ChallengeAsync(device, factor);
            var waiting = Enumerable.Range(0, 6).Select(i => Waiting.Polls.PollAsync(nodes[i % nodes.Length], poll)).ToArray();
            var bodies = Enumerable.Range(0, 10).Select(_ => device.AnswerTo(request, "approve")).ToList();

            var approvals = bodies.Select((body, i) => SendAsync(nodes[i % nodes.Length], request, body)).ToArray();
            var cancellations = Enumerable.Range(0, 4).Select(i => nodes[i % nodes.Length].DeleteAsync(poll)).ToArray();
            var polls = Enumerable.Range(0, 10).Select(i => nodes[i % nodes.Length].GetAsync(poll)).ToArray();
            var answers = await Task.WhenAll(approvals);
            await Task.WhenAll(cancellations);

            var final = answers.Any(answer => answer.Status == HttpStatusCode.OK) ? "SUCCESS" : "CANCELLED";
            Assert.True(answers.Count(answer => answer.Status == HttpStatusCode.OK) <= 1);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("E0000107", answer.ErrorCode));
            // The clock stands still: what waits is woken by the end alone.
            Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(final, answer.FactorResult));
            Assert.All(await Task.WhenAll(polls), answer => Assert.Contains(answer.FactorResult, new[] { "WAITING", final }));
            await FinalAsync(nodes, poll, final);
            if (final == "SUCCESS") approved++;
        }
        Assert.Equal(approved, await house.LoggedAsync("SUCCESS"));
    }

    [Theory]
    [InlineData(Engine.Sqlite, false)]
    [InlineData(Engine.Postgres, true)]
    public async Task An_approval_at_the_end_of_the_time_is_one_or_the_other_for_all(Engine engine, bool onTwoNodes)
    {
        await using var house = new PushHouse(engine);
        var nodes = Nodes(house, onTwoNodes);
        var (device, factor) = await house.BoundAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var (_, poll, request) = await house.ChallengeAsync(device, factor);
            house.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
            var bodies = Enumerable.Range(0, 10).Select(_ => device.AnswerTo(request, "approve")).ToList();

            var approvals = bodies.Select((body, i) => SendAsync(nodes[i % nodes.Length], request, body)).ToArray();
            house.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var polls = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => nodes[i % nodes.Length].GetAsync(poll)));
            var answers = await Task.WhenAll(approvals);

            var final = answers.Any(answer => answer.Status == HttpStatusCode.OK) ? "SUCCESS" : "TIMEOUT";
            Assert.All(polls, answer => Assert.Equal(final, answer.FactorResult));
            await FinalAsync(nodes, poll, final);
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_devices_that_bring_one_ticket_at_once_one_is_bound(Engine engine)
    {
        await using var house = new PushHouse(engine);
        var (factor, link) = await house.EnrollAsync();
        var devices = Enumerable.Range(0, 20).Select(i =>
        {
            var device = house.Device(link);
            device.Name = $"Phone {i}";
            return device;
        }).ToList();

        var answers = await Task.WhenAll(devices.Select(device => device.RegisterAsync()));

        var bound = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer != bound), answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000110"), (answer.Status, answer.ErrorCode)));
        Assert.Equal((string?)bound.Json["name"], (string?)(await house.App.GetAsync(factor)).Json["profile"]!["name"]);
    }

    private static CountersignApp[] Nodes(PushHouse house, bool two) => two ? [house.App, house.AddNode()] : [house.App];

    private static async Task<Answer> SendAsync(CountersignApp node, JsonNode request, JsonObject body)
    {
        using var client = node.CreateClient();
        using var content = new StringContent(body.ToJsonString());
        using var response = await client.PostAsync(new Uri($"/countersign/v1/authenticator/requests/{request["transactionId"]}", UriKind.Relative), content);
        return await Answer.ReadAsync(response);
    }

    private static async Task FinalAsync(CountersignApp[] nodes, string poll, string result)
    {
        var polls = new List<Answer>();
        for (var i = 0; i < 4; i++) polls.Add(await nodes[i % nodes.Length].GetAsync(poll));
        Assert.All(polls, answer => Assert.Equal((result, polls[0].Text), (answer.FactorResult, answer.Text)));
    }
}
