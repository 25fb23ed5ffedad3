using System.Text.Json.Nodes;
using Countersign.Console.Workflows;

namespace Countersign.Console.Tests.Workflows;

public sealed class JsonPlaceTests
{
    [Theory]
    [InlineData("a_b-c")]
    [InlineData("with blank")]
    [InlineData("it's \\ odd")]
    [InlineData("a.b[0]")]
    [InlineData("")]
    [InlineData("ü")]
    public void A_member_of_any_name_is_found_again(string name)
    {
        var root = new JsonObject { ["tasks"] = new JsonArray(new JsonObject { [name] = new JsonArray(1, 2) }) };
        var place = JsonPlace.Element(JsonPlace.Member("tasks[0]", name), 1);

        Assert.Equal(["tasks", 0, name, 1], JsonPlace.Steps(place));
        Assert.Equal(2, (int?)JsonPlace.In(root, place));
        var text = root.ToJsonString();
        Assert.Equal("2", text.Substring(JsonText.Find(text, place)!.Value.Offset, 1));
    }

    [Theory]
    [InlineData("tasks[")]
    [InlineData("tasks['")]
    [InlineData("[[]]..")]
    [InlineData("tasks[99999999999]")]
    [InlineData("tasks[-1]")]
    public void A_place_that_is_none_leads_nowhere(string place) => Assert.Null(JsonPlace.In(new JsonObject { ["tasks"] = new JsonArray(1) }, place));

    [Theory]
    [InlineData("tasks[0].decisionCases.too large[0].name", "tasks[0].decisionCases['too large'][0].name")]
    [InlineData("tasks[0].decisionCases.a.b['c'][0].type", "tasks[0].decisionCases['a.b[\\'c\\']'][0].type")]
    [InlineData("tasks[0].decisionCases['too large'][0]", "tasks[0].decisionCases['too large'][0]")]
    [InlineData("tasks[0].decisionCases['x.y'][0]", "tasks[0].decisionCases['x.y'][0]")]
    [InlineData("tasks[7].decisionCases.none[2].name", "tasks[7].decisionCases.none[2].name")]
    [InlineData("", "")]
    public void Names_that_others_write_as_they_are_end_where_the_document_says(string place, string written)
        => Assert.Equal(written, JsonPlace.Written(JsonNode.Parse("""{"tasks":[{"decisionCases":{"too large":[{}],"a":[],"a.b['c']":[{}]}}]}"""), place));

    [Fact]
    public void A_missing_value_is_shown_at_what_should_have_it()
    {
        const string Text = """{"tasks":[{"name":"ü"},{"type":"HTTP"}]}""";

        Assert.Equal(new TextSpan(Text.IndexOf("{\"type", StringComparison.Ordinal), 15), JsonText.Find(Text, "tasks[1].taskReferenceName"));
    }

    [Theory]
    [InlineData("tasks[1].type", "\"HTTP\"")]
    [InlineData("tasks[0].name", "\"ü😀\"")]
    public void Positions_count_characters_not_bytes(string place, string value)
    {
        const string Text = """{"tasks":[{"name":"ü😀"},{"type":"HTTP"}]}""";

        var span = JsonText.Find(Text, place)!.Value;

        Assert.Equal(value, Text.Substring(span.Offset, span.Length));
        Assert.Equal(place, JsonText.PlaceAt(Text, span.Offset + 1));
    }

    [Fact]
    public void A_text_that_breaks_off_is_read_as_far_as_it_goes()
    {
        const string Text = """{"tasks":[{"name":"a"},{"name":""";

        Assert.Equal("tasks[0].name", JsonText.PlaceAt(Text, Text.IndexOf("\"a\"", StringComparison.Ordinal) + 1));
        Assert.Equal("", JsonText.PlaceAt(Text, Text.Length));
    }

    [Fact]
    public void Lines_and_columns_count_from_one()
    {
        Assert.Equal((1, 1), JsonText.Position("a\nbc", 0));
        Assert.Equal((2, 2), JsonText.Position("a\nbc", 3));
    }
}
