using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Crash.Tests;

/// <summary>A server that is killed between the commit of a message and its sending, and between its sending and the note of it, again and again, on one store.</summary>
public sealed class DeliveryCrashTests
{
    private const int Kills = 50, ChallengesPerKill = 6;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task No_message_is_lost_none_is_sent_late_and_what_comes_twice_comes_under_one_id(Engine engine)
    {
        using var store = new TestStore(engine);
        var received = new ConcurrentQueue<Received>();
        Action whenReceived = () => { };
        await using var receiver = new LoopbackServer(request =>
        {
            var message = request.Json;
            received.Enqueue(new Received((string)message["to"]!, (string)message["id"]!, (string)message["code"]!, DateTimeOffset.Parse((string)message["expires"]!) - TimeProvider.System.GetUtcNow()));
            whenReceived();
            return Reply.Json(200, "{}");
        });
        KeyValuePair<string, string>[] settings =
        [
            new("Countersign:Delivery:Providers:own:Type", "webhook"), new("Countersign:Delivery:Providers:own:Url", receiver.Address.ToString()), new("Countersign:Delivery:Providers:own:Secret", WebhookReceiver.Secret),
            new("Countersign:Delivery:Lease", "00:00:01"), new("Countersign:Delivery:PollInterval", "00:00:00.1"), new("Countersign:Codes:PhoneLifetime", "00:30:00"),
        ];
        var acknowledged = new List<(string Factor, string Number)>();
        var server = await CountersignProcess.StartAsync(store, settings);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var dying = server;
                using (var client = server.CreateClient())
                {
                    var factors = new List<(string Factor, string Number)>();
                    for (var i = 0; i < ChallengesPerKill; i++) factors.Add(await EnrollAsync(client, (kill * ChallengesPerKill) + i));
                    var left = 1 + (kill / 2 % ChallengesPerKill);
                    // Half of the time it dies when it has sent and not yet heard, half of the time when it has told its client and maybe not yet sent.
                    if (kill % 2 == 0) whenReceived = Die;
                    await Task.WhenAll(factors.Select(async factor =>
                    {
                        if (!await ChallengeAsync(client, factor.Factor)) return;
                        lock (acknowledged) acknowledged.Add(factor);
                        if (kill % 2 == 1) Die();
                    }));
                    await dying.WaitAsync();
                    whenReceived = () => { };

                    void Die()
                    {
                        if (Interlocked.Decrement(ref left) == 0) dying.Kill();
                    }
                }
                server.Dispose();
                server = await CountersignProcess.StartAsync(store, settings);
            }

            using var survivor = server.CreateClient();
            await NothingWaitsAsync(survivor);
            var byNumber = received.ToLookup(message => message.Number);
            Assert.True(acknowledged.Count >= Kills, $"only {acknowledged.Count} challenges were acknowledged");
            Assert.Empty(acknowledged.Where(challenge => !byNumber.Contains(challenge.Number)).Select(challenge => challenge.Number));
            Assert.All(byNumber, messages => Assert.Single(messages.Select(message => (message.Id, message.Code)).Distinct()));
            Assert.All(received, message => Assert.True(message.Life > TimeSpan.Zero, $"{message.Number} got a code that had ended"));
            Assert.Contains(byNumber, messages => messages.Count() > 1);   // else nothing died between sending and noting
            foreach (var (factor, number) in acknowledged)
                Assert.Equal("SUCCESS", (await survivor.PostAsync($"{factor}/verify", new JsonObject { ["passCode"] = byNumber[number].First().Code })).FactorResult);
            Assert.Equal(0, (await CountersignCommand.RunAsync(store, "log", "verify")).ExitCode);
        }
        finally
        {
            server.Dispose();
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_code_that_ended_while_nobody_ran_is_not_sent(Engine engine)
    {
        using var store = new TestStore(engine);
        var codes = new ConcurrentQueue<string>();
        await using var receiver = new LoopbackServer(request =>
        {
            codes.Enqueue((string)request.Json["code"]!);
            return Reply.Status(503);
        });
        KeyValuePair<string, string>[] settings =
        [
            new("Countersign:Delivery:Providers:own:Type", "webhook"), new("Countersign:Delivery:Providers:own:Url", receiver.Address.ToString()), new("Countersign:Delivery:Providers:own:Secret", WebhookReceiver.Secret),
            new("Countersign:Delivery:Lease", "00:00:01"),
        ];
        string factor;
        using (var server = await CountersignProcess.StartAsync(store, settings))
        using (var client = server.CreateClient())
        {
            var user = await client.AddUserAsync("ines@example.com");
            factor = $"/api/v1/users/{user}/factors/{(await client.PostAsync($"/api/v1/users/{user}/factors?activate=true", new JsonObject { ["factorType"] = "email" })).Id}";
            Assert.Equal("CHALLENGE", (await client.PostAsync($"{factor}/verify?tokenLifetimeSeconds=2", new JsonObject())).FactorResult);
            await receiver.ReceiveAsync();
            server.Kill();
            await server.WaitAsync();
        }
        var tries = codes.Count;
        await Task.Delay(TimeSpan.FromSeconds(2));   // the life of the code

        using var restarted = await CountersignProcess.StartAsync(store, settings);
        using var survivor = restarted.CreateClient();
        await NothingWaitsAsync(survivor);

        Assert.Equal(tries, codes.Count);
        Assert.Contains((string?)(await survivor.ReadAsync("/countersign/v1/outbox")).Json[0]!["status"], (string?[])["EXPIRED", "FAILED"]);
    }

    private static async Task<(string Factor, string Number)> EnrollAsync(HttpClient client, int index)
    {
        var number = $"+1415{5550000 + index}";
        var user = await client.AddUserAsync($"user{index}@example.com");
        var enrolled = await client.PostAsync($"/api/v1/users/{user}/factors?activate=true", new JsonObject { ["factorType"] = "sms", ["profile"] = new JsonObject { ["phoneNumber"] = number } });
        return ($"/api/v1/users/{user}/factors/{enrolled.Id}", number);
    }

    /// <summary>Whether the challenge was acknowledged; not when the server died first.</summary>
    private static async Task<bool> ChallengeAsync(HttpClient client, string factor)
    {
        try
        {
            return (await client.PostAsync($"{factor}/verify", new JsonObject())).FactorResult == "CHALLENGE";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task NothingWaitsAsync(HttpClient client)
    {
        for (var left = 600; (int)(await client.ReadAsync("/countersign/v1/delivery")).Json["waiting"]! > 0; left--)
        {
            Assert.True(left > 0, "messages still wait");
            await Task.Delay(100);
        }
    }

    private sealed record Received(string Number, string Id, string Code, TimeSpan Life);
}
