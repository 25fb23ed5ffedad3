using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Tests.Catalog;

public sealed class PageTests
{
    private const string Head = """{"openapi":"3.1.0","info":{"title":"T","version":"1"},"servers":[{"url":"https://{region}.example/v1/","variables":{"region":{"default":"eu","enum":["eu","us"]}}}],""";

    private static string Document(string operation, string components = "{}") => Head + "\"paths\":{\"/a/{id}\":{\"post\":" + operation + "}},\"components\":" + components + "}";

    [Fact]
    public void A_schema_that_contains_itself_ends_with_a_pointer()
    {
        var page = Read.Page(Document("""{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Node"}}}}}}""",
            """{"schemas":{"Node":{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/components/schemas/Node"}}}}}}"""), "POST", "/a/{id}");

        var children = page.Responses.Single().Contents.Single().Fields.Single(field => field.Name == "children");

        Assert.Equal(("Array of Object", "#/components/schemas/Node"), (children.Type, children.More));
        Assert.Empty(children.Fields);
    }

    [Fact]
    public void Fields_go_three_levels_deep_and_then_say_where_more_stands()
    {
        const string Deep = """{"type":"object","properties":{"b":{"type":"object","properties":{"c":{"type":"object","properties":{"d":{"type":"object","properties":{"e":{"type":"string"}}}}}}}}}""";
        var text = Document("""{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"a":DEEP}}}}},"responses":{}}""".Replace("DEEP", Deep, StringComparison.Ordinal));
        var c = Read.Page(text, "POST", "/a/{id}").Body!.Contents.Single().Fields.Single().Fields.Single().Fields.Single();

        Assert.Equal("c", c.Name);
        Assert.Equal("#/paths/~1a~1{id}/post/requestBody/content/application~1json/schema/properties/a/properties/b/properties/c", c.More);
    }

    [Fact]
    public void Alternatives_are_choices_joined_schemas_are_one_and_null_is_no_alternative()
    {
        var page = Read.Page(Document("""{"requestBody":{"content":{"application/json":{"schema":{"allOf":[{"$ref":"#/components/schemas/Base"},{"type":"object","required":["to"],"properties":{"to":{"oneOf":[{"$ref":"#/components/schemas/Mail"},{"title":"Phone","type":"object","properties":{"number":{"type":"string"}}}]},"note":{"anyOf":[{"type":"string"},{"type":"null"}]}}}]}}}},"responses":{}}""",
            """{"schemas":{"Base":{"type":"object","required":["id"],"properties":{"id":{"type":"integer","minimum":1}}},"Mail":{"type":"object","properties":{"address":{"type":"string"}}}}}"""), "POST", "/a/{id}");
        var fields = page.Body!.Contents.Single().Fields.ToDictionary(field => field.Name);

        Assert.Equal(["id", "to", "note"], fields.Keys);
        Assert.Equal((true, true, "at least 1"), (fields["id"].IsRequired, fields["to"].IsRequired, fields["id"].Limits.Single()));
        Assert.Equal(["Mail: address", "Phone: number"], fields["to"].Choices.Select(choice => $"{choice.Title}: {choice.Fields.Single().Name}"));
        Assert.Equal(("String", true), (fields["note"].Type, fields["note"].IsNullable));
    }

