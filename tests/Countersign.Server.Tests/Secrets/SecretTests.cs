using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Secrets;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Secrets;

public sealed class SecretTests
{
    private const string Secrets = "/countersign/v1/secrets", Environments = "/countersign/v1/environments";
    private const string Transfer = """
        [{"name":"transfer","version":3,"ownerEmail":"a@b.example","tasks":[{"name":"pay","taskReferenceName":"pay","type":"HTTP",
        "inputParameters":{"http_request":{"method":"GET","uri":"https://bank.example","headers":{"X-Key":"${workflow.secrets.API_KEY}"}}}}]}]
        """;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_secret_is_made_listed_without_its_value_replaced_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var made = await app.PutAsync($"{Secrets}/API_KEY", new JsonObject { ["value"] = "first-value" });
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await app.PutAsync($"{Secrets}/API_KEY", new JsonObject { ["value"] = "second-value" });
        await app.PutAsync($"{Secrets}/B", new JsonObject { ["value"] = "x" });
        await app.PutAsync("/api/metadata/workflow", JsonNode.Parse(Transfer)!);
        var list = await app.GetAsync($"{Secrets}?limit=1");
        var rest = await app.GetAsync(list.Next!);
        var value = await app.Services.GetRequiredService<ISecretStore>().FindAsync("API_KEY", CancellationToken.None);
        var removed = await app.DeleteAsync($"{Secrets}/API_KEY");

        Assert.Equal((HttpStatusCode.NoContent, "second-value", HttpStatusCode.NoContent), (made.Status, value, removed.Status));
        Assert.Equal("""[{"name":"API_KEY","createdAt":"2026-03-05T09:41:07.000Z","updatedAt":"2026-03-05T09:41:12.000Z","usedBy":["transfer, 3"]}]""", list.Text);
        Assert.Equal(("B", null), ((string?)rest.Json[0]!["name"], rest.Next));
        Assert.Equal("E0000007", (await app.DeleteAsync($"{Secrets}/API_KEY")).ErrorCode);
        Assert.Equal(["integration.secret.create", "integration.secret.update", "integration.secret.delete"],
            (await app.GetAsync("/api/v1/logs?q=API_KEY")).Json.AsArray().Select(logged => (string?)logged!["eventType"]).Where(type => type!.StartsWith("integration", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("A-B", """{"value":"x"}""", "E0000001")]
    [InlineData("A", """{}""", "E0000001")]
    [InlineData("A", """{"value":""}""", "E0000001")]
    [InlineData("A", """{"value":5}""", "E0000003")]
    public async Task What_is_no_secret_is_refused(string name, string body, string code)
    {
        await using var app = new CountersignApp();

        using var response = await app.Client.PutAsync($"{Secrets}/{name}", new StringContent(body));

        Assert.Equal(code, (await Answer.ReadAsync(response)).ErrorCode);
        Assert.Equal("[]", (await app.GetAsync(Secrets)).Text);
    }

    [Fact]
    public async Task A_secret_may_have_64_kibibytes()
    {
        await using var app = new CountersignApp();

        Assert.Equal(HttpStatusCode.NoContent, (await app.PutAsync($"{Secrets}/LONG", new JsonObject { ["value"] = new string('x', 64 * 1024) })).Status);
        Assert.Equal("E0000001", (await app.PutAsync($"{Secrets}/LONG", new JsonObject { ["value"] = new string('x', (64 * 1024) + 1) })).ErrorCode);
        Assert.Equal("E0000001", (await app.PutAsync($"{Secrets}/LONG", new JsonObject { ["value"] = new string('é', 33 * 1024) })).ErrorCode);
        Assert.Equal(64 * 1024, (await app.Services.GetRequiredService<ISecretStore>().FindAsync("LONG", CancellationToken.None))!.Length);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_environment_keeps_secret_values_that_are_not_given_again_and_shows_none(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var first = await app.GetAsync(Environments);
        var made = await app.PostAsync(Environments, Body("Staging", ("URL", "https://a.example", false), ("KEY", "hidden-value", true)));
        var changed = await app.PutAsync($"{Environments}/{made.Id}", Body("Staging 2", ("KEY", null, true), ("URL", "https://b.example", false), ("NEW", null, true)));
        var list = await app.GetAsync(Environments);
        var stored = await app.Services.GetRequiredService<IEnvironmentStore>().FindAsync(made.Id, CancellationToken.None);
        await app.PutAsync($"{Environments}/default", Body("Mine", ("A", "1", false)));

        Assert.Equal("""[{"id":"default","name":"Default","variables":[]}]""", first.Text);
        Assert.Equal($$"""{"id":"{{made.Id}}","name":"Staging","variables":[{"name":"KEY","isSecret":true},{"name":"URL","value":"https://a.example","isSecret":false}]}""", made.Text);
        Assert.Equal(["default", made.Id], list.Json.AsArray().Select(one => (string?)one!["id"]));
        Assert.Equal("hidden-value", stored!.Find("KEY")!.Value);
        Assert.Null(stored.Find("NEW")!.Value);
        Assert.Null(stored.PlainValueOf("KEY"));
        Assert.Equal("https://b.example", stored.PlainValueOf("URL"));
        Assert.DoesNotContain("hidden", changed.Text + list.Text, StringComparison.Ordinal);
        Assert.Equal("Mine", (string?)(await app.GetAsync(Environments)).Json[0]!["name"]);
        Assert.Equal("E0000001", (await app.DeleteAsync($"{Environments}/default")).ErrorCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Environments}/{made.Id}")).Status);
        Assert.Equal("E0000007", (await app.PutAsync($"{Environments}/{made.Id}", Body("x"))).ErrorCode);
    }

    [Theory]
    [InlineData("""{"variables":[]}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"a","variables":[null]}""")]
    [InlineData("""{"name":"a","variables":[{"name":"a b","value":""}]}""")]
    [InlineData("""{"name":"a","variables":[{"name":"a"}]}""")]
    [InlineData("""{"name":"a","variables":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}""")]
    public async Task What_is_no_environment_is_refused(string body)
    {
        await using var app = new CountersignApp();

        using var response = await app.Client.PostAsync(Environments, new StringContent(body));

        Assert.Equal("E0000001", (await Answer.ReadAsync(response)).ErrorCode);
        Assert.Single((await app.GetAsync(Environments)).Json.AsArray());
    }

    private static JsonObject Body(string name, params (string Name, string? Value, bool IsSecret)[] variables) => new()
    {
        ["name"] = name,
        ["variables"] = new JsonArray([.. variables.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value, ["isSecret"] = variable.IsSecret })]),
    };
}
