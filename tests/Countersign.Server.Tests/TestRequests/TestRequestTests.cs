using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Server.Tests.TestRequests;

public sealed class TestRequestTests : IAsyncDisposable
{
    private const string Tests = "/countersign/v1/test-requests", Secret = "s3cr3t/value+0123";

    private readonly LoopbackServer _server = new(request => Reply.Json(200, new JsonObject
    {
        ["target"] = request.Target,
        ["authorization"] = request.Headers.GetValueOrDefault("Authorization"),
        ["body"] = request.Text,
    }.ToJsonString(), ("X-Echo", WebUtility.UrlEncode(request.Headers.GetValueOrDefault("Authorization") ?? ""))));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_request_is_sent_shown_kept_run_again_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = Guid.NewGuid().ToString();

        var tested = await app.PostAsync(Tests, new JsonObject
        {
            ["http_request"] = Request("${workflow.input.path}", "POST", new JsonObject { ["code"] = "${workflow.input.code}" }),
            ["variables"] = new JsonObject { ["workflow.input.path"] = "verify", ["workflow.input.code"] = 123456 },
            ["id"] = id,
            ["operation"] = "countersign/post/verify",
        });
        var kept = await app.GetAsync($"{Tests}/{id}");
        var list = await app.GetAsync(Tests);
        var again = await app.PostAsync(Tests, kept.Json["typed"]!.DeepClone());
        var removed = await app.DeleteAsync($"{Tests}/{id}");

        Assert.Equal(HttpStatusCode.OK, tested.Status);
        Assert.Null(tested.Json["error"]);
        Assert.Equal((200, "json", "COMPLETED"), ((int)tested.Json["response"]!["statusCode"]!, (string?)tested.Json["response"]!["shown"], (string?)tested.Json["taskStatus"]));
        var answered = JsonNode.Parse((string)tested.Json["response"]!["body"]!)!;
        Assert.Equal(("/verify", """{"code":123456}"""), ((string?)answered["target"], (string?)answered["body"]));
        Assert.Equal(("POST", $"{_server.Address}verify", """{"code":123456}"""), ((string?)tested.Json["request"]!["method"], (string?)tested.Json["request"]!["url"], (string?)tested.Json["request"]!["body"]));
        Assert.Equal(("127.0.0.1", "1.1"), ((string?)tested.Json["remoteAddress"], (string?)tested.Json["httpVersion"]));
        Assert.Equal(["dnsMs", "connectMs", "tlsMs", "sendMs", "firstByteMs", "downloadMs", "totalMs"], tested.Json["timings"]!.AsObject().Select(member => member.Key));
        Assert.Contains("200 counts as success", (string?)tested.Json["hint"], StringComparison.Ordinal);
        Assert.Equal($"{_server.Address}${{workflow.input.path}}", (string?)list.Json[0]!["url"]);
        Assert.Equal((id, "countersign/post/verify", 200), ((string?)list.Json[0]!["id"], (string?)list.Json[0]!["operation"], (int)list.Json[0]!["statusCode"]!));
        Assert.Equal("""{"code":"${workflow.input.code}"}""", kept.Json["typed"]!["http_request"]!["body"]!.ToJsonString());
        Assert.Equal((string?)tested.Json["response"]!["body"], (string?)again.Json["response"]!["body"]);
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal("E0000007", (await app.GetAsync($"{Tests}/{id}")).ErrorCode);
        Assert.Equal("E0000007", (await app.GetAsync($"{Tests}/{id}/body")).ErrorCode);
        var logged = (await app.GetAsync("/api/v1/logs?limit=1000&filter=" + Uri.EscapeDataString("eventType eq \"integration.test_request.send\""))).Json.AsArray();
        Assert.Equal(2, logged.Count);
        Assert.Equal("127.0.0.1", (string?)logged[0]!["target"]![0]!["id"]);
        Assert.DoesNotContain("verify", logged[0]!["debugContext"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_filled_is_named_and_nothing_is_sent()
    {
        await using var app = new CountersignApp();

        var tested = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("${workflow.input.userId}/${login.output.response.body.id}?k=${workflow.env.NONE}&s=${workflow.secrets.NONE}") });

        Assert.Equal("missing", (string?)tested.Json["error"]!["kind"]);
        Assert.Equal(["login.output.response.body.id", "workflow.env.NONE", "workflow.input.userId", "workflow.secrets.NONE"], tested.Json["error"]!["missing"]!.AsArray().Select(name => (string?)name).Order());
        Assert.Null(tested.Json["response"]);
        Assert.Equal(0, _server.Count);
    }

