using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Authenticator;

namespace Countersign.Crash.Tests;

/// <summary>Servers that are killed while devices answer, again and again, on one store.</summary>
public sealed class PushCrashTests
{
    private const int Kills = 12, People = 8;
    // Of many finished transactions the server keeps the newest.
    private const int MostKnown = 30;

    private static readonly KeyValuePair<string, string>[] Settings =
    [
        new("Countersign:Push:NumberMatching", "asked"), new("Countersign:Push:MostPerHour", "1000"), new("Countersign:Push:MostOpen", "10"),
        new("Countersign:RateLimits:DefaultPerMinute", "1000000"), new("Countersign:PublicUrl", "https://mfa.example.com"),
    ];

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_answer_that_was_acknowledged_is_the_last_word_after_every_kill(Engine engine)
    {
        using var store = new TestStore(engine);
        var server = await CountersignProcess.StartAsync(store, Settings);
        try
        {
            var people = new List<Person>();
            using (var client = server.CreateClient())
                for (var i = 0; i < People; i++) people.Add(await Person.BindAsync(client, $"person{i}@example.com"));

            for (var kill = 0; kill < Kills; kill++)
            {
                var left = RandomNumberGenerator.GetInt32(1, 60);
                var dying = server;
                using (var client = server.CreateClient())
                    await Task.WhenAll(people.Select(person => person.RunAsync(client, () => { if (Interlocked.Decrement(ref left) == 0) dying.Kill(); })));
                server.Dispose();
                server = await CountersignProcess.StartAsync(store, Settings);
                using var survivor = server.CreateClient();
                await Task.WhenAll(people.Select(person => person.CheckAsync(survivor)));
            }

            Assert.All(people, person => Assert.True(person.Acknowledged > 0, "a device was never answered"));
            using (var client = server.CreateClient()) await Task.WhenAll(people.Select(person => person.CheckLogAsync(client)));
            Assert.Equal(0, (await CountersignCommand.RunAsync(store, "log", "verify")).ExitCode);
            foreach (var person in people) person.Dispose();
        }
        finally
        {
            server.Dispose();
        }
    }

    /// <summary>One person with a device. It remembers what it was told became of each request, and which one it does not know of.</summary>
    private sealed class Person(string user, string factor, SoftwareDevice device) : IDisposable
    {
        private readonly List<(string Poll, string Result)> _known = [];
        private (string Poll, JsonObject Body, string Decision)? _unknown;
        private int _successes, _round;

        public int Acknowledged { get; private set; }

        public static async Task<Person> BindAsync(HttpClient client, string login)
        {
            var user = await client.AddUserAsync(login);
            var enrolled = await client.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "push", ["provider"] = "OKTA" });
            await client.PostAsync($"/api/v1/users/{user}/factors/{enrolled.Id}/lifecycle/activate/email", new JsonObject());
            var link = (string)(await client.ReadAsync($"/countersign/v1/outbox?recipient={Uri.EscapeDataString(login)}")).Json[0]!["link"]!;
            var device = new SoftwareDevice(client, TimeProvider.System, link) { Server = client.BaseAddress };
            var bound = await device.RegisterAsync();
            return bound.Status == HttpStatusCode.Created ? new Person(user, enrolled.Id, device) : throw new InvalidOperationException(bound.Text);
        }

        /// <summary>Challenges and answers, one after the other, until the server is gone.</summary>
        public async Task RunAsync(HttpClient client, Action acknowledged)
        {
            (device.Client, device.Server) = (client, client.BaseAddress);
            try
            {
                while (true)
                {
                    var challenge = await client.PostAsync($"/api/v1/users/{user}/factors/{factor}/verify", new JsonObject());
                    if (challenge.Status == HttpStatusCode.TooManyRequests) throw new InvalidOperationException(challenge.Text);
                    var id = (string)challenge.Json["transactionId"]!;
                    var request = (await device.RequestsAsync()).Json["requests"]!.AsArray().Single(one => (string?)one!["transactionId"] == id)!;
                    var decision = _round++ % 3 == 2 ? "deny" : "approve";
                    var body = device.AnswerTo(request, decision);
                    var poll = $"/api/v1/users/{user}/factors/{factor}/transactions/{id}";
                    _unknown = (poll, body, decision);
                    var answer = await device.SendAnswerAsync(id, body);
                    if (answer.Status != HttpStatusCode.OK) throw new InvalidOperationException(answer.Text);
                    Know(poll, answer.FactorResult!);
                    Acknowledged++;
                    acknowledged();
                }
            }
            catch (HttpRequestException)
            {
                // The server is gone, and with it the answer.
            }
        }

        /// <summary>Compares what it was told with what the server that came back says; and finds out what became of the rest.</summary>
        public async Task CheckAsync(HttpClient client)
        {
            (device.Client, device.Server) = (client, client.BaseAddress);
            if (_unknown is { } unknown)
            {
                // Before the kill or now, and the other time too late: once in all.
                var polled = await client.ReadAsync(unknown.Poll);
                var again = await device.SendAnswerAsync(unknown.Poll[(unknown.Poll.LastIndexOf('/') + 1)..], unknown.Body);
                var expected = unknown.Decision == "approve" ? "SUCCESS" : "REJECTED";
                if (polled.FactorResult == "WAITING") Assert.Equal((HttpStatusCode.OK, expected), (again.Status, again.FactorResult));
                else Assert.Equal((expected, "E0000107"), (polled.FactorResult, again.ErrorCode));
                Know(unknown.Poll, expected);
            }
            foreach (var (poll, result) in _known)
            {
                Assert.Equal(result, (await client.ReadAsync(poll)).FactorResult);
                Assert.Equal(result, (await client.ReadAsync(poll)).FactorResult);
            }
            _known.Clear();
            // A challenge whose answer was lost waits for nobody.
            foreach (var waiting in (await device.RequestsAsync()).Json["requests"]!.AsArray()) await device.AnswerAsync(waiting!, "deny");
        }

        /// <summary>The log has one event for every approval, and none besides.</summary>
        public async Task CheckLogAsync(HttpClient client)
        {
            var filter = Uri.EscapeDataString($"eventType eq \"user.authentication.auth_via_mfa\" and outcome.result eq \"SUCCESS\" and actor.id eq \"{user}\"");
            var events = 0;
            for (var path = $"/api/v1/logs?limit=1000&until=2100-01-01T00:00:00Z&filter={filter}"; path is not null;)
            {
                var page = await client.ReadAsync(path);
                events += page.Json.AsArray().Count;
                path = page.Next;
            }
            Assert.Equal(_successes, events);
        }

        public void Dispose() => device.Dispose();

        private void Know(string poll, string result)
        {
            _known.Add((poll, result));
            if (_known.Count > MostKnown) _known.RemoveAt(0);
            if (result == "SUCCESS") _successes++;
            _unknown = null;
        }
    }
}
