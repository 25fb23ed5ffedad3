using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Crash.Tests;

/// <summary>
/// Nodes that are killed while workflows with calls, waits, forks and retries run on one store. What the workflows call keeps every request by its Idempotency-Key, which names the attempt.
/// </summary>
public sealed class WorkflowCrashTests
{
    // The full form: COUNTERSIGN_CRASH_KILLS=100 COUNTERSIGN_CRASH_WORKFLOWS=200.
    private static readonly int Kills = Number("COUNTERSIGN_CRASH_KILLS", 8), Workflows = Number("COUNTERSIGN_CRASH_WORKFLOWS", 24);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Steps = ["post_ref", "put_ref", "flaky_ref", "last_ref"];

    [Theory, InlineData(Engine.Sqlite, 1), InlineData(Engine.Postgres, 2)]
    public async Task Every_workflow_ends_as_its_definition_says_and_nothing_is_done_again_that_was_done(Engine engine, int nodes)
    {
        using var store = new TestStore(engine);
        var effects = new Effects();
        await using var receiver = new LoopbackServer(effects.Receive);
        KeyValuePair<string, string>[] settings =
        [
            new("Countersign:Outbound:AllowedNetworks:0", "127.0.0.0/8"), new("Countersign:Workflows:LeaseMargin", "00:00:01"),
        ];
        var servers = new List<CountersignProcess>();
        for (var node = 0; node < nodes; node++) servers.Add(await CountersignProcess.StartAsync(store, settings));
        try
        {
            using (var client = servers[0].CreateClient()) await RegisterAsync(client, receiver.Address);
            var starts = new ConcurrentQueue<int>(Enumerable.Range(0, Workflows));
            var started = new ConcurrentDictionary<int, string>();
            for (var kill = 0; kill < Kills; kill++)
            {
                var victim = RandomNumberGenerator.GetInt32(nodes);
                var dying = servers[victim];
                var starting = StartSomeAsync(servers[RandomNumberGenerator.GetInt32(nodes)], starts, started, 1 + (Workflows / Kills));
                await Task.Delay(RandomNumberGenerator.GetInt32(1, 900));
                dying.Kill();
                await starting;
                dying.Dispose();
                servers[victim] = await CountersignProcess.StartAsync(store, settings);
            }
            while (!starts.IsEmpty) await StartSomeAsync(servers[0], starts, started, Workflows);

            using var survivor = servers[0].CreateClient();
            var ends = await EndsAsync(survivor, started.Values);

            Assert.Equal(Workflows, (int?)(await survivor.ReadAsync($"/api/workflow/search?size=1&query={Uri.EscapeDataString("workflowType = transfer")}")).Json["totalHits"]);
            foreach (var (number, id) in started) Check(ends[id], number, effects);
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
        }
    }

    /// <summary>The execution ended as it should, everything was done, and nothing after it was noted as done.</summary>
    private static void Check(JsonNode execution, int number, Effects effects)
    {
        var text = execution.ToJsonString();
        Assert.True((string?)execution["status"] == "COMPLETED", text);
        Assert.Equal(number * 2, (int?)execution["output"]!["doubled"]);
        foreach (var step in Steps)
        {
            var attempts = execution["tasks"]!.AsArray().Where(task => (string?)task!["referenceTaskName"] == step).ToList();
            var done = Assert.Single(attempts, task => (string?)task!["status"] == "COMPLETED")!;
            Assert.All(attempts.Where(task => task != done), task => Assert.True((bool)task!["retried"]!, text));
            var received = effects.Of((string)done["taskId"]!);
            Assert.NotEmpty(received);
            Assert.All(received, at => Assert.True(at <= (long)done["endTime"]!, $"{step} of {text} was done again after it had been noted"));
            // What cannot be repeated safely is never sent twice under one attempt.
            if (step == "post_ref") Assert.All(attempts, task => Assert.InRange(effects.Of((string)task!["taskId"]!).Count, 0, 1));
            else Assert.InRange(received.Count, 1, (int)done["pollCount"]!);
        }
        // Each of them once: no decision was made twice.
        Assert.Equal(1, execution["tasks"]!.AsArray().Count(task => (string?)task!["referenceTaskName"] == "join_ref"));
    }

