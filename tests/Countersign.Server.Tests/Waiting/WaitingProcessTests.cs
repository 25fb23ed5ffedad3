using System.Net;
using System.Text;
using Countersign.Testing;
using Countersign.Testing.Authenticator;
using Countersign.Testing.Signals;

namespace Countersign.Server.Tests.Waiting;

/// <summary>Requests that wait in a process of its own, over real connections.</summary>
public sealed class WaitingProcessTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_waits_is_answered_when_the_process_is_told_to_stop_and_holds_nothing_up(Engine engine)
    {
        using var store = new TestStore(engine);
        using var server = await CountersignProcess.StartAsync(store, new KeyValuePair<string, string>("Countersign:Shutdown:Timeout", "00:01:00"));
        using var client = server.CreateClient();
        var path = await ChallengeAsync(client);
        var polls = Enumerable.Range(0, 20).Select(_ => PollAsync(client, path, "wait=60")).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var events = await EventReader.OpenAsync(client, request);
        await events.NextAsync();
        await Task.Delay(500);
        Assert.DoesNotContain(polls, poll => poll.IsCompleted);

        var began = TimeProvider.System.GetTimestamp();
        server.Terminate();

        Assert.All(await Task.WhenAll(polls), poll => Assert.Equal((HttpStatusCode.OK, "WAITING"), (poll.Status, poll.FactorResult)));
        Assert.Null(await events.NextAsync());
        Assert.Equal(0, await server.WaitAsync());
        // They would have waited for a minute.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Who_closes_the_connection_waits_no_more()
    {
        using var store = new TestStore(Engine.Sqlite);
        using var server = await CountersignProcess.StartAsync(store, new KeyValuePair<string, string>("Countersign:Polling:MostWaiting", "1"));
        using var client = server.CreateClient();
        var path = await ChallengeAsync(client);
        using var gone = new CancellationTokenSource();
        var first = PollAsync(client, path, "wait=60", gone.Token);
        await Task.Delay(500, CancellationToken.None);
        Assert.False((await PollAsync(client, path, "wait=1")).Headers.ContainsKey("Preference-Applied"));
        Assert.False(first.IsCompleted);

        gone.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        for (var left = 600; !(await PollAsync(client, path, "wait=1")).Headers.ContainsKey("Preference-Applied"); left--)
        {
            Assert.True(left > 0, "the place of the one that left is not free");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Makes a user with a device, challenges, and answers where to poll.</summary>
    private static async Task<string> ChallengeAsync(HttpClient client)
    {
        var made = await PostAsync(client, "/api/v1/users", UserRequests.Body("ana@example.com").ToJsonString());
        var factors = $"/api/v1/users/{made.Id}/factors";
        var enrolled = await PostAsync(client, factors, """{"factorType":"push","provider":"OKTA"}""");
        await PostAsync(client, $"{factors}/{enrolled.Id}/lifecycle/activate/email");
        using var outbox = await client.GetAsync(new Uri("/countersign/v1/outbox?recipient=ana@example.com", UriKind.Relative));
        using var device = new SoftwareDevice(client, TimeProvider.System, (string)(await Answer.ReadAsync(outbox)).Json[0]!["link"]!);
        Assert.Equal(HttpStatusCode.Created, (await device.RegisterAsync()).Status);
        var challenge = await PostAsync(client, $"{factors}/{enrolled.Id}/verify");
        return $"{factors}/{enrolled.Id}/transactions/{challenge.Json["transactionId"]}";
    }

    private static async Task<Answer> PostAsync(HttpClient client, string path, string body = "")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await Answer.ReadAsync(response);
    }

    private static async Task<Answer> PollAsync(HttpClient client, string path, string prefer, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Prefer", prefer);
        using var response = await client.SendAsync(request, cancellationToken);
        return await Answer.ReadAsync(response);
    }
}
