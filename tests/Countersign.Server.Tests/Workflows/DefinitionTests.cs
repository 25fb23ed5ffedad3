using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class DefinitionTests
{
    private const string Path = "/api/metadata/workflow";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_definition_is_stored_read_listed_replaced_and_removed_with_nothing_lost(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var definition = Definition("order flow #1", Step("a"));
        definition["ofAnother"] = JsonNode.Parse("""{"n":1.50,"nothing":null}""");
        definition["createTime"] = 5;

        IsEmpty(await app.PostAsync(Path, definition));
        var first = await app.GetAsync($"{Path}/order%20flow%20%231?version=1");
        IsError(HttpStatusCode.Conflict, await app.PostAsync(Path, definition));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        definition["description"] = "newer";
        IsEmpty(await app.PostAsync($"{Path}?overwrite=true", definition));
        definition["version"] = 12;
        IsEmpty(await app.PostAsync(Path, definition));
        definition["version"] = 2;
        IsEmpty(await app.PostAsync(Path, definition));
        var highest = await app.GetAsync($"{Path}/order%20flow%20%231");
        var names = await app.GetAsync($"{Path}/names-and-versions");

        Assert.Equal("""{"n":1.50,"nothing":null}""", first.Text[first.Text.IndexOf("{\"n\"", StringComparison.Ordinal)..(first.Text.IndexOf("null}", StringComparison.Ordinal) + 5)]);
        Assert.Equal(1772703667000, (long)first.Json["createTime"]!);
        Assert.Equal("administrator@countersign.invalid", (string?)first.Json["createdBy"]);
        Assert.Equal((12, "newer"), ((int)highest.Json["version"]!, (string?)highest.Json["description"]));
        Assert.Equal("""{"order flow #1":[{"name":"order flow #1","version":1,"createTime":1772703667000},{"name":"order flow #1","version":2,"createTime":1772703668000},{"name":"order flow #1","version":12,"createTime":1772703668000}]}""", names.Text);
        Assert.Equal([1, 2, 12], (await app.GetAsync(Path)).Json.AsArray().Select(one => (int)one!["version"]!));
        Assert.Equal([12], (await app.GetAsync($"{Path}/latest-versions")).Json.AsArray().Select(one => (int)one!["version"]!));
        IsEmpty(await app.DeleteAsync($"{Path}/order%20flow%20%231/12"));
        IsError(HttpStatusCode.NotFound, await app.DeleteAsync($"{Path}/order%20flow%20%231/12"));
        Assert.Equal(2, (int)(await app.GetAsync($"{Path}/order%20flow%20%231")).Json["version"]!);
    }

    [Theory]
    [InlineData("""{"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":"","tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":null,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":7,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":"a/b","tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":"a\u0000","tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name")]
    [InlineData("""{"name":"d"}""", "tasks")]
    [InlineData("""{"name":"d","tasks":[]}""", "tasks")]
    [InlineData("""{"name":"d","tasks":{}}""", "tasks")]
    [InlineData("""{"name":"d","tasks":[5]}""", "tasks")]
    [InlineData("""{"name":"d","version":0,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "version")]
    [InlineData("""{"name":"d","version":-3,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "version")]
    [InlineData("""{"name":"d","version":1.5,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "version")]
    [InlineData("""{"name":"d","version":3000000000,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "version")]
    [InlineData("""{"name":"d","version":"1","tasks":[{"name":"a","taskReferenceName":"a"}]}""", "version")]
    [InlineData("""{"name":"d","schemaVersion":3,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "schemaVersion")]
    [InlineData("""{"name":"d","timeoutSeconds":-1,"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "timeoutSeconds")]
    [InlineData("""{"name":"d","timeoutPolicy":"SOMETIME","tasks":[{"name":"a","taskReferenceName":"a"}]}""", "timeoutPolicy")]
    [InlineData("""{"name":"d","tasks":[{"taskReferenceName":"a"}]}""", "tasks[0].name")]
    [InlineData("""{"name":"d","tasks":[{"name":"a"}]}""", "tasks[0].taskReferenceName")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a"},{"name":"b","taskReferenceName":"a"}]}""", "tasks[1].taskReferenceName")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a","type":5}]}""", "tasks[0].type")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a","optional":"yes"}]}""", "tasks[0].optional")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a","retryCount":-1}]}""", "tasks[0].retryCount")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a","inputParameters":{"x":"${nobody.output}"}}]}""", "tasks[0].inputParameters.x")]
    [InlineData("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a","inputParameters":{"x":"${workflow.input"}}]}""", "tasks[0].inputParameters.x")]
    public async Task What_breaks_a_rule_is_refused_with_its_place_and_nothing_is_stored(string definition, string place)
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, definition), place);
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/validate", definition), place);
        var bulk = await app.SendRawAsync(HttpMethod.Put, Path, $"[{definition}]");

        Assert.Equal(HttpStatusCode.OK, bulk.Status);
        Assert.Empty(bulk.Json["bulkSuccessfulResults"]!.AsArray());
        Assert.StartsWith(place, (string?)Assert.Single(bulk.Json["bulkErrorResults"]!.AsObject()).Value, StringComparison.Ordinal);
        Assert.Equal("[]", (await app.GetAsync(Path)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    public async Task What_is_no_definition_at_all_is_refused(string body)
    {
        await using var app = new CountersignApp();

        var made = await app.SendRawAsync(HttpMethod.Post, Path, body);
        var checkedOnly = await app.SendRawAsync(HttpMethod.Post, $"{Path}/validate", body);
        var bulk = await app.SendRawAsync(HttpMethod.Put, Path, body);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (made.Status, checkedOnly.Status));
        Assert.Equal(body == "[]" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, bulk.Status);
        Assert.Equal("[]", (await app.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task Names_have_up_to_255_of_the_characters_that_are_allowed()
    {
        await using var app = new CountersignApp();
        var longest = new string('x', 247) + "_<>{}#-Z";

        IsEmpty(await app.PostAsync(Path, Definition(longest, Step("a"))));
        Assert.Equal(longest, (string?)(await app.GetAsync($"{Path}/{Uri.EscapeDataString(longest)}")).Json["name"]);
        IsError(HttpStatusCode.BadRequest, await app.PostAsync(Path, Definition(longest + "x", Step("a"))), "name");
        IsEmpty(await app.DeleteAsync($"{Path}/{Uri.EscapeDataString(longest)}/1"));
    }

    [Fact]
    public async Task A_definition_has_1000_tasks_32_deep_and_2_mebibytes_at_most()
    {
        await using var app = new CountersignApp();
        static JsonObject Deep(int depth) => depth == 1 ? Step("leaf")
            : new JsonObject { ["name"] = $"loop{depth}", ["taskReferenceName"] = $"loop{depth}", ["type"] = "DO_WHILE", ["loopCondition"] = "false", ["loopOver"] = new JsonArray(Deep(depth - 1)) };
        var large = Definition("large", Step("a"));
        large["description"] = new string('x', 2 * 1024 * 1024);

        IsEmpty(await app.PostAsync($"{Path}/validate", Definition("many", [.. Enumerable.Range(0, 1_000).Select(i => Step($"t{i}"))])));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(Path, Definition("many", [.. Enumerable.Range(0, 1_001).Select(i => Step($"t{i}"))]))).Status);
        IsEmpty(await app.PostAsync($"{Path}/validate", Definition("deep", Deep(32))));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(Path, Definition("deep", Deep(33)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(Path, large)).Status);
        large["description"] = new string('x', 4 * 1024 * 1024);
        IsError(HttpStatusCode.RequestEntityTooLarge, await app.PostAsync(Path, large));
        Assert.Equal("[]", (await app.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task At_most_a_hundred_faults_are_told_and_every_one_of_a_few()
    {
        await using var app = new CountersignApp();
        var many = await app.SendRawAsync(HttpMethod.Post, Path, $$"""{"name":"d","tasks":[{{string.Join(',', Enumerable.Repeat("{}", 300))}}]}""");
        var two = await app.SendRawAsync(HttpMethod.Post, Path, """{"name":"a/b","tasks":[{"name":"a","taskReferenceName":"a","retryCount":-1}]}""");

        Assert.Equal(100, many.Json["validationErrors"]!.AsArray().Count);
        Assert.Equal(["name", "tasks[0].retryCount"], two.Json["validationErrors"]!.AsArray().Select(fault => (string)fault!["path"]!).Order(StringComparer.Ordinal));
        Assert.Contains("-1", (string?)two.Json["validationErrors"]!.AsArray().Single(fault => (string?)fault!["path"] == "tasks[0].retryCount")!["invalidValue"], StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_definitions_each_stands_alone(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("there", Step("old")));

        var put = await app.SendRawAsync(HttpMethod.Put, $"{Path}?overwrite=false", $$"""[{{Definition("there", Step("new")).ToJsonString()}},7,null,{"name":"bad","tasks":[]},{{Definition("fresh", Step("a")).ToJsonString()}}]""");
        var replaced = await app.PutAsync(Path, new JsonArray(Definition("there", Step("new"))));

        Assert.Equal(["fresh"], put.Json["bulkSuccessfulResults"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["", "bad", "there"], put.Json["bulkErrorResults"]!.AsObject().Select(failed => failed.Key).Order(StringComparer.Ordinal));
        Assert.Equal("""{"bulkSuccessfulResults":["there"],"bulkErrorResults":{},"message":"1 succeeded, 0 failed."}""", replaced.Text);
        Assert.Equal("new", (string?)(await app.GetAsync($"{Path}/there")).Json["tasks"]![0]!["name"]);
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Put, Path, $"[{string.Join(',', Enumerable.Repeat("{}", 1_001))}]"));
    }

    [Theory]
    [InlineData("GET", "/nobody", 404)]
    [InlineData("GET", "/nobody?version=3", 404)]
    [InlineData("GET", "/there?version=2", 404)]
    [InlineData("GET", "/there?version=-1", 400)]
    [InlineData("GET", "/there?version=x", 400)]
    [InlineData("GET", "/there?version=1.0", 400)]
    [InlineData("GET", "/there?version=99999999999", 400)]
    [InlineData("GET", "/THERE", 404)]
    [InlineData("GET", "/%F0%9F%98%80", 404)]
    [InlineData("DELETE", "/nobody/1", 404)]
    [InlineData("DELETE", "/there/2", 404)]
    [InlineData("DELETE", "/there/-1", 404)]
    [InlineData("DELETE", "/there/x", 404)]
    [InlineData("DELETE", "/there/99999999999", 404)]
    [InlineData("DELETE", "/there", 405)]
    [InlineData("PATCH", "/there", 405)]
    [InlineData("DELETE", "", 405)]
    [InlineData("GET", "/there/1/2", 404)]
    public async Task What_is_not_there_or_not_asked_rightly_is_an_error(string method, string path, int status)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);
            await app.RegisterAsync(Definition("there", Step("a")));

            IsError((HttpStatusCode)status, await app.SendAsync(new HttpMethod(method), Path + path));
            Assert.Equal(1, (int)(await app.GetAsync($"{Path}/there")).Json["version"]!);
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_twenty_who_make_the_same_version_one_succeeds(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync(Path);

        var made = await app.AtOnceAsync(20, i => app.PostAsync(Path, Definition("raced", Step($"t{i}"))));

        Assert.Single(made, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(made.Where(answer => answer.Status != HttpStatusCode.OK), answer => IsError(HttpStatusCode.Conflict, answer));
        Assert.Single((await app.GetAsync(Path)).Json.AsArray());
    }

    [Fact]
    public async Task An_execution_keeps_the_definition_that_it_was_started_with()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("kept", Step("a"), Step("b")));
        var id = await app.StartAsync("kept");

        await app.RegisterAsync(Definition("kept", Step("a"), Step("other")));
        IsEmpty(await app.DeleteAsync($"{Path}/kept/1"));
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED");

        Assert.Equal(["a_ref COMPLETED", "b_ref SCHEDULED"], await app.TasksAsync(id));
        Assert.Equal("b", (string?)(await app.ExecutionAsync(id))["workflowDefinition"]!["tasks"]![1]!["name"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_changed_which_definition_is_in_the_system_log(Engine engine)
    {
        const string Tasks = "/api/metadata/taskdefs";
        await using var app = new CountersignApp(engine);

        IsEmpty(await app.PostAsync(Path, Definition("seen", Step("a"))));
        IsError(HttpStatusCode.Conflict, await app.PostAsync(Path, Definition("seen", Step("a"))));
        IsEmpty(await app.PostAsync($"{Path}?overwrite=true", Definition("seen", Step("b"))));
        IsEmpty(await app.DeleteAsync($"{Path}/seen/1"));
        IsError(HttpStatusCode.NotFound, await app.DeleteAsync($"{Path}/seen/1"));
        foreach (var _ in (int[])[1, 2]) IsEmpty(await app.PostAsync(Tasks, new JsonArray(new JsonObject { ["name"] = "seen" })));
        IsEmpty(await app.DeleteAsync($"{Tasks}/seen"));

        var logged = (await app.GetAsync($"/api/v1/logs?filter={Uri.EscapeDataString("target.id eq \"seen\"")}")).Json.AsArray();
        Assert.Equal(
            ["workflow_definition.create seen, version 1", "workflow_definition.update seen, version 1", "workflow_definition.delete seen, version 1", "task_definition.create seen", "task_definition.update seen", "task_definition.delete seen"],
            logged.Select(one => $"{((string)one!["eventType"]!)["integration.".Length..]} {(string?)one["target"]![0]!["displayName"]}"));
        Assert.All(logged, one => Assert.Equal("administrator@countersign.invalid", (string?)one!["actor"]!["alternateId"]));
    }
}