    private static async Task RegisterAsync(HttpClient client, Uri receiver)
    {
        var answer = await client.PostAsync("/api/metadata/workflow", new JsonObject
        {
            ["name"] = "transfer",
            ["version"] = 1,
            ["tasks"] = new JsonArray(
                Call("post", "POST", new Uri(receiver, "/effect")),
                new JsonObject
                {
                    ["name"] = "fork",
                    ["taskReferenceName"] = "fork_ref",
                    ["type"] = "FORK_JOIN",
                    ["forkTasks"] = new JsonArray(new JsonArray(Call("put", "PUT", new Uri(receiver, "/effect"))), new JsonArray(Wait(), Call("flaky", "GET", new Uri(receiver, "/flaky/${workflow.workflowId}")))),
                },
                new JsonObject { ["name"] = "join", ["taskReferenceName"] = "join_ref", ["type"] = "JOIN", ["joinOn"] = new JsonArray("put_ref", "flaky_ref") },
                new JsonObject
                {
                    ["name"] = "double",
                    ["taskReferenceName"] = "double_ref",
                    ["type"] = "INLINE",
                    ["inputParameters"] = new JsonObject { ["evaluatorType"] = "javascript", ["expression"] = "$.number * 2", ["number"] = "${workflow.input.number}" },
                },
                Call("last", "PUT", new Uri(receiver, "/effect"))),
            ["outputParameters"] = new JsonObject { ["doubled"] = "${double_ref.output.result}" },
        });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    private static JsonObject Call(string name, string method, Uri uri) => new()
    {
        ["name"] = name,
        ["taskReferenceName"] = $"{name}_ref",
        ["type"] = "HTTP",
        ["inputParameters"] = new JsonObject
        {
            ["http_request"] = new JsonObject
            {
                ["uri"] = Uri.UnescapeDataString(uri.ToString()),
                ["method"] = method,
                ["headers"] = new JsonObject { ["Idempotency-Key"] = "${CPEWF_TASK_ID}" },
                ["connectionTimeOut"] = 1_000,
                ["readTimeOut"] = 3_000,
            },
        },
        ["taskDefinition"] = new JsonObject { ["name"] = name, ["retryCount"] = 100, ["retryLogic"] = "FIXED", ["retryDelaySeconds"] = 0, ["timeoutPolicy"] = "RETRY" },
    };

    private static JsonObject Wait() => new() { ["name"] = "wait", ["taskReferenceName"] = "wait_ref", ["type"] = "WAIT", ["inputParameters"] = new JsonObject { ["duration"] = "1 second" } };

    /// <summary>Starts some workflows, each under a key, until the server is gone; what was not answered is started again under the same key.</summary>
    private static async Task StartSomeAsync(CountersignProcess server, ConcurrentQueue<int> starts, ConcurrentDictionary<int, string> started, int most)
    {
        using var client = server.CreateClient();
        for (var i = 0; i < most && starts.TryDequeue(out var number); i++)
        {
            try
            {
                var answer = await client.PostAsync("/api/workflow", new JsonObject
                {
                    ["name"] = "transfer",
                    ["input"] = new JsonObject { ["number"] = number },
                    ["idempotencyKey"] = number.ToString(CultureInfo.InvariantCulture),
                    ["idempotencyStrategy"] = "RETURN_EXISTING",
                });
                if (answer.Status != HttpStatusCode.OK) throw new HttpRequestException(answer.Text);
                started[number] = answer.Text;
            }
            catch (HttpRequestException)
            {
                starts.Enqueue(number);
                return;
            }
        }
    }

    private static async Task<Dictionary<string, JsonNode>> EndsAsync(HttpClient client, IEnumerable<string> ids)
    {
        var ends = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        var until = TimeProvider.System.GetUtcNow() + Patience;
        foreach (var id in ids)
        {
            while (true)
            {
                var execution = (await client.ReadAsync($"/api/workflow/{id}")).Json;
                if ((string?)execution["status"] != "RUNNING")
                {
                    ends[id] = execution;
                    break;
                }
                Assert.True(TimeProvider.System.GetUtcNow() < until, $"it does not end: {execution.ToJsonString()}");
                await Task.Delay(100);
            }
        }
        return ends;
    }

    private static int Number(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;

    /// <summary>What was called, by attempt.</summary>
    private sealed class Effects
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<long>> _received = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);

        /// <summary>Keeps a request. Half of the flaky calls are refused once.</summary>
        public Reply Receive(ReceivedRequest request)
        {
            _received.GetOrAdd(request.Headers["Idempotency-Key"], _ => []).Enqueue(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            return request.Target.StartsWith("/flaky", StringComparison.Ordinal) && request.Target[^1] % 2 == 0 && _refused.TryAdd(request.Target, true) ? Reply.Status(503) : Reply.Json(200, "{}");
        }

        /// <summary>When requests of this attempt came, in milliseconds since 1970.</summary>
        public ConcurrentQueue<long> Of(string attempt) => _received.TryGetValue(attempt, out var received) ? received : [];
    }
}
