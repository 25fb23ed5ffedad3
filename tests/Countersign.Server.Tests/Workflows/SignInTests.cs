using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class SignInTests
{
    private const string Tokens = "/countersign/v1/tokens";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_signs_in_under_its_id_or_name_and_then_is_borne_in_any_usual_header(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        using var bare = app.CreateClient();
        var made = await app.PostAsync(Tokens, new JsonObject { ["name"] = "My worker" });
        var secret = (string)made.Json["token"]!;

        foreach (var key in (string[])[made.Id, "My worker"])
        {
            var signedIn = await PostAsync(bare, "/api/token", new JsonObject { ["keyId"] = key, ["keySecret"] = secret }.ToJsonString());
            Assert.Equal($$"""{"token":"{{secret}}","userId":"administrator@countersign.invalid"}""", signedIn.Text);
        }
        foreach (var (header, value) in ((string, string)[])[("X-Authorization", secret), ("X-Authorization", $"Bearer {secret}"), ("Authorization", $"Bearer {secret}"), ("Authorization", $"SSWS {secret}"), ("authorization", $"bearer {secret}")])
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(bare, "/api/metadata/workflow", (header, value))).Status);
        var user = await GetAsync(bare, "/api/token/userInfo", ("X-Authorization", secret));
        Assert.Equal("administrator@countersign.invalid", (string?)user.Json["id"]);
    }

    [Theory]
    [InlineData("""{"keyId":"First start"}""", 400)]
    [InlineData("""{"keySecret":"test-token-0123456789abcdef"}""", 400)]
    [InlineData("""{"keyId":"","keySecret":""}""", 400)]
    [InlineData("""{"keyId":5,"keySecret":"test-token-0123456789abcdef"}""", 400)]
    [InlineData("""{"keyId":"First start","keySecret":["test-token-0123456789abcdef"]}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"keyId":"First start","keySecret":"wrong"}""", 401)]
    [InlineData("""{"keyId":"somebody","keySecret":"test-token-0123456789abcdef"}""", 401)]
    [InlineData("""{"keyId":"test-token-0123456789abcdef","keySecret":"test-token-0123456789abcdef"}""", 401)]
    [InlineData("""{"keyId":"First start","keySecret":"test-token-0123456789abcdef\u0000"}""", 401)]
    [InlineData("""{"keyId":"\u0000","keySecret":"\u0000"}""", 401)]
    public async Task What_does_not_sign_in_is_no_404(string body, int status)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            await using var app = new CountersignApp(engine);
            using var bare = app.CreateClient();

            IsError((HttpStatusCode)status, await PostAsync(bare, "/api/token", body), error: status == 401 ? "INVALID_CREDENTIALS" : null);
        }
    }

    [Fact]
    public async Task A_token_that_ended_is_told_from_one_that_never_was()
    {
        await using var app = new CountersignApp();
        using var bare = app.CreateClient();
        var made = await app.PostAsync(Tokens, new JsonObject { ["name"] = "T", ["expiresAt"] = "2026-03-05T10:41:07.000Z" });
        var secret = (string)made.Json["token"]!;

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(bare, "/api/workflow/search", ("X-Authorization", secret))).Status);
        app.Clock.Advance(TimeSpan.FromHours(1));

        IsError(HttpStatusCode.Unauthorized, await GetAsync(bare, "/api/workflow/search", ("X-Authorization", secret)), error: "EXPIRED_TOKEN");
        IsError(HttpStatusCode.Unauthorized, await PostAsync(bare, "/api/token", new JsonObject { ["keyId"] = made.Id, ["keySecret"] = secret }.ToJsonString()), error: "INVALID_CREDENTIALS");
        IsError(HttpStatusCode.Unauthorized, await GetAsync(bare, "/api/workflow/search", ("X-Authorization", "never-was-0123456789")), error: "INVALID_TOKEN");
        IsError(HttpStatusCode.Unauthorized, await GetAsync(bare, "/api/workflow/search", ("Authorization", "Basic eDp5")), error: "INVALID_TOKEN");
        IsError(HttpStatusCode.Unauthorized, await GetAsync(bare, "/api/workflow/search", ("X-Authorization", new string('x', 2_000))), error: "INVALID_TOKEN");
        IsError(HttpStatusCode.Unauthorized, await GetAsync(bare, "/api/workflow/search"), error: "INVALID_TOKEN");
    }

    [Theory]
    [InlineData("GET", "/api/metadata/workflow", "read")]
    [InlineData("GET", "/api/metadata/workflow/names-and-versions", "read")]
    [InlineData("GET", "/api/metadata/taskdefs", "read")]
    [InlineData("POST", "/api/metadata/workflow/validate", "read")]
    [InlineData("GET", "/api/workflow/search", "read")]
    [InlineData("GET", "/api/workflow/x", "read")]
    [InlineData("POST", "/api/workflow/test", "read")]
    [InlineData("POST", "/api/workflow/d/correlated", "read")]
    [InlineData("GET", "/api/tasks/x", "read")]
    [InlineData("GET", "/api/tasks/x/log", "read")]
    [InlineData("GET", "/api/tasks/search", "read")]
    [InlineData("GET", "/api/tasks/queue/all", "read")]
    [InlineData("POST", "/api/metadata/workflow", "manage")]
    [InlineData("PUT", "/api/metadata/workflow", "manage")]
    [InlineData("DELETE", "/api/metadata/workflow/x/1", "manage")]
    [InlineData("POST", "/api/metadata/taskdefs", "manage")]
    [InlineData("DELETE", "/api/metadata/taskdefs/x", "manage")]
    [InlineData("POST", "/api/workflow", "manage")]
    [InlineData("POST", "/api/workflow/x", "manage")]
    [InlineData("POST", "/api/workflow/execute/x/1", "manage")]
    [InlineData("PUT", "/api/workflow/x/pause", "manage")]
    [InlineData("DELETE", "/api/workflow/x", "manage")]
    [InlineData("PUT", "/api/workflow/bulk/pause", "manage")]
    [InlineData("GET", "/api/tasks/poll/x", "manage")]
    [InlineData("GET", "/api/tasks/poll/batch/x?timeout=0", "manage")]
    [InlineData("POST", "/api/tasks", "manage")]
    [InlineData("POST", "/api/tasks/update-v2", "manage")]
    [InlineData("POST", "/api/tasks/x/log", "manage")]
    [InlineData("POST", "/api/tasks/queue/requeue/x", "manage")]
    public async Task Every_operation_needs_a_token_of_its_scope(string method, string path, string scope)
    {
        await using var app = new CountersignApp();
        using var bare = app.CreateClient();
        async Task<Answer> As(string? held)
        {
            var token = held is null ? null : (string)(await app.PostAsync(Tokens, new JsonObject { ["name"] = held, ["scopes"] = new JsonArray(held) })).Json["token"]!;
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "GET" ? null : new StringContent("{}") };
            if (token is not null) request.Headers.TryAddWithoutValidation("X-Authorization", token);
            using var response = await bare.SendAsync(request);
            return await Answer.ReadAsync(response);
        }

        IsError(HttpStatusCode.Unauthorized, await As(null), error: "INVALID_TOKEN");
        IsError(HttpStatusCode.Forbidden, await As("okta.users.manage"));
        var read = await As("countersign.integrations.read");
        if (scope == "manage") IsError(HttpStatusCode.Forbidden, read);
        else Assert.NotEqual(HttpStatusCode.Forbidden, read.Status);
        Assert.DoesNotContain((await As("countersign.integrations.manage")).Status, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized]);
    }

    [Fact]
    public async Task The_version_and_the_health_need_no_token()
    {
        await using var app = new CountersignApp();
        using var bare = app.CreateClient();

        Assert.Matches(@"^\d+\.\d+\.\d+$", IsText(await GetAsync(bare, "/api/version")));
        Assert.True((bool)(await GetAsync(bare, "/health")).Json["healthy"]!);
        IsError(HttpStatusCode.MethodNotAllowed, await app.GetAsync("/api/token"));
        IsError(HttpStatusCode.MethodNotAllowed, await app.PostAsync("/api/version"));
    }

    [Theory]
    [InlineData("/api/metadata/workflow/d/1/tags")]
    [InlineData("/api/event")]
    [InlineData("/api/scheduler/schedules")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_served_is_not_found(string path)
    {
        await using var app = new CountersignApp();

        IsError(HttpStatusCode.NotFound, await app.GetAsync(path));
    }

    private static async Task<Answer> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await client.PostAsync(path, content);
        return await Answer.ReadAsync(response);
    }

    private static async Task<Answer> GetAsync(HttpClient client, string path, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is var (name, value)) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}
