using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class DryRunTests
{
    private const string Path = "/api/workflow/test";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_definition_runs_with_the_outputs_given_and_nothing_is_stored(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var request = new JsonObject
        {
            ["name"] = "d",
            ["workflowDef"] = Definition("d", Step("call", "HTTP", new JsonObject { ["uri"] = "http://127.0.0.1:9/", ["method"] = "GET" }), Step("w", input: new JsonObject { ["n"] = "${call_ref.output.response.body.n}" }), Step("pause", "WAIT", new JsonObject { ["duration"] = "2 days" })),
            ["input"] = new JsonObject { ["x"] = 1 },
            ["idempotencyKey"] = "K",
            ["taskRefToMockOutput"] = JsonNode.Parse("""{"call_ref":[{"status":"COMPLETED","output":{"response":{"body":{"n":7}}},"executionTime":1500,"queueWaitTime":500}],"w_ref":[{"output":{"done":true}}]}"""),
        };

        var tried = (await app.PostAsync(Path, request)).Json;
        var again = (await app.PostAsync(Path, request.DeepClone())).Json;

        Assert.Equal(("COMPLETED", "COMPLETED"), ((string?)tried["status"], (string?)again["status"]));
        Assert.Equal(["COMPLETED", "COMPLETED", "COMPLETED"], tried["tasks"]!.AsArray().Select(task => (string?)task!["status"]));
        Assert.Equal((7, true, 500, 1772703669000), ((int)tried["tasks"]![1]!["inputData"]!["n"]!, (bool)tried["tasks"]![1]!["outputData"]!["done"]!, (int)tried["tasks"]![0]!["queueWaitTime"]!, (long)tried["tasks"]![0]!["endTime"]!));
        Assert.Equal(1772703669000 + (2 * 86_400_000), (long)tried["endTime"]!);
        Assert.Equal(0, await app.CountAsync());
        IsError(HttpStatusCode.NotFound, await app.GetAsync($"/api/workflow/{tried["workflowId"]}"));
        IsError(HttpStatusCode.NotFound, await app.GetAsync("/api/metadata/workflow/d"));
        Assert.Equal("""{"totalHits":0,"results":[]}""", (await app.GetAsync("/api/tasks/search")).Text);
    }

    [Fact]
    public async Task Outputs_are_given_one_after_the_other_to_attempts_and_the_last_stays()
    {
        await using var app = new CountersignApp();
        var step = Step("w");
        step["taskDefinition"] = new JsonObject { ["name"] = "w", ["retryCount"] = 2, ["retryDelaySeconds"] = 60 };

        var tried = (await app.PostAsync(Path, new JsonObject { ["workflowDef"] = Definition("d", step), ["taskRefToMockOutput"] = JsonNode.Parse("""{"w_ref":[{"status":"FAILED"},{"status":"COMPLETED","output":{"n":2}}]}""") })).Json;
        var failed = (await app.PostAsync(Path, new JsonObject { ["workflowDef"] = Definition("d", step.DeepClone().AsObject()), ["taskRefToMockOutput"] = JsonNode.Parse("""{"w_ref":[{"status":"FAILED"}]}""") })).Json;

        Assert.Equal(["FAILED", "COMPLETED"], tried["tasks"]!.AsArray().Select(task => (string?)task!["status"]));
        Assert.Equal(("COMPLETED", 2), ((string?)tried["status"], (int)tried["output"]!["n"]!));
        Assert.Equal(("FAILED", 3), ((string?)failed["status"], failed["tasks"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("", 400, null)]
    [InlineData("{}", 400, null)]
    [InlineData("[]", 400, null)]
    [InlineData("{", 400, null)]
    [InlineData("""{"name":"nobody"}""", 404, null)]
    [InlineData("""{"name":"d","version":2}""", 404, null)]
    [InlineData("""{"name":5}""", 400, "name")]
    [InlineData("""{"name":"d","input":5}""", 400, "input")]
    [InlineData("""{"name":"d","workflowDef":{"name":"x","tasks":[]}}""", 400, "tasks")]
    [InlineData("""{"name":"d","taskRefToMockOutput":[]}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":"x"}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"status":"DONE"}]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"status":5}]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"status":"IN_PROGRESS"}]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"output":[]}]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[5]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[null]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"executionTime":"5"}]}}""", 400, null)]
    [InlineData("""{"name":"d","taskRefToMockOutput":{"a_ref":[{"queueWaitTime":-1}]}}""", 400, null)]
    public async Task What_cannot_be_tried_is_an_error(string body, int status, string? place)
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));

        IsError((HttpStatusCode)status, await app.SendRawAsync(HttpMethod.Post, Path, body), place);
    }

    [Fact]
    public async Task A_loop_without_end_is_shown_as_far_as_it_came()
    {
        await using var app = new CountersignApp();
        var loop = new JsonObject { ["name"] = "loop", ["taskReferenceName"] = "loop", ["type"] = "DO_WHILE", ["loopCondition"] = "true", ["inputParameters"] = new JsonObject { ["keepLastN"] = 1 }, ["loopOver"] = new JsonArray(Step("w")) };

        var tried = await app.PostAsync(Path, new JsonObject { ["workflowDef"] = Definition("d", loop) });

        Assert.Equal(HttpStatusCode.OK, tried.Status);
        Assert.Contains((string?)tried.Json["status"], (string[])["RUNNING", "FAILED"]);
    }
}
