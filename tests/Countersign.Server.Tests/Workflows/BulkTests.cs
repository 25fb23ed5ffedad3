using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class BulkTests
{
    private const string Path = "/api/workflow/bulk";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Each_execution_is_commanded_alone(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")), Definition("done", Step("n", "NOOP")));
        string a = await app.StartAsync("d"), b = await app.StartAsync("d"), done = await app.StartAsync("done");
        var ids = new JsonArray(a, "no such id", done, b, a);

        await AssertAsync(app, app.PutAsync($"{Path}/pause", ids.DeepClone()), [a, b, a], ["no such id", done], a, "PAUSED");
        await AssertAsync(app, app.PutAsync($"{Path}/resume", ids.DeepClone()), [a, b], ["no such id", done, a], a, "RUNNING");
        await AssertAsync(app, app.PostAsync($"{Path}/terminate?reason=all%20of%20them", ids.DeepClone()), [a, b, a], ["no such id", done], b, "TERMINATED");
        await AssertAsync(app, app.PostAsync($"{Path}/retry", ids.DeepClone()), [a, b], ["no such id", done, a], b, "RUNNING");
        await AssertAsync(app, app.PostAsync($"{Path}/restart", ids.DeepClone()), [done], ["no such id", a, b], done, "COMPLETED");
        await AssertAsync(app, app.SendRawAsync(HttpMethod.Delete, $"{Path}/remove", ids.ToJsonString()), [done], ["no such id", a, b], a, "RUNNING");
        await AssertAsync(app, app.PostAsync($"{Path}/delete", ids.DeepClone()), [], ["no such id", a, b, done], a, "RUNNING");
        Assert.Equal(2, await app.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[5]")]
    [InlineData("[null]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[\"a\"")]
    [InlineData("\"a\"")]
    public async Task What_is_no_list_of_texts_is_refused_and_changes_nothing(string body)
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");
        body = body.Replace("\"a\"", $"\"{id}\"", StringComparison.Ordinal).Replace("[null]", $"[\"{id}\",null]", StringComparison.Ordinal);

        foreach (var (method, command) in ((string, string)[])[("PUT", "pause"), ("PUT", "resume"), ("POST", "restart"), ("POST", "retry"), ("POST", "terminate"), ("DELETE", "remove"), ("POST", "delete")])
            IsError(HttpStatusCode.BadRequest, await app.SendRawAsync(new HttpMethod(method), $"{Path}/{command}", body));
        Assert.Equal("RUNNING", await app.StatusAsync(id));
    }

    [Fact]
    public async Task There_are_a_thousand_ids_at_most_and_a_reason_of_4000_characters()
    {
        await using var app = new CountersignApp();
        await app.RegisterAsync(Definition("d", Step("a")));
        var id = await app.StartAsync("d");

        var most = await app.PutAsync($"{Path}/pause", new JsonArray([.. Enumerable.Range(0, 1_000).Select(i => JsonValue.Create($"none {i}"))]));
        Assert.Equal(1_000, most.Json["bulkErrorResults"]!.AsObject().Count);
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/terminate", new JsonArray([.. Enumerable.Range(0, 1_001).Select(_ => JsonValue.Create(id))])));
        IsError(HttpStatusCode.BadRequest, await app.PostAsync($"{Path}/terminate?reason={new string('r', 4_001)}", new JsonArray(id)));
        Assert.Equal("RUNNING", await app.StatusAsync(id));
        Assert.Equal("""{"bulkSuccessfulResults":[],"bulkErrorResults":{},"message":"0 succeeded, 0 failed."}""", (await app.SendRawAsync(HttpMethod.Post, $"{Path}/terminate", "[]")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Ids_with_any_character_are_told_as_not_found(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var answer = await app.SendRawAsync(HttpMethod.Put, $"{Path}/pause", """["a\u0000b","","%","\ud83d\ude00"]""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["a\0b", "", "%", "\U0001F600"], answer.Json["bulkErrorResults"]!.AsObject().Select(failed => failed.Key));
        Assert.All(answer.Json["bulkErrorResults"]!.AsObject(), failed => Assert.Contains("No such", (string?)failed.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_method_is_an_error_of_this_api()
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.MethodNotAllowed, await app.GetAsync($"{Path}/pause"));
        IsError(HttpStatusCode.MethodNotAllowed, await app.PutAsync($"{Path}/terminate"));
    }

    private static async Task AssertAsync(CountersignApp app, Task<Answer> sent, string[] succeeded, string[] failed, string shown, string status)
    {
        var answer = await sent;
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(succeeded, answer.Json["bulkSuccessfulResults"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(failed.Order(StringComparer.Ordinal), answer.Json["bulkErrorResults"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.All(answer.Json["bulkErrorResults"]!.AsObject(), one => Assert.NotEmpty((string)one.Value!));
        Assert.Equal(status, await app.StatusAsync(shown));
    }
}
