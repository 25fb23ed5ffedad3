using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Secrets;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Secrets;

/// <summary>Secrets and variables by key, as clients of the workflow API know them.</summary>
public sealed class StoredValueTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_secret_is_put_found_listed_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var put = await SendAsync(app, HttpMethod.Put, "/api/secrets/API_KEY", "first");
        await SendAsync(app, HttpMethod.Put, "/api/secrets/API_KEY", "second");
        var shown = await app.GetAsync("/api/secrets/API_KEY");
        var names = await app.GetAsync("/api/secrets");
        var exists = await app.GetAsync("/api/secrets/API_KEY/exists");
        var removed = await app.DeleteAsync("/api/secrets/API_KEY");

        Assert.Equal((HttpStatusCode.OK, "", "second"), (put.Status, put.Text, shown.Text));
        Assert.Equal(("""["API_KEY"]""", "true", HttpStatusCode.OK), (names.Text, exists.Text, removed.Status));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/secrets/API_KEY")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/secrets/API_KEY")).Status);
        Assert.Equal("false", (await app.GetAsync("/api/secrets/API_KEY/exists")).Text);
    }

    [Fact]
    public async Task Only_a_token_that_may_do_everything_is_shown_a_secret()
    {
        await using var app = new CountersignApp();
        await SendAsync(app, HttpMethod.Put, "/api/secrets/API_KEY", "hidden-value");
        var token = await app.PostAsync("/countersign/v1/tokens", new JsonObject { ["name"] = "studio", ["scopes"] = new JsonArray("countersign.integrations.manage") });
        using var client = app.CreateAuthorizedClient((string)token.Json["token"]!);

        using var response = await client.GetAsync("/api/secrets/API_KEY");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("hidden-value", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_variable_is_put_found_listed_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var put = await SendAsync(app, HttpMethod.Put, "/api/environment/region", "eu");
        var shown = await app.GetAsync("/api/environment/region");
        var list = await app.GetAsync("/api/environment");
        var removed = await app.DeleteAsync("/api/environment/region");

        Assert.Equal((HttpStatusCode.OK, "eu", """[{"name":"region","value":"eu"}]""", "eu"), (put.Status, shown.Text, list.Text, removed.Text));
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/environment/region")).Status);
        Assert.Equal("[]", (await app.GetAsync("/api/environment")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_variables_that_are_put_at_once_none_is_lost(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(app, HttpMethod.Put, $"/api/environment/v{i}", $"{i}")));

        Assert.Equal(20, (await app.GetAsync("/api/environment")).Json.AsArray().Count);
    }

    [Fact]
    public async Task Secret_variables_keep_their_values_when_others_change_and_are_not_shown()
    {
        await using var app = new CountersignApp();
        var environments = app.Services.GetRequiredService<IEnvironmentStore>();
        await app.PutAsync("/countersign/v1/environments/default", JsonNode.Parse("""{"name":"Default","variables":[{"name":"key","value":"hidden-value","isSecret":true}]}"""));

        await SendAsync(app, HttpMethod.Put, "/api/environment/region", "eu");
        await app.DeleteAsync("/api/environment/region");

        Assert.Equal("hidden-value", (await environments.FindAsync(IEnvironmentStore.DefaultId, CancellationToken.None))!.Find("key")!.Value);
        Assert.Equal("""[{"name":"key","value":"***"}]""", (await app.GetAsync("/api/environment")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/environment/key")).Status);
        Assert.Equal("", (await app.DeleteAsync("/api/environment/key")).Text);
    }

    [Theory]
    [InlineData("/api/secrets/A-B", "x", 400)]
    [InlineData("/api/secrets/A", "", 400)]
    [InlineData("/api/environment/a%20b", "x", 400)]
    [InlineData("/api/secrets/A", null, 413)]
    [InlineData("/api/environment/a", null, 413)]
    public async Task What_is_no_value_or_no_name_is_refused(string path, string? value, int status)
    {
        await using var app = new CountersignApp();

        var answer = await SendAsync(app, HttpMethod.Put, path, value ?? new string('x', (64 * 1024) + 1));

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(status, (int)answer.Json["status"]!);
        Assert.Equal(("[]", "[]"), ((await app.GetAsync("/api/secrets")).Text, (await app.GetAsync("/api/environment")).Text));
    }

    [Fact]
    public async Task An_environment_has_200_variables_at_most()
    {
        await using var app = new CountersignApp();
        for (var i = 0; i < 200; i++) await SendAsync(app, HttpMethod.Put, $"/api/environment/v{i}", "x");

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, HttpMethod.Put, "/api/environment/more", "x")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, HttpMethod.Put, "/api/environment/v7", "y")).Status);
        Assert.Equal("y", (await app.GetAsync("/api/environment/v7")).Text);
    }

    private static async Task<Answer> SendAsync(CountersignApp app, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body) };
        using var response = await app.Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}
