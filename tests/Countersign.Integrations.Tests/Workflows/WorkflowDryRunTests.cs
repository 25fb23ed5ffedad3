using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

public class WorkflowDryRunTests
{
    private static WorkflowExecution DryRun(string tasks, string mocks, string more = "")
    {
        var run = Run.Prepared(tasks, more);
        var outputs = MockOutput.Read(JsonBuilder.Read(mocks), out var fault);
        Assert.Null(fault);
        return Assert.IsType<Decision.Decided>(WorkflowDryRun.Run(new StartRequest { Id = "w", Definition = run.Definition }, outputs, run.Inputs(), CancellationToken.None)).Execution;
    }

    [Fact]
    public void Outputs_are_given_one_attempt_after_the_other()
    {
        var ended = DryRun(
            """
            {"name":"a","taskReferenceName":"a","taskDefinition":{"retryCount":2,"retryDelaySeconds":3600}},
            {"name":"h","taskReferenceName":"h","type":"HTTP","inputParameters":{"http_request":{"uri":"${a.output.uri}"}}},
            {"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"2 days"}},
            {"name":"p","taskReferenceName":"p","type":"HUMAN"}
            """,
            """{"a":[{"status":"FAILED"},{"status":"COMPLETED","output":{"uri":"http://x"},"executionTime":500}],"h":[{"output":{"response":{"statusCode":200}}}],"p":[{"output":{"ok":true}}]}""",
            """ "outputParameters":{"code":"${h.output.response.statusCode}","ok":"${p.output.ok}"}, """);

        Assert.Equal(WorkflowStatus.Completed, ended.Status);
        Assert.Equal("""{"code":200,"ok":true}""", ended.Output.GetRawText());
        Assert.Equal(["FAILED", "COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED"], ended.Tasks.Select(task => task.Status.Name));
        Assert.Equal(TimeSpan.FromDays(2) + TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(500), ended.EndedAt - ended.CreatedAt);
    }

    [Fact]
    public void A_loop_that_would_not_end_stops_at_the_guard()
    {
        var ended = DryRun("""{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"true","inputParameters":{"keepLastN":1},"loopOver":[{"name":"n","taskReferenceName":"n","type":"NOOP"}]}""", "{}");

        Assert.Equal(WorkflowStatus.Failed, ended.Status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":[{"status":"RUNNING"}]}""")]
    [InlineData("""{"a":[{"output":7}]}""")]
    public void Outputs_that_cannot_be_read_say_why(string mocks)
    {
        MockOutput.Read(JsonBuilder.Read(mocks), out var fault);

        Assert.NotNull(fault);
    }

    [Fact]
    public void A_definition_that_cannot_be_started_is_refused()
    {
        var run = Run.Prepared("""{"name":"a","taskReferenceName":"a","type":"LAMBDA"}""");

        Assert.IsType<Decision.Refused>(WorkflowDryRun.Run(new StartRequest { Id = "w", Definition = run.Definition }, MockOutput.Read(null, out _), run.Inputs(), CancellationToken.None));
    }
}