    [Theory]
    [InlineData("""{"type":"string"}""", "String")]
    [InlineData("""{"type":"integer","format":"int64"}""", "Integer")]
    [InlineData("""{"type":["number","null"]}""", "Number")]
    [InlineData("""{"type":["string","integer","null"]}""", "String")]
    [InlineData("""{"type":"boolean"}""", "Boolean")]
    [InlineData("""{"type":"array","items":{"type":"array","items":{"type":"integer"}}}""", "Array of Array of Integer")]
    [InlineData("""{"type":"array"}""", "Array of Any")]
    [InlineData("""{"properties":{"a":{}}}""", "Object")]
    [InlineData("""{"enum":["a","b"]}""", "String")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"string","format":"date"}]}""", "String")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"integer"}]}""", "Any")]
    [InlineData("""{}""", "Any")]
    public void Types_read_as_people_say_them(string schema, string type)
    {
        var page = Read.Page(Document("""{"parameters":[{"name":"q","in":"query","schema":SCHEMA}],"responses":{}}""".Replace("SCHEMA", schema, StringComparison.Ordinal)), "POST", "/a/{id}");

        Assert.Equal(type, page.Parameters["query"].Single().Type);
    }

    [Theory]
    [InlineData("""{"type":"string","minLength":2,"maxLength":64}""", "2 to 64 characters")]
    [InlineData("""{"type":"string","minLength":1}""", "at least 1 character")]
    [InlineData("""{"type":"string","minLength":6,"maxLength":6}""", "exactly 6 characters")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":86400}""", "from 1 to 86400")]
    [InlineData("""{"type":"array","maxItems":10,"items":{"type":"string"}}""", "at most 10 items")]
    [InlineData("""{"type":"string","pattern":"^a$"}""", "matches ^a$")]
    public void Limits_read_as_parts_of_sentences(string schema, string limit)
    {
        var page = Read.Page(Document("""{"parameters":[{"name":"q","in":"query","schema":SCHEMA}],"responses":{}}""".Replace("SCHEMA", schema, StringComparison.Ordinal)), "POST", "/a/{id}");

        Assert.Equal([limit], page.Parameters["query"].Single().Limits);
    }

    [Fact]
    public void Servers_authentication_and_examples_are_shown()
    {
        var page = Read.Page(Document("""
            {"summary":"Do it","externalDocs":{"url":"https://docs.example/"},"security":[{"key":[]},{"oauth":["read"]}],
             "requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object"},"examples":{"one":{"summary":"One","value":{"a":1}}}}}},
             "responses":{"201":{"description":"Made","headers":{"Location":{"description":"Where","schema":{"type":"string"}}}}}}
            """, """{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"X-Key"},"oauth":{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"https://id.example/token","scopes":{"read":"r"}}}}}}"""), "POST", "/a/{id}");

        Assert.Equal(("https://{region}.example/v1", "https://eu.example/v1"), (page.Servers.Single().Url, page.Servers.Single().Usual()));
        Assert.Equal(["key apiKey header X-Key ", "oauth oauth2   https://id.example/token read"],
            page.Authentication.Select(way => $"{way.Name} {way.Type} {way.In} {way.Parameter} {way.TokenUrl}{(way.Scopes.Count > 0 ? " " + way.Scopes[0] : "")}"));
        Assert.Equal(("One", """{"a":1}"""), page.Body!.Contents.Single().Examples.Select(example => (example.Name, example.Value!.ToJsonString())).Single());
        Assert.Equal("Location", page.Responses.Single().Headers.Single().Name);
        Assert.Equal("https://docs.example/", page.ExternalDocs!.Value.Url);
    }

    [Fact]
    public void A_page_notes_what_it_lacks_and_is_made_again_with_it()
    {
        var pieces = new Pieces();
        Assert.Null(pieces.At("#/components/schemas/A"));
        Assert.Equal(["#/components/schemas/A"], pieces.TakeMissing());

        pieces.Add("#/components/schemas/A", """{"properties":{"b":{"$ref":"#/components/schemas/A/properties/c"},"c":{"type":"string"}}}"""u8.ToArray());

        Assert.Equal("string", pieces.At("#/components/schemas/A/properties/b/type")?.GetString());
        Assert.Empty(pieces.TakeMissing());
    }

    [Fact]
    public void References_that_go_in_circles_lead_nowhere()
    {
        var pieces = new Pieces();
        pieces.Add("#/components/schemas/A", """{"$ref":"#/components/schemas/B"}"""u8.ToArray());
        pieces.Add("#/components/schemas/B", """{"$ref":"#/components/schemas/A"}"""u8.ToArray());

        Assert.Null(pieces.Resolve(pieces.At("#/components/schemas/A")!.Value, "#/components/schemas/A").Element);
    }
}
