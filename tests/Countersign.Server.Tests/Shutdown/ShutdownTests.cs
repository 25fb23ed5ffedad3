using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Shutdown;

public sealed class ShutdownTests
{
    private const string Factors = "/api/v1/users/me/factors";

    private static readonly KeyValuePair<string, string>[] ManyTries =
        [new("Countersign:Attempts:LockoutThreshold", "1000000"), new("Countersign:Attempts:WrongPerWindow", "1000000")];

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Whatever_was_accepted_is_answered_before_the_process_ends(Engine engine)
    {
        using var store = new TestStore(engine);
        var (me, verify) = await EnrollAsync(store);
        int answered;
        using (var server = await CountersignProcess.StartAsync(store, ManyTries))
        {
            using var client = server.CreateClient();
            var senders = Enumerable.Range(0, 16).Select(_ => SendUntilClosedAsync(client, verify)).ToArray();
            await SendAsync(client, verify);
            await Task.Delay(500);
            server.Terminate();
            answered = 1 + (await Task.WhenAll(senders)).Sum();
            Assert.Equal(0, await server.WaitAsync());
        }

        await using var app = new CountersignApp(store);
        var state = await app.Services.GetRequiredService<IUserCommits>().LoadAsync(me, CancellationToken.None);

        // Every wrong answer that was counted was also answered, and the other way round.
        Assert.True(answered > 16, $"only {answered} answers");
        Assert.Equal(answered, state!.Attempts.WrongInARow);
    }

    [Fact]
    public async Task It_says_that_it_is_not_ready_before_it_stops_listening_and_a_second_signal_ends_it_at_once()
    {
        using var store = new TestStore(Engine.Sqlite);
        using var server = await CountersignProcess.StartAsync(store, new KeyValuePair<string, string>("Countersign:Shutdown:Delay", "00:01:00"));
        using var client = server.CreateClient();
        server.Terminate();
        while (await StatusAsync(client, "/health/ready") == HttpStatusCode.OK) await Task.Delay(20);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Factors));
        server.Terminate();
        Assert.Equal(143, await server.WaitAsync());
    }

    private static async Task<(UserId User, string Verify)> EnrollAsync(TestStore store)
    {
        await using var app = new CountersignApp(store);
        app.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());   // the process goes by the real clock
        var enrolled = await app.PostAsync(Factors, new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = "GOOGLE" });
        var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;
        await app.PostAsync($"{Factors}/{enrolled.Id}/lifecycle/activate", new JsonObject { ["passCode"] = app.Totp(secret) });
        return (new UserId(new Uri((string)enrolled.Json["_links"]!["user"]!["href"]!).Segments[^1]), $"{Factors}/{enrolled.Id}/verify");
    }

    private static async Task<int> SendUntilClosedAsync(HttpClient client, string verify)
    {
        for (var answered = 0; ; answered++)
        {
            try
            {
                await SendAsync(client, verify);
            }
            catch (HttpRequestException)
            {
                return answered;
            }
        }
    }

    private static async Task SendAsync(HttpClient client, string verify)
    {
        using var content = new StringContent("""{"passCode":"abcdef"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(verify, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
