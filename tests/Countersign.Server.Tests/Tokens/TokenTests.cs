using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Tokens;

namespace Countersign.Server.Tests.Tokens;

public sealed class TokenTests
{
    private const string Tokens = "/countersign/v1/tokens";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_is_made_shown_once_used_and_revoked(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var made = await app.PostAsync(Tokens, new JsonObject { ["name"] = "Shop" });
        var token = (string)made.Json["token"]!;
        using var shop = app.CreateAuthorizedClient(token);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/api/v1/users/me")).StatusCode);
        var shown = await app.GetAsync($"{Tokens}/{made.Id}");
        var list = await app.GetAsync(Tokens);
        var revoked = await app.DeleteAsync($"{Tokens}/{made.Id}");

        Assert.Matches("^00[A-Za-z0-9]{40}$", token);
        Assert.Equal(("ACTIVE", "administrator@countersign.invalid", "[]"), ((string?)shown.Json["status"], (string?)shown.Json["login"], shown.Json["scopes"]!.ToJsonString()));
        Assert.Equal(["First start", "Shop"], list.Json.AsArray().Select(one => (string?)one!["name"]).Order());
        Assert.DoesNotContain(token, shown.Text + list.Text + (await app.GetAsync("/api/v1/logs?limit=1000")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.GetAsync("/api/v1/users/me")).StatusCode);
        Assert.Equal("E0000007", (await app.DeleteAsync($"{Tokens}/{made.Id}")).ErrorCode);
        Assert.Equal(["system.api_token.create", "system.api_token.revoke"], (await app.GetAsync($"/api/v1/logs?q={made.Id}")).Json.AsArray().Select(logged => (string?)logged!["eventType"]));
    }