    [Fact]
    public async Task Nothing_of_a_secret_is_in_the_answer_the_history_the_log_or_the_database()
    {
        await using var app = new CountersignApp();
        Assert.Equal(HttpStatusCode.NoContent, (await app.PutAsync("/countersign/v1/secrets/KEY", new JsonObject { ["value"] = Secret })).Status);
        await app.PutAsync("/countersign/v1/environments/default", new JsonObject
        {
            ["name"] = "Default",
            ["variables"] = new JsonArray(new JsonObject { ["name"] = "PASS", ["value"] = "env-password-77", ["isSecret"] = true }, new JsonObject { ["name"] = "HOST", ["value"] = "x", ["isSecret"] = false }),
        });
        var request = Request("a?k=${workflow.secrets.KEY}&p=${workflow.env.PASS}&h=${workflow.env.HOST}", "POST", new JsonObject { ["k"] = "${workflow.secrets.KEY}" });
        request["headers"] = new JsonObject { ["Authorization"] = "Bearer ${workflow.secrets.KEY}", ["X-Typed"] = "1" };

        var tested = await app.PostAsync(Tests, new JsonObject { ["http_request"] = request });

        var received = await _server.ReceiveAsync();
        Assert.Equal($"Bearer {Secret}", received.Headers["Authorization"]);
        Assert.Contains("env-password-77", received.Target, StringComparison.Ordinal);
        Assert.Equal("***", (string?)tested.Json["request"]!["headers"]!.AsArray().Single(header => (string?)header!["name"] == "Authorization")!["value"]);
        var seen = tested.Text + (await app.GetAsync($"{Tests}/{tested.Id}")).Text + (await app.GetAsync(Tests)).Text + (await app.GetAsync("/api/v1/logs?limit=1000")).Text
            + (await app.GetAsync("/countersign/v1/secrets")).Text + (await app.GetAsync("/countersign/v1/environments")).Text + (await app.GetAsync($"{Tests}/{tested.Id}/body")).Text;
        foreach (var part in (string[])["s3cr3t", "value+0123", "value%2B0123", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..12], "env-password", "password-77"]) Assert.DoesNotContain(part, seen, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(app.Store.Directory, "countersign.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            foreach (var part in (string[])["s3cr3t", "env-password", "X-Typed"]) Assert.True(bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(part)) < 0, $"{part} is in {Path.GetFileName(file)}");
        }
    }

