using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class TaskDefinitionTests
{
    private const string Path = "/api/metadata/taskdefs";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Task_definitions_are_made_read_replaced_and_removed_with_nothing_lost(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        IsEmpty(await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"a b","retryCount":0,"ours":{"x":null}},{"name":"c","inputTemplate":{"k":1.0}}]"""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"c","retryCount":9}]"""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Put, Path, """{"name":"a b","retryCount":1,"ours":{"x":null}}"""));
        var read = await app.GetAsync($"{Path}/a%20b");
        var list = await app.GetAsync(Path);

        Assert.Equal((1, """{"x":null}"""), ((int)read.Json["retryCount"]!, read.Json["ours"]!.ToJsonString()));
        Assert.Equal(["a b", "c"], list.Json.AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal((9, null), ((int)list.Json[1]!["retryCount"]!, list.Json[1]!["inputTemplate"]));
        IsEmpty(await app.DeleteAsync($"{Path}/a%20b"));
        IsError(HttpStatusCode.NotFound, await app.DeleteAsync($"{Path}/a%20b"));
        IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/a%20b"));
        IsError(HttpStatusCode.NotFound, await app.SendRawAsync(HttpMethod.Put, Path, """{"name":"a b"}"""));
        IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/C"));
        Assert.Equal(["c"], (await app.GetAsync(Path)).Json.AsArray().Select(one => (string?)one!["name"]));
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":"a.b"}""", "name")]
    [InlineData("""{"name":"t","retryCount":-1}""", "retryCount")]
    [InlineData("""{"name":"t","retryCount":"3"}""", "retryCount")]
    [InlineData("""{"name":"t","retryCount":1.5}""", "retryCount")]
    [InlineData("""{"name":"t","retryLogic":"NEVER"}""", "retryLogic")]
    [InlineData("""{"name":"t","retryLogic":3}""", "retryLogic")]
    [InlineData("""{"name":"t","retryDelaySeconds":-1}""", "retryDelaySeconds")]
    [InlineData("""{"name":"t","backoffScaleFactor":0}""", "backoffScaleFactor")]
    [InlineData("""{"name":"t","responseTimeoutSeconds":0}""", "responseTimeoutSeconds")]
    [InlineData("""{"name":"t","responseTimeoutSeconds":61,"timeoutSeconds":60}""", "responseTimeoutSeconds")]
    [InlineData("""{"name":"t","responseTimeoutSeconds":1,"timeoutSeconds":61,"totalTimeoutSeconds":60}""", "timeoutSeconds")]
    [InlineData("""{"name":"t","timeoutPolicy":"MAYBE"}""", "timeoutPolicy")]
    [InlineData("""{"name":"t","concurrentExecLimit":-1}""", "concurrentExecLimit")]
    [InlineData("""{"name":"t","inputTemplate":[]}""", "inputTemplate")]
    [InlineData("""{"name":"t","inputKeys":"a"}""", "inputKeys")]
    public async Task What_breaks_a_rule_is_refused_with_its_place_and_so_is_what_came_with_it(string definition, string place)
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, $$"""[{"name":"fine"},{{definition}}]"""), $"[1].{place}");
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Put, Path, definition), place);
        Assert.Equal("[]", (await app.GetAsync(Path)).Text);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("POST", "{}")]
    [InlineData("POST", "[5]")]
    [InlineData("POST", "[null]")]
    [InlineData("POST", "[[]]")]
    [InlineData("POST", "[")]
    [InlineData("PUT", "[]")]
    [InlineData("PUT", "")]
    [InlineData("PUT", "null")]
    [InlineData("PUT", "true")]
    public async Task What_is_no_task_definition_at_all_is_refused(string method, string body)
    {
        await using var app = new CountersignApp();

        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendRawAsync(new HttpMethod(method), Path, body)).Status);
        Assert.Equal("[]", (await app.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task A_wrong_method_or_path_is_an_error_of_this_api()
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.MethodNotAllowed, await app.DeleteAsync(Path));
        IsError(HttpStatusCode.MethodNotAllowed, await app.PostAsync($"{Path}/x"));
        IsError(HttpStatusCode.NotFound, await app.GetAsync($"{Path}/x/y"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task There_are_so_many_task_definitions_and_no_more(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>("Countersign:Workflows:MostTaskDefinitions", "3"));

        IsEmpty(await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"a"},{"name":"b"}]"""));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"a","retryCount":7},{"name":"c"},{"name":"d"}]"""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"a"},{"name":"c"}]"""));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, Path, """[{"name":"b"}]"""));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, $"[{string.Join(',', Enumerable.Range(0, 1_001).Select(i => $$"""{"name":"t{{i}}"}"""))}]"));

        Assert.Equal(["a ", "b ", "c "], (await app.GetAsync(Path)).Json.AsArray().Select(one => $"{one!["name"]} {one["retryCount"]}"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Many_who_make_the_same_task_definitions_at_once_all_succeed(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync(Path);

        // In opposite orders: whoever locks rows one by one would wait for the other.
        var made = await app.AtOnceAsync(20, i => app.PostAsync(Path, new JsonArray(
            [.. (i % 2 == 0 ? Enumerable.Range(0, 20) : Enumerable.Range(0, 20).Reverse()).Select(n => new JsonObject { ["name"] = $"t{n}", ["retryCount"] = i })])));

        Assert.All(made, IsEmpty);
        Assert.Equal(20, (await app.GetAsync(Path)).Json.AsArray().Count);
    }

    [Fact]
    public async Task A_registered_task_definition_applies_to_tasks_of_its_name_at_once()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("t")));
        await app.PostAsync(Path, new JsonArray(new JsonObject { ["name"] = "t", ["retryCount"] = 1, ["retryDelaySeconds"] = 0, ["responseTimeoutSeconds"] = 77 }));
        var id = await app.StartAsync("d");

        var task = Assert.Single(await app.PollAsync("t"));
        await app.UpdateAsync((string)task["taskId"]!, "FAILED");

        Assert.Equal((77, 1), ((int)task["responseTimeoutSeconds"]!, (int)task["taskDefinition"]!["retryCount"]!));
        Assert.Equal(["t_ref FAILED", "t_ref SCHEDULED"], await app.TasksAsync(id));
    }
}
