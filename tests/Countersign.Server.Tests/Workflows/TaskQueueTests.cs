using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class TaskQueueTests
{
    private const string Path = "/api/tasks";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_log_keeps_lines_of_any_text_in_order(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var task = await app.TaskIdAsync(await app.StartAsync("d"), "a_ref");

        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "plain"));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "\"quoted \\n\""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "\"no end"));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", ""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "a\0b"));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", [0xff, 0xfe, (byte)'x']));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "\"\\ud83d\""));
        var log = await app.GetAsync($"{Path}/{task}/log");

        Assert.StartsWith($$"""[{"log":"plain","taskId":"{{task}}","createdTime":1772703667000},{"log":"quoted \n","taskId":"{{task}}","createdTime":1772703668000},""", log.Text, StringComparison.Ordinal);
        Assert.Equal(["plain", "quoted \n", "\"no end", ""], log.Json.AsArray().Take(4).Select(line => (string?)line!["log"]));
        Assert.Equal(7, log.Json.AsArray().Count);
        Assert.StartsWith("a", (string?)log.Json[4]!["log"], StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_log_has_a_thousand_lines_of_4_kibibytes_at_most(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var task = await app.TaskIdAsync(await app.StartAsync("d"), "a_ref");
        var lines = new JsonArray([.. Enumerable.Range(0, 998).Select(i => new JsonObject { ["log"] = $"{i}", ["createdTime"] = 1_000 + i }), null, 5, new JsonObject { ["log"] = 7 }, new JsonObject { ["createdTime"] = 1 }, new JsonObject { ["log"] = "late", ["createdTime"] = -1 }]);

        IsText(await app.PostAsync(Path, new JsonObject { ["taskId"] = task, ["status"] = "IN_PROGRESS", ["logs"] = lines }));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", new string('x', 4_095) + "\U0001F600"));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", "one too many"));
        IsText(await app.PostAsync(Path, new JsonObject { ["taskId"] = task, ["status"] = "COMPLETED", ["logs"] = new JsonArray(new JsonObject { ["log"] = "one too many" }) }));
        var log = (await app.GetAsync($"{Path}/{task}/log")).Json.AsArray();

        Assert.Equal(1_000, log.Count);
        Assert.Equal(("0", 1_000, "late", 1772703667000), ((string?)log[0]!["log"], (long)log[0]!["createdTime"]!, (string?)log[998]!["log"], (long)log[998]!["createdTime"]!));
        Assert.Equal(new string('x', 4_095), ((string)log[999]!["log"]!)[..4_095]);
        Assert.InRange(((string)log[999]!["log"]!).Length, 4_095, 4_096);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Lines_that_are_logged_at_once_are_all_kept(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var task = await app.TaskIdAsync(await app.StartAsync("d"), "a_ref");

        Assert.All(await app.AtOnceAsync(20, i => app.SendRawAsync(HttpMethod.Post, $"{Path}/{task}/log", $"line {i}")), IsEmpty);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"line {i}").Order(StringComparer.Ordinal), (await app.GetAsync($"{Path}/{task}/log")).Json.AsArray().Select(line => (string)line!["log"]!).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Where_there_is_no_task_there_is_nothing_to_read_or_log(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        foreach (var id in (string[])[Nobody, "x", "%F0%9F%98%80"])
        {
            IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/{id}"));
            IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/{id}/log"));
            IsError(HttpStatusCode.NotFound, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/log", "line"));
        }
        IsError(HttpStatusCode.MethodNotAllowed, await app.DeleteAsync($"{Path}/{Nobody}/log"));
        IsError(HttpStatusCode.RequestEntityTooLarge, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{Nobody}/log", new string('x', (4 * 1024 * 1024) + 1)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Queues_are_counted_and_what_was_taken_is_not(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")), Definition("e", Step("b c")), Definition("h", Step("h", "HUMAN")));
        for (var i = 0; i < 3; i++) await app.StartAsync("d");
        await app.StartAsync("e");
        await app.StartAsync("h");
        await app.PollAsync("a");

        Assert.Equal("""{"a":2,"none":0}""", (await app.GetAsync($"{Path}/queue/sizes?taskType=a&taskType=none&taskType=a")).Text);
        Assert.Equal("{}", (await app.GetAsync($"{Path}/queue/sizes")).Text);
        Assert.Equal("""{"a%00":0}""".Replace("%00", "\\u0000", StringComparison.Ordinal), (await app.GetAsync($"{Path}/queue/sizes?taskType=a%00")).Text);
        Assert.Equal(["a"], (await app.GetAsync($"{Path}/queue/all")).Json.AsObject().Select(queue => queue.Key).Where(queue => queue.Length == 1));
        Assert.Equal(2, (int)(await app.GetAsync($"{Path}/queue/all/verbose")).Json["a"]!);
        Assert.Equal("2", IsText(await app.PostAsync($"{Path}/queue/requeue/a")));
        Assert.Equal("0", IsText(await app.PostAsync($"{Path}/queue/requeue/none")));
        IsError(HttpStatusCode.MethodNotAllowed, await app.PostAsync($"{Path}/queue/sizes"));
    }

    [Fact]
    public async Task Who_polled_is_told()
    {
        await using var app = new CountersignApp();
        await app.PollAsync("b", worker: "w2", more: "&domain=east");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.PollAsync("a", worker: "w1");

        Assert.Equal("""[{"queueName":"a","workerId":"w1","lastPollTime":1772703668000}]""", (await app.GetAsync($"{Path}/queue/polldata?taskType=a")).Text);
        Assert.Equal("""[{"queueName":"a","workerId":"w1","lastPollTime":1772703668000},{"queueName":"b","domain":"east","workerId":"w2","lastPollTime":1772703667000}]""", (await app.GetAsync($"{Path}/queue/polldata/all")).Text);
        Assert.Equal("[]", (await app.GetAsync($"{Path}/queue/polldata?taskType=none")).Text);
        Assert.Equal("[]", (await app.GetAsync($"{Path}/queue/polldata")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tasks_are_found_by_their_fields(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a"), Step("b")));
        var id = IsText(await app.PostAsync("/api/workflow/d?correlationId=c", new JsonObject()));
        var task = await app.TaskIdAsync(id, "a_ref");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.UpdateAsync(task, "COMPLETED");
        async Task<JsonNode> Found(string query) => (await app.GetAsync($"{Path}/search?query={Uri.EscapeDataString(query)}")).Json;

        var one = await Found($"taskId = {task}");
        Assert.Equal(
            ["workflowId", "workflowType", "correlationId", "taskId", "taskDefName", "taskType", "taskReferenceName", "status", "scheduledTime", "startTime", "updateTime", "endTime", "input", "output", "workflowPriority"],
            one["results"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(("2026-03-05T09:41:07.000Z", "2026-03-05T09:41:08.000Z", "{}"), ((string?)one["results"]![0]!["scheduledTime"], (string?)one["results"]![0]!["endTime"], (string?)one["results"]![0]!["output"]));
        Assert.Equal((2, 1, 1, 1, 0), ((int)(await Found($"workflowId = {id}"))["totalHits"]!, (int)(await Found("status = COMPLETED"))["totalHits"]!, (int)(await Found("taskDefName = b"))["totalHits"]!, (int)(await Found("taskType IN (a, x)"))["totalHits"]!, (int)(await Found("status = 'a\0'"))["totalHits"]!));
        foreach (var query in (string[])["nothing = 1", "updateTime = soon", "status", "status =", "(status = A"])
            IsError(HttpStatusCode.BadRequest, await app.GetAsync($"{Path}/search?query={Uri.EscapeDataString(query)}"));
        IsError(HttpStatusCode.BadRequest, await app.GetAsync($"{Path}/search?size=1001"));
        IsError(HttpStatusCode.BadRequest, await app.GetAsync($"{Path}/search?start=-1"));
        Assert.Equal("""{"totalHits":2,"results":[]}""", (await app.GetAsync($"{Path}/search?start=2")).Text);
        Assert.Equal("""{"totalHits":2,"results":[]}""", (await app.GetAsync($"{Path}/search?size=0")).Text);
    }
}