    [Fact]
    public async Task A_large_body_is_cut_when_it_is_shown_and_whole_for_an_hour_when_it_is_downloaded()
    {
        await using var app = new CountersignApp();
        _server.AnswerWith(Reply.Long(200, "{\"a\":1}", 3_000_000), Reply.Long(200, "{}", 11_000_000));

        var tested = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });
        var larger = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });
        var body = await app.GetAsync($"{Tests}/{tested.Id}/body");

        Assert.Equal((1024 * 1024, 3_000_000, true), (((string)tested.Json["response"]!["body"]!).Length, (int)tested.Json["response"]!["bytes"]!, (bool)tested.Json["response"]!["truncated"]!));
        Assert.Equal(256 * 1024, ((string)(await app.GetAsync($"{Tests}/{tested.Id}")).Json["response"]!["body"]!).Length);
        Assert.Equal((3_000_000, "attachment; filename=\"response\"", "sandbox", "nosniff"), (body.Text.Length, body.Headers["Content-Disposition"], body.Headers["Content-Security-Policy"], body.Headers["X-Content-Type-Options"]));
        Assert.Equal(10 * 1024 * 1024, (await app.GetAsync($"{Tests}/{larger.Id}/body")).Text.Length);
        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", (string?)larger.Json["taskStatus"]);   // a task keeps 3 MiB
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("E0000007", (await app.GetAsync($"{Tests}/{tested.Id}/body")).ErrorCode);
        await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("small") });
        Assert.Equal(1, await app.Store.SqlAsync("SELECT count(*) FROM test_request_body"));
    }

    [Fact]
    public async Task A_test_request_is_cancelled_while_it_is_under_way()
    {
        await using var app = new CountersignApp();
        _server.AnswerWith(Reply.Silence);
        var id = Guid.NewGuid().ToString();

        var sending = app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("slow"), ["id"] = id });
        await _server.ReceiveAsync();
        var cancelled = await app.DeleteAsync($"{Tests}/{id}");
        var tested = await sending;

        Assert.Equal(HttpStatusCode.NoContent, cancelled.Status);
        Assert.Equal(("cancelled", "CANCELED"), ((string?)tested.Json["error"]!["kind"], (string?)tested.Json["taskStatus"]));
        Assert.Equal("cancelled", (string?)(await app.GetAsync(Tests)).Json[0]!["error"]);
    }

    [Fact]
    public async Task It_takes_thirty_seconds_at_most_unless_asked_and_five_minutes_at_the_very_most()
    {
        await using var app = new CountersignApp();
        _server.AnswerWith(Reply.Silence, Reply.Silence);
        var patient = Request("");
        patient["readTimeOut"] = 0;

        var usual = app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });
        await _server.ReceiveAsync();
        var longer = app.PostAsync(Tests, new JsonObject { ["http_request"] = patient });
        await _server.ReceiveAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("timeout", (string?)(await usual).Json["error"]!["kind"]);
        Assert.False(longer.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(270));
        Assert.Equal("timeout", (string?)(await longer).Json["error"]!["kind"]);
    }

    [Fact]
    public async Task An_answer_that_is_no_success_is_shown_with_what_a_task_would_do()
    {
        await using var app = new CountersignApp();
        _server.AnswerWith(Reply.Status(429, ("Retry-After", "9")), Reply.Json(404, "{\"why\":\"gone\"}"), Reply.HangUp);

        var busy = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });
        var gone = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });
        var reset = await app.PostAsync(Tests, new JsonObject { ["http_request"] = Request("") });

        Assert.Contains("at least 9 seconds", (string?)busy.Json["hint"], StringComparison.Ordinal);
        Assert.Equal((404, "{\"why\":\"gone\"}", "FAILED", null), ((int)gone.Json["response"]!["statusCode"]!, (string?)gone.Json["response"]!["body"], (string?)gone.Json["taskStatus"], (string?)gone.Json["error"]));
        Assert.Equal(("reset", null), ((string?)reset.Json["error"]!["kind"], reset.Json["response"]));
    }

    [Theory]
    [InlineData("""{}""", "E0000001")]
    [InlineData("""{"http_request":"x"}""", "E0000001")]
    [InlineData("""{"http_request":{},"id":"1"}""", "E0000001")]
    [InlineData("""{"http_request":{},"environmentId":"none"}""", "E0000001")]
    [InlineData("""{"http_request":{},"variables":[]}""", "E0000003")]
    [InlineData("""[""", "E0000003")]
    [InlineData("{\"http_request\":{\"uri\":\"\\ud800\"}}", "E0000003")]
    public async Task What_is_no_test_request_is_refused(string body, string code)
    {
        await using var app = new CountersignApp();

        using var response = await app.Client.PostAsync(Tests, new StringContent(body));

        Assert.Equal(code, (await Answer.ReadAsync(response)).ErrorCode);
        Assert.Empty((await app.GetAsync(Tests)).Json.AsArray());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_last_hundred_are_kept_and_read_page_by_page(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        for (var i = 0; i < 104; i++)
        {
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await app.PostAsync(Tests, new JsonObject { ["http_request"] = new JsonObject { ["uri"] = $"{i}" } });
        }

        var urls = new List<string?>();
        for (var path = $"{Tests}?limit=40"; path is not null;)
        {
            var page = await app.GetAsync(path);
            urls.AddRange(page.Json.AsArray().Select(one => (string?)one!["url"]));
            path = page.Next;
        }

        Assert.Equal(Enumerable.Range(4, 100).Reverse().Select(i => $"{i}"), urls);
    }

    [Fact]
    public async Task Who_may_only_read_sends_nothing()
    {
        await using var app = new CountersignApp();
        var token = (string)(await app.PostAsync("/countersign/v1/tokens", new JsonObject { ["name"] = "Reader", ["scopes"] = new JsonArray("countersign.integrations.read") })).Json["token"]!;
        using var reader = app.CreateAuthorizedClient(token);

        using var refused = await reader.PostAsync(Tests, new StringContent(new JsonObject { ["http_request"] = Request("") }.ToJsonString()));
        using var listed = await reader.GetAsync(Tests);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, listed.StatusCode));
        Assert.Equal(0, _server.Count);
    }

    private JsonObject Request(string path, string method = "GET", JsonNode? body = null) => new() { ["uri"] = $"{_server.Address}{path}", ["method"] = method, ["body"] = body };
}