    [Fact]
    public async Task A_token_ends_at_its_time_or_after_thirty_days_without_use()
    {
        await using var app = new CountersignApp();
        using var dated = await ClientAsync(app, new JsonObject { ["name"] = "Dated", ["expiresAt"] = app.Clock.GetUtcNow().AddDays(40).ToString("o") });
        using var idle = await ClientAsync(app, new JsonObject { ["name"] = "Idle" });
        using var busy = await ClientAsync(app, new JsonObject { ["name"] = "Busy" });

        for (var day = 0; day < 39; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1));
            foreach (var used in new[] { dated, busy }) Assert.Equal(HttpStatusCode.OK, (await used.GetAsync("/api/v1/users/me")).StatusCode);
        }
        app.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await dated.GetAsync("/api/v1/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await idle.GetAsync("/api/v1/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/v1/users/me")).StatusCode);
        using var listing = await busy.GetAsync(Tokens);
        Assert.Equal(["Busy ACTIVE", "Dated EXPIRED", "First start EXPIRED", "Idle EXPIRED"],
            (await Answer.ReadAsync(listing)).Json.AsArray().Select(one => $"{(string?)one!["name"]} {(string?)one["status"]}").Order());
    }

    [Theory]
    [InlineData("okta.users.read", "GET /api/v1/users/me", "GET /api/v1/users/me/factors")]
    [InlineData("okta.users.manage", "GET /api/v1/users", "GET /api/v1/users/me/factors", "POST /api/v1/users/me")]
    [InlineData("okta.users.read.self", "GET /api/v1/users/me", "GET /api/v1/users/me/factors")]
    [InlineData("okta.users.manage.self", "GET /api/v1/users/me", "GET /api/v1/users/me/factors", "POST /api/v1/users/me")]
    [InlineData("okta.logs.read", "GET /api/v1/logs")]
    [InlineData("okta.factors.read", "GET /api/v1/org/factors")]
    [InlineData("countersign.tokens.manage", "GET /countersign/v1/tokens")]
    public async Task A_token_may_do_what_its_scopes_say_and_nothing_else(string scope, params string[] allowed)
    {
        await using var app = new CountersignApp();
        var other = await app.AddUserAsync("ana@example.com");
        using var client = await ClientAsync(app, new JsonObject { ["name"] = "Scoped", ["scopes"] = new JsonArray(scope) });
        string[] all =
        [
            "GET /api/v1/users", "GET /api/v1/users/me", "POST /api/v1/users/me", "GET /api/v1/users/me/factors", $"GET /api/v1/users/{other}", $"POST /api/v1/users/{other}",
            "GET /api/v1/logs", "GET /api/v1/org/factors", "GET /countersign/v1/tokens",
        ];
        var anyUser = scope is "okta.users.read" or "okta.users.manage";

        foreach (var operation in all)
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.Split(' ')[0]), operation.Split(' ')[1]);
            if (request.Method == HttpMethod.Post) request.Content = new StringContent("{}");
            using var response = await client.SendAsync(request);
            var mayDo = allowed.Contains(operation) || (anyUser && operation.StartsWith("GET /api/v1/users", StringComparison.Ordinal))
                || (scope == "okta.users.manage" && operation.Contains("/users/", StringComparison.Ordinal));
            Assert.True((response.StatusCode == HttpStatusCode.OK) == mayDo, $"{scope}: {operation} was answered {response.StatusCode}");
            if (!mayDo) Assert.Equal("E0000006", (await Answer.ReadAsync(response)).ErrorCode);
        }
    }

    [Fact]
    public async Task A_token_cannot_make_one_that_may_do_more_than_itself()
    {
        await using var app = new CountersignApp();
        using var client = await ClientAsync(app, new JsonObject { ["name"] = "Limited", ["scopes"] = new JsonArray("countersign.tokens.manage", "okta.users.read") });

        async Task<Answer> CreateAsync(JsonArray scopes)
        {
            using var response = await client.PostAsync(Tokens, new StringContent(new JsonObject { ["name"] = "Child", ["scopes"] = scopes }.ToJsonString()));
            return await Answer.ReadAsync(response);
        }

        Assert.Equal(HttpStatusCode.OK, (await CreateAsync(["okta.users.read.self"])).Status);
        Assert.Equal("E0000006", (await CreateAsync(["okta.users.manage"])).ErrorCode);
        Assert.Equal("E0000006", (await CreateAsync([])).ErrorCode);
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("deactivate")]
    public async Task A_token_of_a_user_who_may_not_act_is_refused(string operation)
    {
        await using var app = new CountersignApp();
        var made = await app.PostAsync(Tokens, new JsonObject { ["name"] = "Shop" });
        using var shop = app.CreateAuthorizedClient((string)made.Json["token"]!);
        var user = await app.GetAsync("/api/v1/users/me");

        await app.PostAsync($"/api/v1/users/{user.Id}/lifecycle/{operation}");
        app.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.GetAsync("/api/v1/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/v1/users/me")).Status);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Lists_are_followed_page_by_page(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync(Tokens);
        for (var i = 0; i < 6; i++)
        {
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));   // ids sort by it
            await app.PostAsync(Tokens, new JsonObject { ["name"] = $"Token {i}" });
        }

        var names = new List<string?>();
        for (var path = $"{Tokens}?limit=3"; path is not null;)
        {
            var page = await app.GetAsync(path);
            names.AddRange(page.Json.AsArray().Select(one => (string?)one!["name"]));
            path = page.Next;
        }

        Assert.Equal(["First start", "Token 0", "Token 1", "Token 2", "Token 3", "Token 4", "Token 5"], names);
    }

    [Theory]
    [InlineData("""{}""", "E0000001")]
    [InlineData("""{"name":" "}""", "E0000001")]
    [InlineData("""{"name":"a","scopes":["okta.everything"]}""", "E0000001")]
    [InlineData("""{"name":"a","scopes":[null]}""", "E0000001")]
    [InlineData("""{"name":"a","scopes":["okta"]}""", "E0000001")]
    [InlineData("""{"name":"a","expiresAt":"2020-01-01T00:00:00Z"}""", "E0000001")]
    [InlineData("""{"name":"a","expiresAt":"tomorrow"}""", "E0000003")]
    [InlineData("""{"name":["a"]}""", "E0000003")]
    public async Task What_is_no_token_is_refused_and_makes_none(string body, string code)
    {
        await using var app = new CountersignApp();

        using var response = await app.Client.PostAsync(Tokens, new StringContent(body));

        Assert.Equal(code, (await Answer.ReadAsync(response)).ErrorCode);
        Assert.Single((await app.GetAsync(Tokens)).Json.AsArray());
    }

    [Fact]
    public void Managing_includes_reading_and_everybody_includes_oneself()
    {
        Assert.True(ApiScopes.Includes("okta.users.manage", "okta.users.read"));
        Assert.True(ApiScopes.Includes("okta.users.manage", "okta.users.read.self"));
        Assert.True(ApiScopes.Includes("okta.users.read.self", "okta.users.read", isSelf: true));
        Assert.False(ApiScopes.Includes("okta.users.read.self", "okta.users.read"));
        Assert.False(ApiScopes.Includes("okta.users.read", "okta.users.manage"));
        Assert.False(ApiScopes.Includes("okta.users.manage.self", "okta.users.manage"));
        Assert.False(ApiScopes.Includes("okta.users.manage", "okta.factors.read"));
    }

    private static async Task<HttpClient> ClientAsync(CountersignApp app, JsonObject body)
        => app.CreateAuthorizedClient((string)(await app.PostAsync(Tokens, body)).Json["token"]!);
}
