using System.Text;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Reference;
using CsCheck;

namespace Countersign.Integrations.Tests.Catalog;

public sealed class DocumentTests
{
    private const string Swagger = """
        {"swagger":"2.0","info":{"title":"Pets","version":"1.2"},"host":"api.pets.example","basePath":"/v1","schemes":["https"],
         "paths":{"/pets":{"post":{"operationId":"addPet","consumes":["application/json"],"parameters":[{"in":"body","name":"pet","required":true,"schema":{"$ref":"#/definitions/Pet"}}],
           "responses":{"200":{"description":"done"}}}}},
         "definitions":{"Pet":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":64}}}}}
        """;

    private const string Yaml = """
        openapi: 3.1.0
        info: { title: Pets, version: "1.10" }
        servers: [ { url: https://pets.example/v1 } ]
        paths:
          /pets/{id}:
            parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
            get:
              operationId: getPet
              tags: [Pets]
              deprecated: true
              responses:
                '200': { description: A pet, content: { application/json: { schema: &pet { type: [object, 'null'], properties: { age: { type: integer } } } } } }
                default: { description: Otherwise, content: { application/json: { schema: *pet } } }
        """;

    [Fact]
    public void A_document_of_2_0_comes_out_in_the_form_of_3_1()
    {
        var page = Read.Page(Swagger, "POST", "/pets");

        Assert.Equal("pets.example-pets-1.2", page.Operation.Api.Id);
        Assert.Equal(["https://api.pets.example/v1"], page.Servers.Select(server => server.Url));
        var body = page.Body!.Contents.Single();
        Assert.True(page.Body.IsRequired);
        Assert.Equal(("application/json", "Object"), (body.ContentType, body.Type));
        Assert.Equal(("name", "String", true, "at most 64 characters"), body.Fields.Select(field => (field.Name, field.Type, field.IsRequired, field.Limits.Single())).Single());
    }

    [Fact]
    public void A_document_in_YAML_reads_like_one_in_JSON()
    {
        var (document, findings) = Read.Document(Yaml);
        var page = Read.Page(Yaml, "GET", "/pets/{id}");

        Assert.Empty(findings);
        Assert.Equal("1.10", document.Name.Version);
        Assert.True(page.Operation.IsDeprecated);
        Assert.Equal(["Pets"], page.Operation.Tags);
        Assert.Equal(("id", true), page.Parameters["path"].Select(field => (field.Name, field.IsRequired)).Single());
        Assert.All(page.Responses, response => Assert.Equal("age", response.Contents.Single().Fields.Single().Name));
    }

