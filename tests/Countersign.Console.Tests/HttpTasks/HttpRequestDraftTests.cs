using System.Text.Json.Nodes;
using Countersign.Console.Catalog;
using Countersign.Console.HttpTasks;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class HttpRequestDraftTests
{
    private const string Request = """
        {"uri":"https://a.example/x?q=1","method":"POST","headers":{"Accept":"application/json","X-Many":["1","2"]},"body":{"name":"ann","deep":{"n":2}},
         "contentType":"application/json","readTimeOut":5000,"vendorThing":{"kept":[null,1]},"authentication":{"type":"bearer","token":"${workflow.secrets.T}"}}
        """;

    [Fact]
    public void A_request_that_nobody_changes_stays_as_it_is() => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Request), Draft().ToJson()));

    [Fact]
    public void A_changed_parameter_goes_into_the_address()
    {
        var draft = Draft();

        draft.Query[0].Value = "two words";
        draft.Query.Add(new NamedValue("p", "${workflow.input.p}"));
        draft.QueryChanged();

        Assert.Equal("https://a.example/x?q=two%20words&p=${workflow.input.p}", draft.Uri);
    }

    [Fact]
    public void A_typed_address_becomes_parameters()
    {
        var draft = Draft();

        draft.Uri = "https://b.example/?z=9";

        Assert.Equal("z", Assert.Single(draft.Query).Name);
    }

    [Fact]
    public void A_body_is_edited_as_fields_then_as_text_and_back()
    {
        var draft = Draft();
        Assert.Equal(BodyForm.Fields, draft.Form);

        draft.Choose(BodyForm.Json);
        draft.Type("""{"name":"bob","deep":{"n":3}}""");
        draft.Choose(BodyForm.Fields);

        Assert.Equal("""{"name":"bob","deep":{"n":3}}""", draft.ToJson()["body"]!.ToJsonString());
    }

    [Fact]
    public void Text_that_is_no_JSON_is_pointed_at_and_changes_nothing()
    {
        var draft = Draft();
        draft.Choose(BodyForm.Json);

        draft.Type("{\n \"name\": }");

        Assert.Contains("line 2", draft.BodyFault, StringComparison.Ordinal);
        Assert.Equal("ann", (string?)draft.ToJson()["body"]!["name"]);
    }

    [Fact]
    public void A_raw_body_is_text_and_none_is_none()
    {
        var draft = Draft();

        draft.Choose(BodyForm.Raw);
        draft.Type("<a/>");
        Assert.Equal("<a/>", (string?)draft.ToJson()["body"]);
        draft.Choose(BodyForm.None);

        Assert.False(draft.ToJson().ContainsKey("body"));
    }

    [Fact]
    public void The_content_type_is_changed_where_it_stands()
    {
        var draft = new HttpRequestDraft(JsonNode.Parse("""{"uri":"u","method":"POST","headers":{"content-type":"text/plain"}}""")!.AsObject()) { ContentType = "application/xml" };

        Assert.Equal("""{"uri":"u","method":"POST","headers":{"content-type":"application/xml"}}""", draft.ToJson().ToJsonString());
    }

    [Fact]
    public void Fields_that_are_there_and_fields_that_could_be_are_told_apart()
    {
        ApiField[] reference =
        [
            new() { Name = "name", Type = "String" }, new() { Name = "deep", Type = "Object", Fields = [new() { Name = "n", Type = "Integer" }, new() { Name = "m", Type = "Boolean" }] },
            new() { Name = "id", Type = "String", ReadOnly = true }, new() { Name = "age", Type = "Integer" },
        ];
        var body = (JsonObject)Draft().Body!;

        Assert.Equal(["name", "deep.n"], BodyFields.Present(body, reference).Select(field => field.Name));
        Assert.Equal(["deep.m", "age"], BodyFields.Offered(body, reference).Select(field => field.Name));
    }

    [Theory]
    [InlineData("Integer", "7", "7")]
    [InlineData("Integer", "${workflow.input.n}", "\"${workflow.input.n}\"")]
    [InlineData("String", "7", "\"7\"")]
    [InlineData("Boolean", "true", "true")]
    [InlineData("Array of String", "[\"a\"]", "[\"a\"]")]
    public void A_field_takes_what_is_typed_by_its_type(string type, string typed, string expected)
    {
        var body = new JsonObject { ["f"] = null };
        var field = new BodyField(["f"], new ApiField { Name = "f", Type = type });

        BodyFields.Write(body, field, typed);

        Assert.Equal($"{{\"f\":{expected}}}", body.ToJsonString());
        Assert.Equal(typed, BodyFields.Read(body, field));
    }

    [Fact]
    public void An_added_field_is_its_default_or_an_input_of_the_workflow()
    {
        var body = new JsonObject();

        BodyFields.Add(body, new BodyField(["a"], new ApiField { Name = "a", Type = "Integer", Default = System.Text.Json.JsonElement.Parse("300") }));
        BodyFields.Add(body, new BodyField(["b"], new ApiField { Name = "b", Type = "String" }));

        Assert.Equal("""{"a":300,"b":"${workflow.input.b}"}""", body.ToJsonString());
    }

    private static HttpRequestDraft Draft() => new(JsonNode.Parse(Request)!.AsObject());
}
