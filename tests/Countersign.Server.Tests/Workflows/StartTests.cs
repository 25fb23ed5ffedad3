using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class StartTests
{
    private const string Path = "/api/workflow";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_execution_is_started_by_name_by_version_and_by_request(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var second = Definition("d", Step("b"));
        second["version"] = 2;
        second["inputTemplate"] = new JsonObject { ["x"] = "template", ["y"] = "template" };
        await app.RegisterAsync(Definition("d", Step("a")), second);

        var byName = IsText(await app.SendRawAsync(HttpMethod.Post, $"{Path}/d?version=1&correlationId=c%201&priority=7", """{"x":null,"n":1.50}"""));
        var latest = IsText(await app.SendRawAsync(HttpMethod.Post, $"{Path}/d", """{"x":1}"""));
        var byVersion = IsText(await app.SendRawAsync(HttpMethod.Post, $"{Path}/start/d/1", """{"input":{"z":[]},"name":"ignored","priority":99}"""));
        var byRequest = IsText(await app.SendRawAsync(HttpMethod.Post, Path, """{"name":"d","version":0,"input":null,"correlationId":null,"unknown":[],"taskToDomain":{"b":"east"}}"""));

        var first = await app.ExecutionAsync(byName);
        Assert.Equal((1, "c 1", 7, """{"x":null,"n":1.50}"""), ((int)first["workflowVersion"]!, (string?)first["correlationId"], (int)first["priority"]!, first["input"]!.ToJsonString()));
        var read = await app.ExecutionAsync(latest);
        Assert.Equal((2, """{"x":1,"y":"template"}"""), ((int)read["workflowVersion"]!, read["input"]!.ToJsonString()));
        Assert.Equal((1, 99, "d"), ((int)(await app.ExecutionAsync(byVersion))["workflowVersion"]!, (int)(await app.ExecutionAsync(byVersion))["priority"]!, (string?)(await app.ExecutionAsync(byVersion))["workflowName"]));
        var requested = await app.ExecutionAsync(byRequest);
        Assert.Equal((2, """{"b":"east"}""", "east"), ((int)requested["workflowVersion"]!, requested["taskToDomain"]!.ToJsonString(), (string?)requested["tasks"]![0]!["domain"]));
    }

    [Fact]
    public async Task An_execution_shows_these_members_and_no_other()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a", input: new JsonObject { ["n"] = "${workflow.input.none}" })));
        await app.PostAsync("/api/metadata/taskdefs", new JsonArray(new JsonObject { ["name"] = "a", ["responseTimeoutSeconds"] = 9 }));

        var id = IsText(await app.SendRawAsync(HttpMethod.Post, Path, """{"name":"d","correlationId":"c","idempotencyKey":"k"}"""));
        var started = await app.ExecutionAsync(id);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1_500));
        await app.PollAsync("a");
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED", new JsonObject { ["nothing"] = null });
        var ended = await app.ExecutionAsync(id);
        var task = ended["tasks"]![0]!.AsObject();

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", id);
        Assert.Equal(
            ["workflowId", "workflowName", "workflowVersion", "status", "createTime", "updateTime", "startTime", "endTime", "input", "output", "variables", "correlationId", "priority", "taskToDomain",
                "workflowDefinition", "tasks", "failedReferenceTaskNames", "failedTaskNames", "idempotencyKey", "createdBy"],
            started.AsObject().Select(member => member.Key));
        Assert.Equal((1772703667000, 0, "{}", "{}", "[]"), ((long)started["startTime"]!, (long)started["endTime"]!, started["output"]!.ToJsonString(), started["variables"]!.ToJsonString(), started["failedTaskNames"]!.ToJsonString()));
        Assert.Equal(("COMPLETED", 1772703668500, """{"nothing":null}"""), ((string?)ended["status"], (long)ended["endTime"]!, ended["output"]!.ToJsonString()));
        Assert.Equal(
            ["taskId", "taskType", "taskDefName", "referenceTaskName", "status", "seq", "workflowInstanceId", "workflowType", "correlationId", "workflowPriority", "scheduledTime", "startTime", "endTime", "updateTime",
                "startDelayInSeconds", "inputData", "outputData", "workerId", "pollCount", "callbackAfterSeconds", "queueWaitTime", "retryCount", "retried", "executed", "iteration", "loopOverTask",
                "responseTimeoutSeconds", "rateLimitPerFrequency", "rateLimitFrequencyInSeconds", "workflowTask", "taskDefinition"],
            task.Select(member => member.Key));
        Assert.Equal(("a", """{"n":null}""", 1772703667000, 1772703668500, 1_500, 1, 9), ((string?)task["taskType"], task["inputData"]!.ToJsonString(), (long)task["scheduledTime"]!, (long)task["startTime"]!, (long)task["queueWaitTime"]!, (int)task["pollCount"]!, (int)task["responseTimeoutSeconds"]!));
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("5", null)]
    [InlineData("{", null)]
    [InlineData("""{"a":1}x""", null)]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":["d"]}""", "name")]
    [InlineData("""{"name":"d","version":"1"}""", "version")]
    [InlineData("""{"name":"d","version":1.5}""", "version")]
    [InlineData("""{"name":"d","version":-1}""", "version")]
    [InlineData("""{"name":"d","version":99999999999}""", "version")]
    [InlineData("""{"name":"d","input":[]}""", "input")]
    [InlineData("""{"name":"d","input":"x"}""", "input")]
    [InlineData("""{"name":"d","correlationId":7}""", "correlationId")]
    [InlineData("""{"name":"d","taskToDomain":"east"}""", "taskToDomain")]
    [InlineData("""{"name":"d","taskToDomain":{"a":5}}""", "taskToDomain.a")]
    [InlineData("""{"name":"d","priority":"high"}""", "priority")]
    [InlineData("""{"name":"d","priority":-1}""", null)]
    [InlineData("""{"name":"d","priority":100}""", null)]
    [InlineData("""{"name":"d","idempotencyKey":5}""", "idempotencyKey")]
    [InlineData("""{"name":"d","idempotencyKey":"k","idempotencyStrategy":"SOMETIMES"}""", "idempotencyStrategy")]
    [InlineData("""{"name":"d","idempotencyKey":"k","idempotencyStrategy":"fail"}""", "idempotencyStrategy")]
    [InlineData("""{"name":"d","idempotencyStrategy":1}""", "idempotencyStrategy")]
    [InlineData("""{"name":"d","workflowDef":"d"}""", "workflowDef")]
    [InlineData("""{"name":"d","workflowDef":{"name":"inline","tasks":[]}}""", "tasks")]
    [InlineData("""{"name":"d","externalInputPayloadStoragePath":"s3://x"}""", "externalInputPayloadStoragePath")]
    public async Task What_is_no_start_request_is_refused_and_starts_nothing(string body, string? place)
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, body), place);
        if (body is not ("{}" or "") && place is not "name")
        {
            IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/start/d/1", body), place);
            IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/d/1", body), place);
        }
        Assert.Equal(0, await app.CountAsync());
    }

    [Theory]
    [InlineData("/d?version=-1", "{}", 400)]
    [InlineData("/d?version=x", "{}", 400)]
    [InlineData("/d?priority=-1", "{}", 400)]
    [InlineData("/d?priority=100", "{}", 400)]
    [InlineData("/d?priority=1e1", "{}", 400)]
    [InlineData("/d", "[1]", 400)]
    [InlineData("/d", "\"text\"", 400)]
    [InlineData("/d", "{\"x\":\"\\ud83d\"}", 400)]
    [InlineData("/d", """{"x":1,"x":2}""", 400)]
    [InlineData("/d?version=2", "{}", 404)]
    [InlineData("/nobody", "{}", 404)]
    [InlineData("/start/d/x", "{}", 400)]
    [InlineData("/start/d/-1", "{}", 400)]
    [InlineData("/start/d/2", "{}", 404)]
    [InlineData("/start/nobody/1", "{}", 404)]
    [InlineData("/execute/nobody/1", "{}", 404)]
    [InlineData("/execute/nobody", "{}", 404)]
    [InlineData("/execute/d/x", "{}", 400)]
    [InlineData("/execute/d/1?waitForSeconds=-1", "{}", 400)]
    [InlineData("/execute/d/1?waitForSeconds=61", "{}", 400)]
    [InlineData("/execute/d/1?waitForSeconds=x", "{}", 400)]
    [InlineData("/execute/d/1?returnStrategy=ALL", "{}", 400)]
    [InlineData("", """{"name":"nobody"}""", 404)]
    [InlineData("", """{"name":"a\u0000b"}""", 404)]
    [InlineData("", """{"name":"d","version":7}""", 404)]
    public async Task What_cannot_be_started_is_an_error_and_starts_nothing(string path, string body, int status)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);
            await app.RegisterAsync(Definition("d", Step("a")));

            IsError((HttpStatusCode)status, await app.SendRawAsync(HttpMethod.Post, Path + path, body));
            Assert.Equal(0, await app.CountAsync());
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Texts_with_any_character_are_kept_or_refused(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));

        var odd = "{\"name\":\"d\",\"input\":{\"\":\"\\u0000\",\"\\u0000\":\"\uFFFE\"},\"correlationId\":\"%_'\\\"\\\\ \U0001F600\"}";
        var id = IsText(await app.SendRawAsync(HttpMethod.Post, Path, odd));
        var read = await app.ExecutionAsync(id);

        Assert.Equal(("\0", "\uFFFE", "%_'\"\\ \U0001F600"), ((string?)read["input"]![""], (string?)read["input"]!["\0"], (string?)read["correlationId"]));
        foreach (var body in (string[])["""{"name":"d","correlationId":"a\u0000"}""", """{"name":"d","idempotencyKey":"a\u0000"}""", """{"name":"d","taskToDomain":{"a":"x\u0000"}}"""])
            IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, body));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/d?correlationId=a%00b", "{}"));
        Assert.Equal(1, await app.CountAsync());
    }

    [Fact]
    public async Task Texts_and_inputs_over_their_limits_start_nothing()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        static JsonObject Request(string member, JsonNode value) => new() { ["name"] = "d", [member] = value };

        IsText(await app.PostAsync(Path, Request("correlationId", new string('c', 1_024))));
        IsText(await app.PostAsync(Path, Request("idempotencyKey", new string('k', 1_000))));
        IsText(await app.PostAsync(Path, Request("input", new JsonObject { ["x"] = new string('x', (3 * 1024 * 1024) - 8) })));
        IsError(HttpStatusCode.BadRequest, await app.PostAsync(Path, Request("correlationId", new string('c', 1_025))));
        IsError(HttpStatusCode.BadRequest, await app.PostAsync(Path, Request("idempotencyKey", new string('k', 1_001))));
        var large = await app.PostAsync(Path, Request("input", new JsonObject { ["x"] = new string('x', (3 * 1024 * 1024) - 7) }));
        IsError(HttpStatusCode.BadRequest, large);
        Assert.Matches("3145729.*3145728", ((string)large.Json["message"]!).Replace(",", "", StringComparison.Ordinal));
        IsError(HttpStatusCode.RequestEntityTooLarge, await app.PostAsync(Path, Request("input", new JsonObject { ["x"] = new string('x', 4 * 1024 * 1024) })));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/d", $$"""{"x":{{new string('[', 2_000)}}{{new string(']', 2_000)}}}"""));
        Assert.Equal(3, await app.CountAsync());
    }

    [Fact]
    public async Task A_definition_in_the_request_runs_unregistered_and_one_with_tasks_that_are_not_run_here_is_refused_by_name()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("later", Step("jq", "JSON_JQ_TRANSFORM", new JsonObject { ["queryExpression"] = "." }), Step("old", "DECISION")));

        var id = IsText(await app.PostAsync(Path, new JsonObject { ["name"] = "other", ["workflowDef"] = Definition("inline", Step("n", "NOOP")) }));
        var refused = await app.PostAsync($"{Path}/later", new JsonObject());

        Assert.Equal("COMPLETED", await app.StatusAsync(id));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/metadata/workflow/inline")).Status);
        IsError(HttpStatusCode.BadRequest, refused);
        Assert.Matches("jq_ref.*old_ref", (string?)refused.Json["message"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_that_was_used_is_answered_as_its_strategy_says(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")), Definition("other", Step("a")));
        Task<Answer> Start(string? strategy, string name = "d") => app.PostAsync(Path, new JsonObject { ["name"] = name, ["idempotencyKey"] = "K", ["idempotencyStrategy"] = strategy });

        var id = IsText(await Start(null));
        IsError(HttpStatusCode.Conflict, await Start(null));
        IsError(HttpStatusCode.Conflict, await Start("FAIL"));
        IsError(HttpStatusCode.Conflict, await Start("FAIL_ON_RUNNING"));
        Assert.Equal(id, IsText(await Start("RETURN_EXISTING")));
        IsText(await Start("FAIL", "other"));
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED");
        IsError(HttpStatusCode.Conflict, await Start("FAIL"));
        Assert.Equal(id, IsText(await Start("RETURN_EXISTING")));
        var second = IsText(await Start("FAIL_ON_RUNNING"));
        IsError(HttpStatusCode.Conflict, await Start("FAIL_ON_RUNNING"));

        Assert.NotEqual(id, second);
        Assert.Equal("K", (string?)(await app.ExecutionAsync(second))["idempotencyKey"]);
        Assert.Equal(3, await app.CountAsync());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_twenty_starts_with_one_key_at_once_one_starts(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        Task<Answer[]> Race(string key, string strategy) => app.AtOnceAsync(20, _ => app.PostAsync(Path, new JsonObject { ["name"] = "d", ["idempotencyKey"] = key, ["idempotencyStrategy"] = strategy }));

        var returned = await Race("r", "RETURN_EXISTING");
        var failed = await Race("f", "FAIL");
        var running = await Race("o", "FAIL_ON_RUNNING");

        Assert.Single(returned.Select(IsText).Distinct());
        foreach (var answers in (Answer[][])[failed, running])
        {
            IsText(Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK));
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => IsError(HttpStatusCode.Conflict, answer));
        }
        Assert.Equal(3, await app.CountAsync());
    }

    [Fact]
    public async Task A_key_is_free_again_when_its_execution_is_removed()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a", "NOOP")));
        var request = new JsonObject { ["name"] = "d", ["idempotencyKey"] = "K" };

        var id = IsText(await app.PostAsync(Path, request));
        IsEmpty(await app.DeleteAsync($"{Path}/{id}/remove"));

        Assert.NotEqual(id, IsText(await app.PostAsync(Path, request)));
    }

    [Fact]
    public async Task Execute_answers_the_execution_when_it_ended_or_the_named_task_did_or_the_time_is_over()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("quick", Step("n", "NOOP")), Definition("slow", Step("n", "NOOP"), Step("h", "HUMAN", new JsonObject { ["q"] = 1 })));

        var ended = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/quick/1?requestId=r-1", "{}")).Json;
        var named = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow?waitUntilTaskRef=x,%20n_ref", "{}")).Json;
        var over = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow/1?waitForSeconds=0", "{}")).Json;
        var task = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow/1?waitForSeconds=0&returnStrategy=BLOCKING_TASK", "{}")).Json;
        var input = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow/1?waitForSeconds=0&returnStrategy=BLOCKING_TASK_INPUT", "{}")).Json;
        var blocking = (await app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow/1?waitForSeconds=0&returnStrategy=BLOCKING_WORKFLOW", "{}")).Json;

        Assert.Equal(("TARGET_WORKFLOW", "COMPLETED", "COMPLETED", "r-1"), ((string?)ended["responseType"], (string?)ended["targetWorkflowStatus"], (string?)ended["status"], (string?)ended["requestId"]));
        Assert.Equal((string?)ended["workflowId"], (string?)ended["targetWorkflowId"]);
        Assert.Equal(("RUNNING", null), ((string?)named["status"], (string?)named["requestId"]));
        Assert.Equal(("RUNNING", 2), ((string?)over["status"], over["tasks"]!.AsArray().Count));
        Assert.Equal(("BLOCKING_TASK", "h_ref", "RUNNING"), ((string?)task["responseType"], (string?)task["referenceTaskName"], (string?)task["targetWorkflowStatus"]));
        Assert.Equal(("BLOCKING_TASK_INPUT", 1), ((string?)input["responseType"], (int)input["input"]!["q"]!));
        Assert.Equal(("BLOCKING_WORKFLOW", "slow"), ((string?)blocking["responseType"], (string?)blocking["workflowName"]));
    }

    [Fact]
    public async Task Execute_waits_until_a_task_is_updated()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("slow", Step("h", "HUMAN")));

        var waiting = app.SendRawAsync(HttpMethod.Post, $"{Path}/execute/slow/1?waitForSeconds=60", """{"correlationId":"mine"}""");
        JsonArray found;
        do found = (await app.GetAsync($"{Path}/slow/correlated/mine")).Json.AsArray();
        while (found.Count == 0);
        await app.UpdateAsync(await app.TaskIdAsync((string)found[0]!["workflowId"]!, "h_ref"), "COMPLETED", new JsonObject { ["ok"] = true });

        Assert.Equal("""{"ok":true}""", (await waiting).Json["output"]!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", "/api/workflow")]
    [InlineData("DELETE", "/api/workflow")]
    [InlineData("GET", "/api/workflow")]
    [InlineData("GET", "/api/workflow/start/d/1")]
    [InlineData("PUT", "/api/workflow/execute/d/1")]
    [InlineData("PATCH", "/api/workflow/d")]
    public async Task A_wrong_method_is_an_error_of_this_api(string method, string path)
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.MethodNotAllowed, await app.SendAsync(new HttpMethod(method), path));
    }
}
