using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class ReadingTests
{
    private const string Path = "/api/workflow";

    [Theory]
    [InlineData("")]
    [InlineData("?includeTasks=false")]
    [InlineData("/status")]
    [InlineData("/tasks")]
    public async Task What_is_not_there_is_not_found(string read)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);

            foreach (var id in (string[])[Nobody, Nobody.ToUpperInvariant(), "x", "%F0%9F%98%80", new string('x', 5_000)])
                IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/{id}{read}"));
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_execution_is_read_whole_without_tasks_and_as_a_status(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var definition = Definition("d", Step("n", "SET_VARIABLE", new JsonObject { ["v"] = null }), Step("a"));
        definition["outputParameters"] = new JsonObject { ["x"] = "${workflow.input.x}", ["none"] = "${workflow.input.none}" };
        await app.RegisterAsync(definition);
        var id = IsText(await app.PostAsync($"{Path}/d?correlationId=c", new JsonObject { ["x"] = 1 }));
        var other = await app.StartAsync("d");
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED");

        Assert.Equal("[]", (await app.GetAsync($"{Path}/{id}?includeTasks=false")).Json["tasks"]!.ToJsonString());
        Assert.Equal(2, (await app.GetAsync($"{Path}/{id}?includeTasks=TRUE")).Json["tasks"]!.AsArray().Count);
        Assert.Equal($$"""{"workflowId":"{{other}}","status":"RUNNING"}""", (await app.GetAsync($"{Path}/{other}/status")).Text);
        Assert.Equal($$$"""{"workflowId":"{{{id}}}","status":"COMPLETED","correlationId":"c","output":{"x":1,"none":null},"variables":{"v":null}}""", (await app.GetAsync($"{Path}/{id}/status?includeOutput=true&includeVariables=true")).Text);
    }

    [Fact]
    public async Task Tasks_are_paged_and_chosen_by_status()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", [.. Enumerable.Range(0, 18).Select(i => Step($"n{i}", "NOOP")), Step("h", "HUMAN")]));
        var id = await app.StartAsync("d");
        async Task<string> Page(string query)
        {
            var page = (await app.GetAsync($"{Path}/{id}/tasks?{query}")).Json;
            return $"{page["totalHits"]}: {string.Join(' ', page["results"]!.AsArray().Select(task => (string?)task!["taskDefName"]))}";
        }

        Assert.Equal("19: " + string.Join(' ', Enumerable.Range(0, 15).Select(i => $"n{i}")), await Page(""));
        Assert.Equal("19: n2 n3", await Page("start=2&count=2"));
        Assert.Equal("19: h", await Page("start=18&count=100"));
        Assert.Equal("19: ", await Page("start=19"));
        Assert.Equal("19: ", await Page("count=0"));
        Assert.Equal("1: h", await Page("status=IN_PROGRESS&status=FAILED"));
        Assert.Equal("18: n17", await Page("status=COMPLETED&start=17"));
        foreach (var query in (string[])["start=-1", "count=-1", "count=x", "start=1.5", "start=99999999999", "status=NONE", "status=completed"])
            IsError(HttpStatusCode.BadRequest, await app.GetAsync($"{Path}/{id}/tasks?{query}"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Executions_are_found_by_correlation_id(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")), Definition("e", Step("n", "NOOP")), Definition("f", Step("a")));
        string one = IsText(await app.PostAsync($"{Path}/d?correlationId=c%2F1", new JsonObject())), closed = IsText(await app.PostAsync($"{Path}/e?correlationId=c%2F1", new JsonObject()));
        IsText(await app.PostAsync($"{Path}/f?correlationId=c%2F1", new JsonObject()));
        string two = IsText(await app.PostAsync($"{Path}/d?correlationId=c2", new JsonObject()));
        await app.PutAsync($"{Path}/{two}/pause");
        static IEnumerable<string?> Ids(JsonNode? executions) => executions!.AsArray().Select(execution => (string?)execution!["workflowId"]);

        Assert.Equal([two], Ids((await app.GetAsync($"{Path}/d/correlated/c2")).Json));
        Assert.Equal("[]", (await app.GetAsync($"{Path}/d/correlated/c2")).Json[0]!["tasks"]!.ToJsonString());
        Assert.Single((await app.GetAsync($"{Path}/d/correlated/c2?includeTasks=true")).Json[0]!["tasks"]!.AsArray());
        Assert.Empty((await app.GetAsync($"{Path}/d/correlated/none")).Json.AsArray());
        Assert.Empty((await app.GetAsync($"{Path}/nobody/correlated/c2")).Json.AsArray());
        Assert.Equal("""{"a\u0000":[]}""", (await app.SendRawAsync(HttpMethod.Post, $"{Path}/d/correlated", """["a\u0000"]""")).Text);
        var many = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/d/correlated", """["c/1","c2","none","c2"]""")).Json;
        Assert.Equal(["c/1", "c2", "none"], many.AsObject().Select(member => member.Key));
        Assert.Equal([one, two], Ids(many["c/1"]).Concat(Ids(many["c2"])).Concat(Ids(many["none"])));
        Assert.Empty(Ids((await app.SendRawAsync(HttpMethod.Post, $"{Path}/e/correlated", """["c/1"]""")).Json["c/1"]));
        Assert.Equal([closed], Ids((await app.SendRawAsync(HttpMethod.Post, $"{Path}/e/correlated?includeClosed=true", """["c/1"]""")).Json["c/1"]));
        var batch = await app.SendRawAsync(HttpMethod.Post, $"{Path}/correlated/batch?includeClosed=true", """{"workflowNames":["d","e"],"correlationIds":["c/1"]}""");
        Assert.Equal(new[] { one, closed }.Order(StringComparer.Ordinal), Ids(batch.Json["c/1"]).Order(StringComparer.Ordinal));
        Assert.Equal("{}", (await app.SendRawAsync(HttpMethod.Post, $"{Path}/correlated/batch", "{}")).Text);
    }

    [Theory]
    [InlineData("/d/correlated", "{}", null)]
    [InlineData("/d/correlated", "[5]", null)]
    [InlineData("/d/correlated", "", null)]
    [InlineData("/correlated/batch", "[]", null)]
    [InlineData("/correlated/batch", """{"workflowNames":"d","correlationIds":["c"]}""", "workflowNames")]
    [InlineData("/correlated/batch", """{"workflowNames":["d"],"correlationIds":[5]}""", "correlationIds")]
    [InlineData("/correlated/batch", """{"workflowNames":{},"correlationIds":["c"]}""", "workflowNames")]
    public async Task What_names_no_correlation_ids_is_refused(string path, string body, string? place)
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path + path, body), place);
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/d/correlated", new JsonArray([.. Enumerable.Range(0, 1_001).Select(i => JsonValue.Create($"{i}"))])));
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/correlated/batch", new JsonObject { ["workflowNames"] = new JsonArray("d"), ["correlationIds"] = new JsonArray([.. Enumerable.Range(0, 1_001).Select(i => JsonValue.Create($"{i}"))]) }), "correlationIds");
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Running_executions_are_listed_by_name_version_and_time(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var second = Definition("d", Step("a"));
        second["version"] = 2;
        await app.RegisterAsync(Definition("d", Step("a")), second, Definition("e", Step("a")));
        var first = IsText(await app.PostAsync($"{Path}/d?version=1", new JsonObject()));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var latest = await app.StartAsync("d");
        var gone = await app.StartAsync("d");
        await app.DeleteAsync($"{Path}/{gone}");
        await app.StartAsync("e");

        Assert.Equal($"""["{latest}","{first}"]""", (await app.GetAsync($"{Path}/running/d")).Text);
        Assert.Equal($"""["{first}"]""", (await app.GetAsync($"{Path}/running/d?version=1")).Text);
        Assert.Equal($"""["{first}"]""", (await app.GetAsync($"{Path}/running/d?startTime=1772703667000&endTime=1772703667000")).Text);
        Assert.Equal("[]", (await app.GetAsync($"{Path}/running/nobody")).Text);
        foreach (var query in (string[])["version=-1", "version=x", "startTime=-1", "startTime=now", "endTime=99999999999999999999"])
            IsError(HttpStatusCode.BadRequest, await app.GetAsync($"{Path}/running/d?{query}"));
    }

    [Fact]
    public async Task Fields_that_a_definition_masks_are_shown_nowhere()
    {
        await using var app = new CountersignApp();
        var definition = Definition("d", Step("a", input: new JsonObject { ["pin"] = "${workflow.input.pin}" }));
        definition["maskedFields"] = new JsonArray("pin");
        await app.RegisterAsync(definition);
        var id = IsText(await app.PostAsync($"{Path}/d?correlationId=c", new JsonObject { ["pin"] = "hidden-1", ["deep"] = new JsonArray(new JsonObject { ["pin"] = "hidden-2" }) }));
        var task = await app.TaskIdAsync(id, "a_ref");
        await app.PostAsync($"{Path}/{id}/variables", new JsonObject { ["pin"] = "hidden-3" });
        await app.UpdateAsync(task, "COMPLETED", new JsonObject { ["pin"] = "hidden-4" });

        foreach (var path in (string[])[$"{Path}/{id}", $"{Path}/{id}/tasks", $"{Path}/{id}/status?includeOutput=true&includeVariables=true", $"{Path}/d/correlated/c?includeClosed=true&includeTasks=true", $"{Path}/search", $"{Path}/search-v2", "/api/tasks/search", $"/api/tasks/{task}"])
        {
            var read = await app.GetAsync(path);
            Assert.True(read.Status == HttpStatusCode.OK, read.Text);
            Assert.DoesNotContain("hidden", read.Text, StringComparison.Ordinal);
            Assert.Contains("***", read.Text, StringComparison.Ordinal);
        }
    }
}
