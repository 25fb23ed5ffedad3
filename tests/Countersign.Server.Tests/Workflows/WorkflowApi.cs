using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Workflows;

/// <summary>The workflow API as its clients use it.</summary>
internal static class WorkflowApi
{
    /// <summary>An id that no execution and no task has.</summary>
    public const string Nobody = "01a215de-b973-7c37-be51-39183fad1da6";

    /// <summary>A definition of these tasks, version 1.</summary>
    public static JsonObject Definition(string name, params JsonObject[] tasks) => new() { ["name"] = name, ["version"] = 1, ["schemaVersion"] = 2, ["tasks"] = new JsonArray([.. tasks]) };

    /// <summary>A task whose reference name is its name and <c>_ref</c>.</summary>
    public static JsonObject Step(string name, string type = "SIMPLE", JsonObject? input = null)
        => new() { ["name"] = name, ["taskReferenceName"] = $"{name}_ref", ["type"] = type, ["inputParameters"] = input ?? [] };

    /// <summary>An answer is an error of the workflow API, with all of its members and no other.</summary>
    public static void IsError(HttpStatusCode status, Answer answer, string? place = null, string? error = null)
    {
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Text}");
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal(["status", "message", "instance", "retryable", .. error is null ? [] : (string[])["error"], .. place is null ? [] : (string[])["validationErrors"]], answer.Json.AsObject().Select(member => member.Key));
        Assert.Equal(((int)status, status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, error), ((int)answer.Json["status"]!, (bool)answer.Json["retryable"]!, (string?)answer.Json["error"]));
        if (place is not null) Assert.Contains(answer.Json["validationErrors"]!.AsArray(), fault => (string?)fault!["path"] == place && ((string?)fault["message"])!.Length > 0);
        if (status == HttpStatusCode.NotFound) Assert.Matches("(?i)not found|no such", (string?)answer.Json["message"]);
    }

    /// <summary>200 with nothing: an exact length and no content type.</summary>
    public static void IsEmpty(Answer answer)
    {
        Assert.True(answer is { Status: HttpStatusCode.OK, Text: "" }, $"{answer.Status}: {answer.Text}");
        Assert.Equal("0", answer.Headers["Content-Length"]);
        Assert.False(answer.Headers.ContainsKey("Content-Type"));
    }

    /// <summary>A bare text.</summary>
    public static string IsText(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        Assert.Equal(("text/plain;charset=UTF-8", Encoding.UTF8.GetByteCount(answer.Text).ToString(System.Globalization.CultureInfo.InvariantCulture)), (answer.Headers["Content-Type"].Replace(" ", "", StringComparison.Ordinal), answer.Headers["Content-Length"]));
        return answer.Text;
    }

    extension(CountersignApp app)
    {
        /// <summary>Sends a body as it is.</summary>
        public Task<Answer> SendRawAsync(HttpMethod method, string path, string body) => app.SendRawAsync(method, path, Encoding.UTF8.GetBytes(body));

        /// <summary>Sends a body as it is.</summary>
        public async Task<Answer> SendRawAsync(HttpMethod method, string path, byte[] body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            using var response = await app.Client.SendAsync(request);
            return await Answer.ReadAsync(response);
        }

        /// <summary>Stores definitions.</summary>
        public async Task RegisterAsync(params JsonObject[] definitions)
        {
            var put = await app.PutAsync("/api/metadata/workflow", new JsonArray([.. definitions]));
            Assert.True(put.Status == HttpStatusCode.OK && put.Json["bulkErrorResults"]!.AsObject().Count == 0, put.Text);
        }

        /// <summary>Starts an execution; its id.</summary>
        public async Task<string> StartAsync(string name, JsonObject? input = null) => IsText(await app.PostAsync($"/api/workflow/{name}", input ?? []));

        /// <summary>An execution as it is now.</summary>
        public async Task<JsonNode> ExecutionAsync(string id)
        {
            var read = await app.GetAsync($"/api/workflow/{id}");
            Assert.True(read.Status == HttpStatusCode.OK, read.Text);
            return read.Json;
        }

        /// <summary>Its status.</summary>
        public async Task<string> StatusAsync(string id) => (string)(await app.ExecutionAsync(id))["status"]!;

        /// <summary>The statuses of its tasks, in their order.</summary>
        public async Task<IEnumerable<string>> TasksAsync(string id)
            => (await app.ExecutionAsync(id))["tasks"]!.AsArray().Select(task => $"{task!["referenceTaskName"]} {task["status"]}");

        /// <summary>The id of the latest attempt of a task.</summary>
        public async Task<string> TaskIdAsync(string id, string reference)
            => (string)(await app.ExecutionAsync(id))["tasks"]!.AsArray().Last(task => (string?)task!["referenceTaskName"] == reference)!["taskId"]!;

        /// <summary>Takes tasks of a queue.</summary>
        public async Task<IReadOnlyList<JsonNode>> PollAsync(string queue, int count = 1, string worker = "w", string more = "")
        {
            var polled = await app.GetAsync($"/api/tasks/poll/batch/{queue}?count={count}&timeout=0&workerid={worker}{more}");
            Assert.True(polled.Status == HttpStatusCode.OK, polled.Text);
            return [.. polled.Json.AsArray().Select(task => task!)];
        }

        /// <summary>Updates a task by its id.</summary>
        public Task<Answer> UpdateAsync(string taskId, string status, JsonObject? output = null)
            => app.PostAsync("/api/tasks", new JsonObject { ["taskId"] = taskId, ["workflowInstanceId"] = Nobody, ["status"] = status, ["outputData"] = output ?? [] });

        /// <summary>Does something so many times at once, while time passes for those who wait for each other.</summary>
        public async Task<T[]> AtOnceAsync<T>(int times, Func<int, Task<T>> act)
        {
            var all = Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => act(i))));
            while (await Task.WhenAny(all, Task.Delay(5)) != all) app.Clock.Advance(TimeSpan.FromMilliseconds(20));
            return await all;
        }

        /// <summary>How many executions there are.</summary>
        public async Task<int> CountAsync() => (int)(await app.GetAsync("/api/workflow/search?size=0")).Json["totalHits"]!;
    }
}
