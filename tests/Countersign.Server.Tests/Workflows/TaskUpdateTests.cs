using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class TaskUpdateTests
{
    private const string Path = "/api/tasks";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_poll_hands_out_the_oldest_of_the_highest_priority_and_each_once(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var ids = new List<string>();
        foreach (var priority in (int[])[0, 0, 9, 0])
        {
            ids.Add(IsText(await app.PostAsync($"/api/workflow/d?priority={priority}", new JsonObject())));
            app.Clock.Advance(TimeSpan.FromMilliseconds(5));
        }

        var single = await app.GetAsync($"{Path}/poll/a?workerid=w-1");
        var rest = await app.PollAsync("a", 2);
        var last = await app.PollAsync("a", 100);

        Assert.Equal((ids[2], "IN_PROGRESS", "w-1", 1), ((string?)single.Json["workflowInstanceId"], (string?)single.Json["status"], (string?)single.Json["workerId"], (int)single.Json["pollCount"]!));
        Assert.Equal([ids[0], ids[1]], rest.Select(task => (string?)task["workflowInstanceId"]));
        Assert.Equal([ids[3]], last.Select(task => (string?)task["workflowInstanceId"]));
        Assert.Empty(await app.PollAsync("a"));
        var none = await app.GetAsync($"{Path}/poll/a");
        Assert.Equal((HttpStatusCode.NoContent, ""), (none.Status, none.Text));
    }

    [Theory]
    [InlineData("poll/batch/a?count=0&timeout=0", 400)]
    [InlineData("poll/batch/a?count=-1&timeout=0", 400)]
    [InlineData("poll/batch/a?count=x&timeout=0", 400)]
    [InlineData("poll/batch/a?count=99999999999&timeout=0", 400)]
    [InlineData("poll/batch/a?timeout=-1", 400)]
    [InlineData("poll/batch/a?timeout=1.5", 400)]
    [InlineData("poll/batch/none?timeout=0", 200)]
    [InlineData("poll/batch/A?timeout=0", 200)]
    [InlineData("poll/batch/a?timeout=0&domain=east", 200)]
    [InlineData("poll/batch/a?timeout=0&domain=%00", 200)]
    [InlineData("poll/none", 204)]
    [InlineData("poll/%F0%9F%98%80", 204)]
    public async Task A_poll_that_is_wrong_or_finds_nothing_takes_nothing(string poll, int status)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);
            await app.RegisterAsync(Definition("d", Step("a")));
            await app.StartAsync("d");

            var answer = await app.GetAsync($"{Path}/{poll}");

            if (status == 400) IsError(HttpStatusCode.BadRequest, answer);
            else Assert.Equal(((HttpStatusCode)status, status == 200 ? "[]" : ""), (answer.Status, answer.Text));
            Assert.Single(await app.PollAsync("a"));
        }
    }

    [Fact]
    public async Task A_poll_hands_out_a_hundred_at_most()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", new JsonObject { ["name"] = "fork", ["taskReferenceName"] = "fork", ["type"] = "FORK_JOIN", ["forkTasks"] = new JsonArray([.. Enumerable.Range(0, 120).Select(i => new JsonArray(new JsonObject { ["name"] = "a", ["taskReferenceName"] = $"a{i}" }))]) },
            new JsonObject { ["name"] = "join", ["taskReferenceName"] = "join", ["type"] = "JOIN", ["joinOn"] = new JsonArray("a0") }));
        await app.StartAsync("d");

        var first = await app.PollAsync("a", 1_000_000);
        var second = await app.PollAsync("a", 1_000);

        Assert.Equal((100, 20, 120), (first.Count, second.Count, first.Concat(second).Select(task => (string?)task["taskId"]).Distinct().Count()));
    }

    [Fact]
    public async Task A_task_with_a_domain_is_for_polls_of_that_domain_alone()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        await app.SendRawAsync(HttpMethod.Post, "/api/workflow", """{"name":"d","taskToDomain":{"a":"east","*":"west"}}""");
        await app.SendRawAsync(HttpMethod.Post, "/api/workflow", """{"name":"d","taskToDomain":{"*":"west"}}""");

        Assert.Empty(await app.PollAsync("a", 10));
        Assert.Empty(await app.PollAsync("a", 10, more: "&domain=EAST"));
        Assert.Equal("east", (string?)Assert.Single(await app.PollAsync("a", 10, more: "&domain=east"))["domain"]);
        Assert.Equal("west", (string?)Assert.Single(await app.PollAsync("a", 10, more: "&domain=west"))["domain"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_who_poll_at_once_no_two_are_handed_the_same_task(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", new JsonObject { ["name"] = "fork", ["taskReferenceName"] = "fork", ["type"] = "FORK_JOIN", ["forkTasks"] = new JsonArray([.. Enumerable.Range(0, 4).Select(i => new JsonArray(new JsonObject { ["name"] = "a", ["taskReferenceName"] = $"a{i}" }))]) },
            new JsonObject { ["name"] = "join", ["taskReferenceName"] = "join", ["type"] = "JOIN", ["joinOn"] = new JsonArray("a0", "a1", "a2", "a3") }));
        var ids = new List<string>();
        for (var i = 0; i < 10; i++) ids.Add(await app.StartAsync("d"));

        // All without a name, so that nothing but the hand-out itself tells them apart; and others disturb the executions meanwhile.
        var polled = await app.AtOnceAsync(20, async i =>
        {
            if (i % 2 == 0) await app.PostAsync($"/api/workflow/{ids[i / 2]}/variables", new JsonObject { ["x"] = 1 });
            var taken = new List<JsonNode>();
            for (var tries = 0; tries < 8; tries++) taken.AddRange(await app.PollAsync("a", 1 + (i % 3), ""));
            return taken;
        });
        var rest = new List<JsonNode>();
        while (await app.PollAsync("a", 100, "") is { Count: > 0 } more) rest.AddRange(more);

        var taken = polled.SelectMany(tasks => tasks).Concat(rest).Select(task => (string)task["taskId"]!).ToList();
        Assert.Equal((40, 40), (taken.Count, taken.Distinct(StringComparer.Ordinal).Count()));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_twenty_who_update_one_task_at_once_one_counts_and_all_are_answered_as_accepted(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a"), Step("b")));
        var id = await app.StartAsync("d");
        var task = (string)Assert.Single(await app.PollAsync("a"))["taskId"]!;

        var updated = await app.AtOnceAsync(20, i => app.UpdateAsync(task, i % 2 == 0 ? "COMPLETED" : "FAILED", new JsonObject { ["who"] = i }));

        Assert.All(updated, answer => Assert.Equal(task, IsText(answer)));
        var execution = await app.ExecutionAsync(id);
        var first = execution["tasks"]![0]!;
        Assert.Equal((int)first["outputData"]!["who"]! % 2 == 0 ? "COMPLETED" : "FAILED", (string?)first["status"]);
        Assert.Equal((string?)first["status"] == "COMPLETED" ? 2 : 1, execution["tasks"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"status":"COMPLETED"}""", "taskId")]
    [InlineData("""{"taskId":"","status":"COMPLETED"}""", "taskId")]
    [InlineData("""{"taskId":5,"status":"COMPLETED"}""", "taskId")]
    [InlineData("""{"taskId":"@","status":"DONE"}""", "status")]
    [InlineData("""{"taskId":"@","status":"SCHEDULED"}""", "status")]
    [InlineData("""{"taskId":"@","status":"CANCELED"}""", "status")]
    [InlineData("""{"taskId":"@","status":"completed"}""", "status")]
    [InlineData("""{"taskId":"@","status":5}""", "status")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","outputData":[]}""", "outputData")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","outputData":"x"}""", "outputData")]
    [InlineData("""{"taskId":"@","status":"IN_PROGRESS","callbackAfterSeconds":-1}""", "callbackAfterSeconds")]
    [InlineData("""{"taskId":"@","status":"IN_PROGRESS","callbackAfterSeconds":"5"}""", "callbackAfterSeconds")]
    [InlineData("""{"taskId":"@","status":"IN_PROGRESS","callbackAfterSeconds":1e300}""", "callbackAfterSeconds")]
    [InlineData("""{"taskId":"@","status":"FAILED","reasonForIncompletion":{}}""", "reasonForIncompletion")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","workerId":5}""", "workerId")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","extendLease":"true"}""", "extendLease")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","logs":"x"}""", "logs")]
    [InlineData("""{"taskId":"@","status":"COMPLETED","externalOutputPayloadStoragePath":"s3://x"}""", "externalOutputPayloadStoragePath")]
    [InlineData("""[]""", null)]
    [InlineData("""{"taskId":"@",""", null)]
    [InlineData("""{"taskId":"@","taskId":"@","status":"COMPLETED"}""", null)]
    public async Task What_is_no_task_result_is_refused_and_changes_nothing(string body, string? place)
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");
        var task = (string)Assert.Single(await app.PollAsync("a"))["taskId"]!;
        var before = await app.GetAsync($"/api/workflow/{id}");
        body = body.Replace("@", task, StringComparison.Ordinal);

        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, Path, body), place);
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/update-v2", body), place);
        Assert.Equal(before.Text, (await app.GetAsync($"/api/workflow/{id}")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_task_that_is_not_there_is_not_found(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");

        foreach (var task in (string[])[Nobody, "x", "a\0b", id])
        {
            IsError(HttpStatusCode.NotFound, await app.UpdateAsync(task, "COMPLETED"));
            IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/update-v2", new JsonObject { ["taskId"] = task, ["status"] = "COMPLETED" }));
        }
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{id}/b_ref/COMPLETED", new JsonObject()));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{Nobody}/a_ref/COMPLETED", new JsonObject()));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{Nobody}/a_ref/COMPLETED/sync", new JsonObject()));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{id}/COMPLETED/signal", new JsonObject()));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{Nobody}/COMPLETED/signal/sync", new JsonObject()));
        Assert.Equal(["a_ref SCHEDULED"], await app.TasksAsync(id));
    }

    [Fact]
    public async Task An_update_of_what_ended_is_answered_as_accepted_and_changes_nothing()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a"), Step("b")));
        var id = await app.StartAsync("d");
        var task = await app.TaskIdAsync(id, "a_ref");
        await app.UpdateAsync(task, "COMPLETED", new JsonObject { ["first"] = true });
        var open = await app.TaskIdAsync(id, "b_ref");
        var before = await app.GetAsync($"/api/workflow/{id}");

        Assert.Equal(task, IsText(await app.UpdateAsync(task, "FAILED", new JsonObject { ["second"] = true })));
        Assert.Equal(task, IsText(await app.UpdateAsync(task, "IN_PROGRESS")));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{id}/a_ref/COMPLETED", new JsonObject()));
        Assert.Equal(before.Text, (await app.GetAsync($"/api/workflow/{id}")).Text);
        await app.DeleteAsync($"/api/workflow/{id}");
        var ended = await app.GetAsync($"/api/workflow/{id}");

        Assert.Equal(open, IsText(await app.UpdateAsync(open, "COMPLETED")));
        Assert.Equal(ended.Text, (await app.GetAsync($"/api/workflow/{id}")).Text);
        Assert.Equal("CANCELED", (string?)ended.Json["tasks"]![1]!["status"]);
    }

    [Fact]
    public async Task A_task_in_progress_is_handed_out_again_after_its_callback_or_when_callbacks_are_reset()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");
        var task = (string)Assert.Single(await app.PollAsync("a"))["taskId"]!;

        await app.SendRawAsync(HttpMethod.Post, Path, $$"""{"taskId":"{{task}}","status":"IN_PROGRESS","outputData":{"part":1},"callbackAfterSeconds":30}""");
        var waiting = (await app.ExecutionAsync(id))["tasks"]![0]!;
        Assert.Equal(("SCHEDULED", 30, """{"part":1}"""), ((string?)waiting["status"], (int)waiting["callbackAfterSeconds"]!, waiting["outputData"]!.ToJsonString()));
        app.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await app.PollAsync("a"));
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        var again = Assert.Single(await app.PollAsync("a"));
        await app.SendRawAsync(HttpMethod.Post, Path, $$"""{"taskId":"{{task}}","status":"IN_PROGRESS","callbackAfterSeconds":3600}""");
        Assert.Empty(await app.PollAsync("a"));
        Assert.Equal(HttpStatusCode.NoContent, (await app.PostAsync($"/api/workflow/{id}/resetcallbacks")).Status);
        var reset = Assert.Single(await app.PollAsync("a"));

        Assert.Equal((task, 2, task, 3), ((string?)again["taskId"], (int)again["pollCount"]!, (string?)reset["taskId"], (int)reset["pollCount"]!));
    }

    [Fact]
    public async Task A_lease_ends_is_extended_and_a_late_result_still_counts()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        await app.SendRawAsync(HttpMethod.Post, "/api/metadata/taskdefs", """[{"name":"a","responseTimeoutSeconds":10,"timeoutPolicy":"RETRY","retryCount":1,"retryDelaySeconds":0}]""");
        var id = await app.StartAsync("d");
        var task = (string)Assert.Single(await app.PollAsync("a"))["taskId"]!;

        app.Clock.Advance(TimeSpan.FromSeconds(9));
        IsText(await app.SendRawAsync(HttpMethod.Post, Path, $$$"""{"taskId":"{{{task}}}","status":"COMPLETED","extendLease":true,"outputData":{"x":1}}"""));
        app.Clock.Advance(TimeSpan.FromSeconds(9));
        await app.PutAsync($"/api/workflow/decide/{id}");
        Assert.Equal(["a_ref IN_PROGRESS"], await app.TasksAsync(id));
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await app.PutAsync($"/api/workflow/decide/{id}");
        Assert.Equal(["a_ref TIMED_OUT", "a_ref SCHEDULED"], await app.TasksAsync(id));
        Assert.Equal(task, IsText(await app.UpdateAsync(task, "COMPLETED")));
        Assert.Equal(["a_ref TIMED_OUT", "a_ref SCHEDULED"], await app.TasksAsync(id));
        var retried = (await app.ExecutionAsync(id))["tasks"]!.AsArray();
        Assert.Equal((true, 0, task, 1), ((bool)retried[0]!["retried"]!, (int)retried[0]!["retryCount"]!, (string?)retried[1]!["retriedTaskId"], (int)retried[1]!["retryCount"]!));
    }

    [Fact]
    public async Task An_update_by_id_replaces_the_output_and_one_by_reference_is_merged()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("h", "HUMAN")));
        var id = await app.StartAsync("d");
        var task = await app.TaskIdAsync(id, "h_ref");

        await app.UpdateAsync(task, "IN_PROGRESS", new JsonObject { ["a"] = 1, ["b"] = 1 });
        await app.UpdateAsync(task, "IN_PROGRESS", new JsonObject { ["b"] = 2 });
        Assert.Equal("""{"b":2}""", (await app.ExecutionAsync(id))["tasks"]![0]!["outputData"]!.ToJsonString());
        Assert.Equal(task, IsText(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/h_ref/IN_PROGRESS?workerid=me", """{"c":null}""")));
        var open = (await app.ExecutionAsync(id))["tasks"]![0]!;
        Assert.Equal(("""{"b":2,"c":null}""", "IN_PROGRESS", "me"), (open["outputData"]!.ToJsonString(), (string?)open["status"], (string?)open["workerId"]));
        foreach (var status in (string[])["DONE", "SCHEDULED", "TIMED_OUT", "completed", "5"])
            IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/h_ref/{status}", new JsonObject()));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/h_ref/COMPLETED", "[]"));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/h_ref/COMPLETED/sync", "{"));
        var done = await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/h_ref/COMPLETED/sync", "");

        Assert.Equal((id, "COMPLETED", """{"b":2,"c":null}"""), ((string?)done.Json["workflowId"], (string?)done.Json["status"], done.Json["output"]!.ToJsonString()));
    }

    [Fact]
    public async Task An_update_hands_out_the_next_task_of_the_queue_or_204()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")), Definition("h", Step("h", "HUMAN")));
        await app.StartAsync("d");
        var second = await app.StartAsync("d");
        var human = await app.StartAsync("h");
        var task = (string)Assert.Single(await app.PollAsync("a"))["taskId"]!;
        Task<Answer> Update(string id) => app.PostAsync($"{Path}/update-v2", new JsonObject { ["taskId"] = id, ["status"] = "COMPLETED", ["workerId"] = "w", ["logs"] = new JsonArray(new JsonObject { ["log"] = "done", ["createdTime"] = 5 }) });

        var next = await Update(task);
        var none = await Update((string)next.Json["taskId"]!);
        var ofPerson = await Update(await app.TaskIdAsync(human, "h_ref"));

        Assert.Equal((second, "IN_PROGRESS", "w"), ((string?)next.Json["workflowInstanceId"], (string?)next.Json["status"], (string?)next.Json["workerId"]));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (none.Status, ofPerson.Status));
        Assert.Equal($$"""[{"log":"done","taskId":"{{task}}","createdTime":5}]""", (await app.GetAsync($"{Path}/{task}/log")).Text);
    }

    [Fact]
    public async Task An_output_over_its_limit_fails_the_task_and_names_limit_and_size()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a"), Step("b")));
        var id = await app.StartAsync("d");

        IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "a_ref"), "COMPLETED", new JsonObject { ["x"] = new string('x', (3 * 1024 * 1024) - 8) }));
        IsText(await app.UpdateAsync(await app.TaskIdAsync(id, "b_ref"), "COMPLETED", new JsonObject { ["x"] = new string('x', (3 * 1024 * 1024) - 7) }));
        IsError(HttpStatusCode.RequestEntityTooLarge, await app.UpdateAsync(Nobody, "COMPLETED", new JsonObject { ["x"] = new string('x', 4 * 1024 * 1024) }));
        var ended = await app.ExecutionAsync(id);

        Assert.Equal(("FAILED", "COMPLETED", "FAILED_WITH_TERMINAL_ERROR"), ((string?)ended["status"], (string?)ended["tasks"]![0]!["status"], (string?)ended["tasks"]![1]!["status"]));
        Assert.Equal("The output has 3,145,729 bytes; allowed are 3,145,728.", (string?)ended["tasks"]![1]!["reasonForIncompletion"]);
        Assert.Equal("{}", ended["tasks"]![1]!["outputData"]!.ToJsonString());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Large_outputs_are_kept_to_the_byte_and_listed(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", [.. Enumerable.Range(0, 4).Select(i => Step($"t{i}"))]));
        var id = await app.StartAsync("d");
        var large = string.Concat(Enumerable.Repeat("é\"\\\U0001F600\0 ", 60_000));
        for (var i = 0; i < 4; i++) await app.UpdateAsync(await app.TaskIdAsync(id, $"t{i}_ref"), "COMPLETED", new JsonObject { ["x"] = large });

        var list = await app.GetAsync($"/api/workflow/{id}/tasks?count=100");

        Assert.Equal(4, list.Json["results"]!.AsArray().Count);
        Assert.All(list.Json["results"]!.AsArray(), task => Assert.Equal(large, (string?)task!["outputData"]!["x"]));
        Assert.Equal(large, (string?)(await app.ExecutionAsync(id))["output"]!["x"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Workers_may_be_called_anything_and_give_any_reason(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");
        var task = Assert.Single(await app.PollAsync("a", worker: Uri.EscapeDataString("w'\0\U0001F600")));

        IsText(await app.PostAsync(Path, new JsonObject { ["taskId"] = (string?)task["taskId"], ["status"] = "FAILED", ["reasonForIncompletion"] = $"\0{new string('r', 4_094)}\U0001F600", ["workerId"] = new string('w', 10_000) }));
        var ended = await app.ExecutionAsync(id);

        Assert.Equal("w'\0\U0001F600", (string?)task["workerId"]);
        Assert.Equal("FAILED", (string?)ended["status"]);
        Assert.StartsWith("\0rrr", (string?)ended["tasks"]![0]!["reasonForIncompletion"], StringComparison.Ordinal);
        Assert.Equal(1, (int)(await app.GetAsync($"/api/workflow/search?query={Uri.EscapeDataString("failedReferenceTaskNames = a_ref")}")).Json["totalHits"]!);
    }

    [Fact]
    public async Task A_signal_completes_the_first_task_that_waits_in_a_child_too()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("child", Step("w", "WAIT")), Definition("d", new JsonObject { ["name"] = "sub", ["taskReferenceName"] = "sub_ref", ["type"] = "SUB_WORKFLOW", ["subWorkflowParam"] = new JsonObject { ["name"] = "child" } }, Step("h", "HUMAN")));
        var id = await app.StartAsync("d");
        while ((await app.ExecutionAsync(id))["tasks"]![0]!["subWorkflowId"] is null) await Task.Yield();

        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/DONE/signal", new JsonObject()));
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/{id}/COMPLETED/signal/sync?returnStrategy=ALL", new JsonObject()));
        IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/COMPLETED/signal", "[]"));
        IsEmpty(await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/COMPLETED/signal", """{"from":"signal"}"""));
        while ((string)(await app.ExecutionAsync(id))["tasks"]![0]!["status"]! != "COMPLETED") app.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var blocked = await app.GetAsync($"/api/workflow/{id}");
        var ended = await app.SendRawAsync(HttpMethod.Post, $"{Path}/{id}/COMPLETED/signal/sync", """{"n":1}""");

        Assert.Equal("signal", (string?)blocked.Json["tasks"]![0]!["outputData"]!["from"]);
        Assert.Equal(("COMPLETED", "TARGET_WORKFLOW"), ((string?)ended.Json["status"], (string?)ended.Json["responseType"]));
        IsError(HttpStatusCode.NotFound, await app.PostAsync($"{Path}/{id}/COMPLETED/signal", new JsonObject()));
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("GET", "/update-v2/x/y/z/q")]
    [InlineData("POST", "/poll/a")]
    [InlineData("DELETE", "/poll/batch/a")]
    [InlineData("PUT", "/update-v2")]
    public async Task A_wrong_method_or_path_is_an_error_of_this_api(string method, string path)
    {
        await using var app = new CountersignApp();

        var answer = await app.SendAsync(new HttpMethod(method), Path + path);

        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed]);
        IsError(answer.Status, answer);
    }
}
