using System.Text.Json.Nodes;
using Countersign.Console.Editing;
using Countersign.Console.Workflows;

namespace Countersign.Console.Tests.Workflows;

public sealed class ExpressionCompletionsTests
{
    [Fact]
    public void What_the_definition_has_is_offered()
    {
        var offered = At("\"${|\"").Select(completion => completion.Insert).ToList();

        Assert.All(["${workflow.input.id}", "${workflow.input.limit}", "${load_ref.output.response.body}", "${verify_ref.output.factorResult}", "${c_ref.output.result}", "${child_ref.output}", "${workflow.secrets."],
            path => Assert.Contains(path, offered));
    }

    [Fact]
    public void What_was_typed_is_replaced_and_a_bracket_that_is_there_is_kept()
    {
        Assert.All(At("\"a ${load_|\""), completion => Assert.Equal(7, completion.ReplaceLength));
        Assert.Contains("${load_ref.output.response.body", At("\"${load_|}\"").Select(completion => completion.Insert));
    }

    [Theory]
    [InlineData("\"plain|\"")]
    [InlineData("\"${done} |\"")]
    [InlineData("\"cost $5|\"")]
    public void Outside_of_an_expression_nothing_is_offered(string text) => Assert.Empty(At(text));

    private static IReadOnlyList<CodeCompletion> At(string text)
        => ExpressionCompletions.At(JsonNode.Parse(SampleDefinitions.Transfer)!.AsObject(), new CompletionPlace(text.Replace("|", ""), text.IndexOf('|')));
}
