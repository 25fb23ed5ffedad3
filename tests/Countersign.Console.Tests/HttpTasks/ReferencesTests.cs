using Countersign.Console.HttpTasks;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class ReferencesTests
{
    private readonly References _known = new() { Inputs = ["userId"], Tasks = [("first-ref", "HTTP"), ("wait_ref", "WAIT")], Secrets = ["TOKEN"], Environment = ["HOST"] };

    [Theory]
    [InlineData("${workflow.input.whatever}", null)]
    [InlineData("${workflow.variables.x} ${workflow.workflowId} ${CPEWF_TASK_ID} ${}", null)]
    [InlineData("${first-ref.output.response.body.x}", null)]
    [InlineData("${workflow.secrets.TOKEN} ${workflow.env.HOST}", null)]
    [InlineData("$${nobody.output}", null)]
    [InlineData("${nobody.output}", "No earlier task is called nobody.")]
    [InlineData("${workflow.secrets.NONE}", "There is no secret NONE.")]
    [InlineData("${workflow.env.NONE}", "The environment has no variable NONE.")]
    [InlineData("${workflow.inputs.a}", "A workflow has no inputs.")]
    [InlineData("${first-ref.output", "An expression begins with ${ and has no } at its end.")]
    [InlineData("${first-ref.output.rows[${gone.output.i}]}", "No earlier task is called gone.")]
    public void What_cannot_be_reached_is_pointed_at(string text, string? expected) => Assert.Equal(expected, _known.Check(text).Select(fault => fault.Message).FirstOrDefault());

    [Fact]
    public void What_is_not_known_is_not_complained_about() => Assert.Empty(new References().Check("${workflow.secrets.ANY} ${workflow.env.ANY}"));

    [Theory]
    [InlineData("workflow.in", "workflow.input.userId")]
    [InlineData("first", "first-ref.output.response.body")]
    [InlineData("workflow.secrets.", "workflow.secrets.TOKEN")]
    [InlineData("HOST", "workflow.env.HOST")]
    [InlineData("wait", "wait_ref.output")]
    public void What_was_typed_is_completed(string typed, string first) => Assert.Equal(first, _known.Suggest(typed).First().Path);
}
