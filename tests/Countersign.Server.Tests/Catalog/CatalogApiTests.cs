using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Server.Catalog;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Catalog;

public sealed class CatalogApiTests
{
    private const string Catalog = "/countersign/v1/catalog";
    private const string Verify = $"{Catalog}/operations/countersign/post/verify-factor";

    private const string Pets = """{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"servers":[{"url":"https://pets.example"}],"paths":{"/pets":{"post":{"operationId":"addPet","summary":"Add a pet","tags":["Pets"],"responses":{"200":{"description":"ok"}}}}}}""";

    /// <summary>Field for field what the endpoint's own documentation shows (workflow contract 15).</summary>
    [Fact]
    public async Task The_page_of_our_own_verify_operation_shows_its_table()
    {
        await using var app = new CountersignApp();

        var page = (await app.GetAsync(Verify)).Json;

        Assert.Equal(("POST", "/api/v1/users/{userId}/factors/{factorId}/verify"), ((string?)page["method"], (string?)page["path"]));
        Assert.Equal(["userId String True ", "factorId String True "], Rows(page["parameters"]!["path"]));
        Assert.Equal(["X-Forwarded-For String False ", "Content-Type String True \"application/json\"", "User-Agent String False ", "Accept-Language String False "], Rows(page["parameters"]!["header"]));
        Assert.Equal(["templateId String False ", "tokenLifetimeSeconds Integer False 300"], Rows(page["parameters"]!["query"]));
        Assert.Null(page["parameters"]!["cookie"]);
        var body = page["body"]!["contents"]!.AsArray().Single()!;
        Assert.Equal("application/json", (string?)body["contentType"]);
        Assert.Equal(["passCode String False ", "authenticatorData String False ", "clientData String False ", "signatureData String False ", "answer String False ", "nextPassCode String False "], Rows(body["fields"]));
        var all = page["parameters"]!.AsObject().SelectMany(place => place.Value!.AsArray()).Concat(body["fields"]!.AsArray());
        Assert.All(all, field => Assert.False(string.IsNullOrEmpty((string?)field!["descriptionHtml"]), $"{field["name"]} is not described"));
        var text = (string?)page["descriptionHtml"];
        foreach (var said in new[] { "need a challenge first", "without a body", "poll the link", "SUCCESS" }) Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Contains("default text", Field(page, "query", "templateId"), StringComparison.Ordinal);
        Assert.Contains("default text", Field(page, "header", "Accept-Language"), StringComparison.Ordinal);
        Assert.Equal(("http://localhost", "This server"), ((string?)page["servers"]![0]!["url"], (string?)page["servers"]![0]!["description"]));
        Assert.Equal(("apiKey", "header", "Authorization"), ((string?)page["authentication"]![0]!["type"], (string?)page["authentication"]![0]!["in"], (string?)page["authentication"]![0]!["parameter"]));
        Assert.Equal(["200", "201", "400", "401", "403", "404", "413", "429", "500", "503"], page["responses"]!.AsArray().Select(response => (string?)response!["status"]).Order());

        static string[] Rows(JsonNode? fields) => [.. fields!.AsArray().Select(field => $"{field!["name"]} {field["type"]} {(bool)field["required"]!} {field["default"]?.ToJsonString()}")];
        static string Field(JsonNode page, string place, string name) => (string)page["parameters"]![place]!.AsArray().Single(field => (string?)field!["name"] == name)!["descriptionHtml"]!;
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Our_own_API_is_there_from_the_first_start_the_verify_operation_first(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var usual = (await app.GetAsync($"{Catalog}/search")).Json["results"]!.AsArray();
        var found = (await app.GetAsync($"{Catalog}/search?q=verify%20factor")).Json["results"]!.AsArray();

        Assert.Equal("countersign/post/verify-factor", (string?)usual[0]!["id"]);
        Assert.Equal("countersign/post/verify-factor", (string?)found[0]!["id"]);
        Assert.Contains("<mark>", (string?)found[0]!["highlights"]!["title"], StringComparison.Ordinal);
        var own = (await app.GetAsync($"{Catalog}/apis/countersign")).Json;
        Assert.True((bool?)own["isOwn"]);
        Assert.Equal(["countersign"], own["versions"]!.AsArray().Select(version => (string?)version!["id"]));
        Assert.Equal(HttpStatusCode.Forbidden, (await app.DeleteAsync($"{Catalog}/apis/countersign")).Status);
    }

    [Fact]
    public async Task The_task_of_our_own_verify_operation_is_ready_to_be_sent()
    {
        await using var app = new CountersignApp();

        var prepared = (await app.PostAsync($"{Verify}/http-task", new JsonObject { ["referenceNames"] = new JsonArray("verify_factor") })).Json;
        var request = prepared["task"]!["inputParameters"]!["http_request"]!;

        Assert.Equal("verify_factor_2", (string?)prepared["task"]!["taskReferenceName"]);
        Assert.Equal("http://localhost/api/v1/users/${workflow.input.userId}/factors/${workflow.input.factorId}/verify?tokenLifetimeSeconds=300", (string?)request["uri"]);
        Assert.Equal("SSWS ${workflow.secrets.COUNTERSIGN_TOKEN}", (string?)request["headers"]!["Authorization"]);
        Assert.Equal(("POST", "application/json", "application/json"), ((string?)request["method"], (string?)request["contentType"], (string?)request["accept"]));
        Assert.Equal("""{"passCode":"${workflow.input.passCode}"}""", request["body"]!.ToJsonString());
        Assert.Equal(["COUNTERSIGN_TOKEN"], prepared["secrets"]!.AsArray().Select(secret => (string?)secret));
        Assert.Equal(["userId path", "factorId path", "passCode body"], prepared["inputs"]!.AsArray().Select(input => $"{input!["name"]} {input["in"]}"));
        Assert.Equal(["templateId"], prepared["offered"]!["query"]!.AsArray().Select(field => (string?)field!["name"]));
        Assert.Equal(["X-Forwarded-For", "User-Agent", "Accept-Language"], prepared["offered"]!["header"]!.AsArray().Select(field => (string?)field!["name"]));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_document_is_imported_found_opened_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var started = await app.PostAsync($"{Catalog}/imports", new JsonObject { ["name"] = "pets.json", ["document"] = Pets });
        var import = await EndedAsync(app, started.Id);

        Assert.Equal(HttpStatusCode.Created, started.Status);
        Assert.Equal(("COMPLETED", 1, 1), ((string?)import["status"], (int?)import["apis"], (int?)import["operations"]));
        const string Id = "pets.example-pets-1";
        Assert.Equal($"{Id}/post/add-pet", (string?)(await app.GetAsync($"{Catalog}/search?q=add+pet")).Json["results"]![0]!["id"]);
        Assert.Equal(["POST"], (await app.GetAsync($"{Catalog}/facets?q=pet")).Json["methods"]!.AsArray().Select(facet => (string?)facet!["name"]));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"{Catalog}/operations/{Id}/post/add-pet")).Status);
        Assert.Equal($"{Id}/post/add-pet", (string?)(await app.GetAsync($"{Catalog}/search")).Json["results"]![0]!["id"]);
        Assert.Equal(["Pets"], (await app.GetAsync($"{Catalog}/apis/{Id}")).Json["tags"]!.AsArray().Select(tag => (string?)tag!["name"]));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Catalog}/apis/{Id}")).Status);
        Assert.Equal("E0000007", (await app.GetAsync($"{Catalog}/operations/{Id}/post/add-pet")).ErrorCode);
        Assert.Equal("countersign/post/verify-factor", (string?)(await app.GetAsync($"{Catalog}/search")).Json["results"]![0]!["id"]);
    }

    [Fact]
    public async Task A_file_is_uploaded_whatever_its_content_type_and_its_faults_are_listed()
    {
        await using var app = new CountersignApp();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("swagger: '1.2'"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");

        using var response = await app.Client.PostAsync($"{Catalog}/imports?name=old.yaml", content);
        var started = await Answer.ReadAsync(response);
        var import = await EndedAsync(app, started.Id);

        Assert.Equal(("COMPLETED", 1), ((string?)import["status"], (int?)import["refused"]));
        var finding = (await app.GetAsync($"{Catalog}/imports/{started.Id}/findings?severity=REFUSED")).Json.AsArray().Single()!;
        Assert.Equal(("old.yaml", "#/swagger"), ((string?)finding["document"], (string?)finding["place"]));
        Assert.Equal([started.Id], (await app.GetAsync($"{Catalog}/imports")).Json.AsArray().Select(one => (string?)one!["id"]));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Catalog}/imports/{started.Id}")).Status);
        Assert.Equal("E0000007", (await app.GetAsync($"{Catalog}/imports/{started.Id}")).ErrorCode);
    }

    [Theory]
    [InlineData("POST", "/imports", """{"url":"ftp://example.com/x"}""", "E0000001")]
    [InlineData("POST", "/imports", "{}", "E0000001")]
    [InlineData("POST", "/imports", "{", "E0000003")]
    [InlineData("POST", "/imports?name=empty.json", "", "E0000003")]
    [InlineData("GET", "/search?limit=0", null, "E0000029")]
    [InlineData("GET", "/search?after=x", null, "E0000029")]
    [InlineData("GET", "/operations/countersign/post/none", null, "E0000007")]
    [InlineData("GET", "/operations/countersign/post/verify-factor/schema", null, "E0000028")]
    [InlineData("GET", "/operations/countersign/post/verify-factor/schema?at=%23%2Fcomponents%2Fschemas%2FNone", null, "E0000007")]
    [InlineData("GET", "/apis/none/operations", null, "E0000007")]
    [InlineData("GET", "/imports/none/findings", null, "E0000007")]
    public async Task What_is_wrong_is_refused_and_changes_nothing(string method, string path, string? body, string code)
    {
        await using var app = new CountersignApp();
        using var request = new HttpRequestMessage(new HttpMethod(method), Catalog + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };

        using var response = await app.Client.SendAsync(request);

        Assert.Equal(code, (await Answer.ReadAsync(response)).ErrorCode);
        Assert.Equal(0, await app.Store.SqlAsync("SELECT count(*) FROM catalog_import"));
    }

    [Fact]
    public async Task An_upload_that_is_too_long_is_refused_before_it_is_kept()
    {
        await using var app = new CountersignApp();
        using var content = new ByteArrayContent(new byte[(64 * 1024 * 1024) + 1]);

        using var response = await app.Client.PostAsync($"{Catalog}/imports?name=long.json", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Reading_needs_one_scope_and_changing_another()
    {
        await using var app = new CountersignApp();
        var reader = (string)(await app.PostAsync("/countersign/v1/tokens", new JsonObject { ["name"] = "Reader", ["scopes"] = new JsonArray("countersign.integrations.read") })).Json["token"]!;
        using var client = app.CreateAuthorizedClient(reader);
        using var document = new StringContent("""{"document":"x"}""", Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{Catalog}/search?q=verify")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"{Catalog}/imports", document)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.DeleteAsync($"{Catalog}/apis/x")).StatusCode);
    }

    private static async Task<JsonNode> EndedAsync(CountersignApp app, string id)
    {
        await app.Services.GetRequiredService<ImportRunner>().WhenDoneAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (await app.GetAsync($"{Catalog}/imports/{id}")).Json;
    }
}