    [Fact]
    public void Methods_of_3_2_are_operations_like_all_others()
    {
        const string Text = """
            {"openapi":"3.2.0","$self":"https://pets.example/openapi","info":{"title":"Pets","version":"2"},
             "paths":{"/pets":{"parameters":[{"name":"page","in":"query","schema":{"type":"integer"}}],
               "get":{"operationId":"listPets","responses":{"200":{"description":"ok","content":{"application/jsonl":{"itemSchema":{"type":"object","properties":{"name":{"type":"string"}}}}}}}},
               "query":{"operationId":"queryPets","requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"filter":{"type":"string"}}}}}},"responses":{"200":{"description":"ok"}}},
               "additionalOperations":{"COPY":{"operationId":"copyPets","responses":{"200":{"description":"ok"}}},"GET":{"responses":{}}}}}}
            """;

        var (document, findings) = Read.Document(Text);

        Assert.Equal(["GET /pets listPets", "QUERY /pets queryPets", "COPY /pets copyPets"], document.Operations().Select(operation => $"{operation.Method} {operation.Path} {operation.OperationId}"));
        var query = Read.Page(Text, "QUERY", "/pets");
        Assert.Equal(("page", "filter"), (query.Parameters["query"].Single().Name, query.Body!.Contents.Single().Fields.Single().Name));
        Assert.Equal("Array of Object", Read.Page(Text, "GET", "/pets").Responses.Single().Contents.Single().Type);
        Assert.Contains(findings, finding => finding.Contains("additionalOperations/GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "The document is empty.")]
    [InlineData("[1]", "is no object")]
    [InlineData("{\"a\":1}", "neither 'openapi' nor 'swagger'")]
    [InlineData("{\"swagger\":\"1.2\"}", "This is Swagger 1.2")]
    [InlineData("{\"openapi\":\"4.0.0\"}", "This is OpenAPI 4.0.0")]
    [InlineData("{\"openapi\":", "is not JSON")]
    [InlineData("a: [1", "is not YAML")]
    [InlineData("a: *b", "has no anchor")]
    [InlineData("just words", "is no object")]
    public void A_document_that_cannot_be_taken_is_refused_with_the_reason(string text, string reason)
    {
        var refused = Assert.Throws<DocumentException>(() => Read.Document(text));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_the_text_is_told_with_its_place()
        => Assert.Equal("line 2, column 8", Assert.Throws<DocumentException>(() => Read.Document("{\n \"a\": nothing }".Replace("nothing", "!", StringComparison.Ordinal))).Place);

    [Fact]
    public void Nulls_where_none_may_be_are_left_out_and_told_and_values_keep_theirs()
    {
        const string Text = """
            {"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{
              "schema":{"type":"object","properties":{"gone":null,"default":{"type":"string"},"kept":{"type":"string","enum":["x",null]}}}}}}}}}}}
            """;

        var (_, findings) = Read.Document(Text);
        var fields = Read.Page(Text, "GET", "/a").Responses.Single().Contents.Single().Fields;

        Assert.Equal(["default", "kept"], fields.Select(field => field.Name));
        Assert.Contains(findings, finding => finding.StartsWith("Warning #/paths/~1a/get/responses/200/content/application~1json/schema/properties/gone:", StringComparison.Ordinal));
    }

    [Fact]
    public void Schemas_that_are_true_or_false_and_parameters_of_another_path_are_understood()
    {
        const string Text = """
            {"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/a":{"parameters":[{"name":"q","in":"query","schema":{"type":"integer"}}]},
              "/b":{"get":{"parameters":[{"$ref":"#/paths/~1a/parameters/0"}],"responses":{"200":{"description":"d","content":{"application/json":{
                "schema":{"type":"object","properties":{"any":true,"none":false}}}}}}}}}}
            """;

        var page = Read.Page(Text, "GET", "/b");

        Assert.Equal(["any Any"], page.Responses.Single().Contents.Single().Fields.Select(field => $"{field.Name} {field.Type}"));
        Assert.Equal(["q Integer"], page.Parameters["query"].Select(field => $"{field.Name} {field.Type}"));
    }

    [Fact]
    public void Of_members_with_the_same_name_the_last_counts_and_it_is_told()
    {
        var (document, findings) = Read.Document("""{"openapi":"3.0.0","info":{"title":"A","title":"B","version":"1"},"paths":{}}""");

        Assert.Equal("B", document.Name.Title);
        Assert.Contains(findings, finding => finding.StartsWith("Warning #/info/title:", StringComparison.Ordinal));
    }

    [Fact]
    public void Aliases_that_stand_for_too_much_are_refused_before_they_are_unfolded()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++) bomb.Append(null, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Assert.Contains("aliases", Assert.Throws<DocumentException>(() => Read.Document(bomb.ToString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 100_000)]
    [InlineData("- ", 20_000)]
    public void Nesting_without_end_is_refused(string opening, int times)
        => Assert.Throws<DocumentException>(() => Read.Document(string.Concat(Enumerable.Repeat(opening, times))));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("12", "12")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("~", null)]
    [InlineData("2024-04-10", "\"2024-04-10\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData(".5", "0.5")]
    public void A_plain_text_of_YAML_means_what_its_core_schema_says(string text, string? json)
        => Assert.Equal(json, YamlText.Parse($"a: {text}", (_, _) => { })["a"]?.ToJsonString());

    [Fact]
    public void No_text_makes_reading_fail_otherwise_than_by_saying_so()
    {
        Check.Sample(Gen.OneOf(Gen.String, Gen.Char["{}[]:,-&*!|>'\"#%@ \n\ta1"].Array[0, 60].Select(letters => new string(letters))), text =>
        {
            try
            {
                Read.Document(text);
            }
            catch (DocumentException)
            {
                // Refused: that is an answer.
            }
        }, iter: 3_000);
    }

    [Theory]
    [InlineData("#/paths/~1a~1b/get", "paths", "/a/b", "get")]
    [InlineData("#/components/schemas/a%20b~0", "components", "schemas", "a b~")]
    public void Pointers_are_read(string pointer, params string[] parts) => Assert.Equal(parts, Pointers.Parts(pointer));

    [Theory]
    [InlineData("VerifyFactor", "/x", "verify-factor")]
    [InlineData("repos/list-for-org", "/x", "repos-list-for-org")]
    [InlineData(null, "/users/{userId}/factors", "users-userid-factors")]
    [InlineData("創建", "/a", "a")]
    [InlineData(null, "/", "root")]
    public void A_slug_can_stand_in_an_address(string? operationId, string path, string slug) => Assert.Equal(slug, Slugs.OfOperation(operationId, path));

    [Fact]
    public void What_a_description_says_is_shown_and_nothing_of_it_runs()
    {
        var html = RichText.ToHtml("""
            **Bold** <p>para <a href="javascript:alert(1)" onclick="x()">a</a> <a href="https://ok.example/">ok</a></p><script>alert(1)</script><img src=x onerror=alert(1)><note>kept</note>

            [bad](javascript:alert(1)) | <iframe src="https://evil.example"></iframe>
            """)!;

        Assert.Contains("<strong>Bold</strong>", html, StringComparison.Ordinal);
        Assert.Contains("kept", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://ok.example/\"", html, StringComparison.Ordinal);
        Assert.Contains("rel=\"noopener noreferrer nofollow\"", html, StringComparison.Ordinal);
        foreach (var evil in new[] { "javascript:", "onclick", "onerror", "<script", "alert(1)</", "<img", "<iframe", "<note" }) Assert.DoesNotContain(evil, html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_description_nested_without_end_is_text()
        => Assert.NotNull(RichText.ToHtml(string.Concat(Enumerable.Repeat("> ", 20_000)) + "x"));
}
