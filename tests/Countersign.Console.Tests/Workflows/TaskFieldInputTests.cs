using System.Text.Json.Nodes;
using Bunit;
using Countersign.Console.Workflows;

namespace Countersign.Console.Tests.Workflows;

public sealed class TaskFieldInputTests : ConsoleTest
{
    private readonly JsonObject _task = JsonNode.Parse("""{"inputParameters":{"a":1}}""")!.AsObject();

    [Fact]
    public void A_faulty_json_stays_as_it_is_typed_and_the_document_keeps_the_last_good_one()
    {
        var field = Render<TaskFieldInput>(parameters => parameters
            .Add(p => p.Of, new TaskField("Input", ["inputParameters"], FieldKind.Json)).Add(p => p.Owner, _task)
            .Add(p => p.OnSet, ((string[] Path, JsonNode? Value) wanted) => TaskEditing.Set(_task, wanted.Path, wanted.Value)));

        field.Find("textarea").Input("""{"a":2}""");
        field.Render();
        field.Find("textarea").Input("""{"a":3""");
        field.Render();

        Assert.Equal("""{"a":3""", field.Find("textarea").GetAttribute("value"));
        Assert.Contains("cannot be read as JSON", field.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("""{"inputParameters":{"a":2}}""", _task.ToJsonString());
    }

    [Theory]
    [InlineData(nameof(FieldKind.Number), "5", "5")]
    [InlineData(nameof(FieldKind.Number), "${workflow.input.n}", "\"${workflow.input.n}\"")]
    [InlineData(nameof(FieldKind.Text), "5", "\"5\"")]
    [InlineData(nameof(FieldKind.Text), "", null)]
    public void A_field_writes_what_its_kind_says(string kind, string typed, string? written)
    {
        JsonNode? value = JsonValue.Create("untouched");
        var field = Render<TaskFieldInput>(parameters => parameters
            .Add(p => p.Of, new TaskField("Limit", ["limit"], Enum.Parse<FieldKind>(kind))).Add(p => p.Owner, new JsonObject { ["limit"] = 1 })
            .Add(p => p.OnSet, ((string[] Path, JsonNode? Value) wanted) => value = wanted.Value));

        field.Find("input").Change(typed);

        Assert.Equal(written, value?.ToJsonString());
    }
}
