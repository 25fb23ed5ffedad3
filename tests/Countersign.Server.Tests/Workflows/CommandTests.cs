using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class CommandTests
{
    private const string Path = "/api/workflow";
    private static readonly string[] States = ["RUNNING", "PAUSED", "COMPLETED", "FAILED", "TIMED_OUT", "TERMINATED"];

    /// <summary>Each command, and what it answers and leaves in each state (workflow contract 7.7): a status, then the state; or the status alone, and nothing changes.</summary>
    public static TheoryData<string, string, string[]> Table => new()
    {
        { "PUT", "pause", ["200 PAUSED", "200 PAUSED", "409", "409", "409", "409"] },
        { "PUT", "resume", ["409", "200 RUNNING", "409", "409", "409", "409"] },
        { "DELETE", "", ["200 TERMINATED", "200 TERMINATED", "409", "200 TERMINATED", "200 TERMINATED", "200 TERMINATED"] },
        { "POST", "retry", ["409", "409", "409", "204 RUNNING", "204 RUNNING", "204 RUNNING"] },
        { "POST", "restart", ["409", "409", "204 RUNNING", "204 RUNNING", "204 RUNNING", "204 RUNNING"] },
        { "POST", "rerun", ["409", "409", "200 RUNNING", "200 RUNNING", "200 RUNNING", "200 RUNNING"] },
        { "PUT", "skiptask/b_ref", ["200 RUNNING", "409", "409", "409", "409", "409"] },
        { "PUT", "skiptask/a_ref", ["409", "409", "409", "409", "409", "409"] },
        { "DELETE", "remove", ["409", "409", "200 gone", "200 gone", "200 gone", "200 gone"] },
        { "POST", "resetcallbacks", ["204 RUNNING", "204 PAUSED", "409", "409", "409", "409"] },
        { "POST", "variables", ["200 RUNNING", "200 PAUSED", "409", "409", "409", "409"] },
    };

    [Theory, MemberData(nameof(Table))]
    public async Task A_command_does_in_each_state_what_the_contract_says(string method, string command, string[] outcomes)
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);

        foreach (var (state, outcome) in States.Zip(outcomes))
        {
            var id = await InAsync(app, state);
            var before = await app.GetAsync($"{Path}/{id}");
            Assert.Equal(state, (string?)before.Json["status"]);

            var answer = await app.SendAsync(new HttpMethod(method), $"{Path}/{id}{(command.Length > 0 ? "/" : "")}{command}", new JsonObject());

            Assert.True(outcome[..3] == ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture), $"{state}: {answer.Status} {answer.Text}");
            var after = await app.GetAsync($"{Path}/{id}");
            switch (answer.Status)
            {
                case HttpStatusCode.Conflict:
                    IsError(HttpStatusCode.Conflict, answer);
                    Assert.Equal(before.Text, after.Text);
                    continue;
                case HttpStatusCode.NoContent: Assert.Equal("", answer.Text); break;
                case HttpStatusCode.OK when command is "rerun": Assert.Equal(id, IsText(answer)); break;
                case HttpStatusCode.OK when command is "variables": Assert.Equal(id, (string?)answer.Json["workflowId"]); break;
                default: IsEmpty(answer); break;
            }
            if (outcome == "200 gone") IsError(HttpStatusCode.NotFound, after);
            else Assert.Equal(outcome[4..], (string?)after.Json["status"]);
        }
    }

    [Theory]
    [InlineData("PUT", "/pause")]
    [InlineData("PUT", "/resume")]
    [InlineData("PUT", "/skiptask/a_ref")]
    [InlineData("POST", "/rerun")]
    [InlineData("POST", "/restart")]
    [InlineData("POST", "/restart?useLatestDefinitions=true")]
    [InlineData("POST", "/retry")]
    [InlineData("POST", "/resetcallbacks")]
    [InlineData("POST", "/variables")]
    [InlineData("POST", "/state")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "/remove")]
    public async Task There_is_nothing_to_command_where_there_is_no_execution(string method, string command)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);

            IsError(HttpStatusCode.NotFound, await app.SendAsync(new HttpMethod(method), $"{Path}/{Nobody}{command}", new JsonObject { ["variables"] = new JsonObject() }));
            IsError(HttpStatusCode.NotFound, await app.PutAsync($"{Path}/decide/{Nobody}"));
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_failed_is_retried_rerun_from_a_task_and_restarted_with_the_newest_definition(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await RegisterAsync(app);
        var id = await InAsync(app, "FAILED");

        Assert.Equal(["a_ref FAILED"], await app.TasksAsync(id));
        Assert.Equal(("a_ref", "a"), ((string?)(await app.ExecutionAsync(id))["failedReferenceTaskNames"]![0], (string?)(await app.ExecutionAsync(id))["failedTaskNames"]![0]));
        Assert.Equal(HttpStatusCode.NoContent, (await app.PostAsync($"{Path}/{id}/retry")).Status);
        Assert.Equal(["a_ref FAILED", "a_ref SCHEDULED"], await app.TasksAsync(id));
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED");
        await app.UpdateAsync(await app.TaskIdAsync(id, "b_ref"), "COMPLETED");
        Assert.Equal(id, IsText(await app.PostAsync($"{Path}/{id}/rerun", new JsonObject { ["reRunFromTaskId"] = await app.TaskIdAsync(id, "b_ref"), ["taskInput"] = new JsonObject { ["given"] = 1 }, ["correlationId"] = "new" })));
        var rerun = await app.ExecutionAsync(id);
        Assert.Equal(("RUNNING", "new", """{"given":1}"""), ((string?)rerun["status"], (string?)rerun["correlationId"], rerun["tasks"]!.AsArray()[^1]!["inputData"]!.ToJsonString()));
        Assert.Equal(1, (int)(await app.GetAsync($"{Path}/search?query={Uri.EscapeDataString("correlationId = new")}")).Json["totalHits"]!);
        await app.DeleteAsync($"{Path}/{id}?reason=enough");
        await app.RegisterAsync(Definition("d", Step("c")));
        Assert.Equal(HttpStatusCode.NoContent, (await app.PostAsync($"{Path}/{id}/restart")).Status);
        Assert.Equal(["a_ref SCHEDULED"], await app.TasksAsync(id));
        await app.DeleteAsync($"{Path}/{id}?reason=enough");
        Assert.Equal("enough", (string?)(await app.ExecutionAsync(id))["reasonForIncompletion"]);
        Assert.Equal(HttpStatusCode.NoContent, (await app.PostAsync($"{Path}/{id}/restart?useLatestDefinitions=true")).Status);
        Assert.Equal(["c_ref SCHEDULED"], await app.TasksAsync(id));
    }

    [Theory]
    [InlineData("""{"reRunFromTaskId":"nobody"}""", null)]
    [InlineData("""{"reRunFromTaskId":"01a215de-b973-7c37-be51-39183fad1da6"}""", null)]
    [InlineData("""{"reRunFromTaskId":5}""", "reRunFromTaskId")]
    [InlineData("""{"taskInput":[]}""", "taskInput")]
    [InlineData("""{"workflowInput":"x"}""", "workflowInput")]
    [InlineData("""{"correlationId":{}}""", "correlationId")]
    [InlineData("""{"correlationId":"a\u0000"}""", "correlationId")]
    [InlineData("""[]""", null)]
    [InlineData("""{""", null)]
    public async Task A_rerun_that_cannot_be_is_refused_and_changes_nothing(string body, string? place)
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "COMPLETED");
        var before = await app.GetAsync($"{Path}/{id}");

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/rerun", body), place);
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/rerun", new JsonObject { ["correlationId"] = new string('c', 1_025) }), "correlationId");
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/rerun", new JsonObject { ["workflowInput"] = new JsonObject { ["x"] = new string('x', 3 * 1024 * 1024) } }));
        Assert.Equal(before.Text, (await app.GetAsync($"{Path}/{id}")).Text);
    }

    [Theory]
    [InlineData("skiptask/b_ref", "PUT", """{"taskInput":[]}""", "taskInput")]
    [InlineData("skiptask/b_ref", "PUT", """{"taskOutput":"x"}""", "taskOutput")]
    [InlineData("skiptask/b_ref", "PUT", """[]""", null)]
    [InlineData("variables", "POST", """[]""", null)]
    [InlineData("variables", "POST", """5""", null)]
    [InlineData("variables", "POST", """{"a":""", null)]
    [InlineData("state", "POST", """{"variables":[]}""", "variables")]
    [InlineData("state", "POST", """{"taskResult":5}""", "taskResult")]
    [InlineData("state", "POST", """{"taskReferenceName":5,"taskResult":{"status":"COMPLETED"}}""", "taskReferenceName")]
    [InlineData("state", "POST", """{"taskReferenceName":"a_ref","taskResult":{"status":"DONE"},"variables":{"x":1}}""", "status")]
    [InlineData("state?waitForSeconds=61", "POST", """{"variables":{"x":1}}""", null)]
    [InlineData("state", "POST", """{"variables":{"x":1},"taskResult":{"status":"COMPLETED"}}""", "taskReferenceName")]
    public async Task What_is_given_with_a_command_must_be_of_its_kind(string command, string method, string body, string? place)
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "RUNNING");
        var before = await app.GetAsync($"{Path}/{id}");

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(new HttpMethod(method), $"{Path}/{id}/{command}", body), place);
        Assert.Equal(before.Text, (await app.GetAsync($"{Path}/{id}")).Text);
    }

    [Fact]
    public async Task A_task_that_is_not_scheduled_yet_is_skipped_with_what_is_given()
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "RUNNING");

        IsError(HttpStatusCode.NotFound, await app.PutAsync($"{Path}/{id}/skiptask/nobody", new JsonObject()));
        IsEmpty(await app.SendRawAsync(HttpMethod.Put, $"{Path}/{id}/skiptask/b_ref", """{"taskInput":{"i":1},"taskOutput":{"o":2}}"""));
        await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED");
        var read = await app.ExecutionAsync(id);

        Assert.Equal(("COMPLETED", "SKIPPED", """{"i":1}""", """{"o":2}"""), ((string?)read["status"], (string?)read["tasks"]![1]!["status"], read["tasks"]![1]!["inputData"]!.ToJsonString(), read["output"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_paused_execution_takes_results_and_hands_nothing_out()
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "PAUSED");

        Assert.Empty(await app.PollAsync("a"));
        IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED"));
        Assert.Equal(["a_ref COMPLETED"], await app.TasksAsync(id));
        IsEmpty(await app.PutAsync($"{Path}/decide/{id}"));
        Assert.Equal(["a_ref COMPLETED"], await app.TasksAsync(id));
        IsEmpty(await app.PutAsync($"{Path}/{id}/resume"));
        Assert.Equal(["a_ref COMPLETED", "b_ref IN_PROGRESS"], await app.TasksAsync(id));
    }

    [Fact]
    public async Task Variables_are_merged_and_may_have_256_kibibytes()
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "RUNNING");

        Assert.Equal("""{"a":1,"b":null}""", (await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/variables", """{"a":1,"b":null}""")).Json["variables"]!.ToJsonString());
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/variables", new JsonObject { ["c"] = new string('x', 256 * 1024) }));
        Assert.Equal("""{"a":2,"b":null,"d":{}}""", (await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/variables", """{"a":2,"d":{}}""")).Json["variables"]!.ToJsonString());
        Assert.Equal("""{"a":2,"b":null,"d":{}}""", (await app.ExecutionAsync(id))["variables"]!.ToJsonString());
    }

    [Fact]
    public async Task The_state_is_changed_by_variables_and_a_task_at_once()
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "RUNNING");

        var changed = await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/state?waitUntilTaskRef=a_ref", """{"variables":{"v":1},"taskReferenceName":"a_ref","taskResult":{"status":"COMPLETED","outputData":{"o":1}}}""");
        IsError(HttpStatusCode.NotFound, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/state", """{"variables":{"v":2},"taskReferenceName":"a_ref","taskResult":{"status":"COMPLETED"}}"""));
        Assert.Equal("""{"v":1}""", (await app.ExecutionAsync(id))["variables"]!.ToJsonString());

        Assert.Equal((1, "COMPLETED", "TARGET_WORKFLOW"), ((int)changed.Json["variables"]!["v"]!, (string?)changed.Json["tasks"]![0]!["status"], (string?)changed.Json["responseType"]));
    }

    [Fact]
    public async Task A_reason_has_4000_characters_at_most()
    {
        await using var app = new CountersignApp();
        await RegisterAsync(app);
        var id = await InAsync(app, "RUNNING");

        IsError(HttpStatusCode.BadRequest, await app.DeleteAsync($"{Path}/{id}?reason={new string('r', 4_001)}"));
        Assert.Equal("RUNNING", await app.StatusAsync(id));
        IsEmpty(await app.DeleteAsync($"{Path}/{id}?reason={new string('r', 4_000)}"));
        Assert.Equal(4_000, ((string)(await app.ExecutionAsync(id))["reasonForIncompletion"]!).Length);
    }

    [Fact]
    public async Task A_completed_execution_whose_definition_forbids_it_is_not_restarted()
    {
        await using var app = new CountersignApp();
        var definition = Definition("once", Step("n", "NOOP"));
        definition["restartable"] = false;
        await app.RegisterAsync(definition);
        var id = await app.StartAsync("once");

        IsError(HttpStatusCode.Conflict, await app.PostAsync($"{Path}/{id}/restart"));
        Assert.Equal("COMPLETED", await app.StatusAsync(id));
    }

    [Theory]
    [InlineData("GET", "pause", 405)]
    [InlineData("POST", "pause", 405)]
    [InlineData("PUT", "retry", 405)]
    [InlineData("GET", "rerun", 405)]
    [InlineData("PUT", "nonsense", 404)]
    [InlineData("PUT", "skiptask", 404)]
    public async Task A_wrong_method_or_path_is_an_error_of_this_api(string method, string command, int status)
    {
        await using var app = new CountersignApp();

        IsError((HttpStatusCode)status, await app.SendAsync(new HttpMethod(method), $"{Path}/{Nobody}/{command}"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_twenty_commands_at_once_each_finds_a_state_that_is_whole(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await RegisterAsync(app);
        var id = await InAsync(app, "FAILED");

        var retried = await app.AtOnceAsync(20, _ => app.PostAsync($"{Path}/{id}/retry"));
        var retriedTasks = await app.TasksAsync(id);
        await app.AtOnceAsync(20, i => app.PutAsync($"{Path}/{id}/{(i % 2 == 0 ? "pause" : "resume")}"));
        await app.AtOnceAsync(20, i => app.PostAsync($"{Path}/{id}/variables", new JsonObject { [$"v{i}"] = i }));

        Assert.Single(retried, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Equal(19, retried.Count(answer => answer.Status == HttpStatusCode.Conflict));
        Assert.Equal(["a_ref FAILED", "a_ref SCHEDULED"], retriedTasks);
        Assert.Equal(20, (await app.ExecutionAsync(id))["variables"]!.AsObject().Count);
    }

    private static Task RegisterAsync(CountersignApp app)
    {
        var definition = Definition("d", Step("a"), Step("b", "HUMAN"));
        definition["timeoutSeconds"] = 60;
        definition["timeoutPolicy"] = "TIME_OUT_WF";
        return app.RegisterAsync(definition);
    }

    /// <summary>An execution in this state.</summary>
    private static async Task<string> InAsync(CountersignApp app, string state)
    {
        var id = await app.StartAsync("d");
        switch (state)
        {
            case "PAUSED": IsEmpty(await app.PutAsync($"{Path}/{id}/pause")); break;
            case "COMPLETED":
                IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED"));
                IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "b_ref"), "COMPLETED"));
                break;
            case "FAILED": IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "FAILED")); break;
            case "TERMINATED": IsEmpty(await app.DeleteAsync($"{Path}/{id}")); break;
            case "TIMED_OUT":
                app.Clock.Advance(TimeSpan.FromSeconds(61));
                IsEmpty(await app.PutAsync($"{Path}/decide/{id}"));
                break;
            default: break;
        }
        return id;
    }
}
