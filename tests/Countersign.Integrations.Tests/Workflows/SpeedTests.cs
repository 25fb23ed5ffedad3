using System.Diagnostics;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Xunit.Abstractions;

namespace Countersign.Integrations.Tests.Workflows;

public class SpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Figures()
    {
        var definition = new WorkflowDefinition(JsonBuilder.Read("""{"name":"f","tasks":[{"name":"h","taskReferenceName":"h","type":"HTTP","inputParameters":{"http_request":{"uri":"https://${workflow.env.HOST}/${workflow.input.id}","method":"GET","headers":{"A":"SSWS ${workflow.secrets.T}"}}}}],"outputParameters":{"r":"${h.output.response.body.x}"}}"""));
        var inputs = new DecisionInputs { Now = DateTimeOffset.UnixEpoch.AddYears(50), TaskDefinitionOf = _ => null, Random = () => 0, Scripts = new JintScripts() };
        var input = JsonBuilder.Read("""{"id":"abc"}""");
        var answer = JsonBuilder.Read("""{"response":{"statusCode":200,"body":{"x":1}}}""");
        for (var round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20_000; i++)
            {
                var run = ((Decision.Decided)WorkflowDecider.Start(new StartRequest { Id = "w", Definition = definition, Input = input }, inputs)).Execution;
                run = ((Decision.Decided)WorkflowDecider.Decide(run, new WorkflowChange.Take([run.Tasks[0].Id], "n", TimeSpan.FromMinutes(1)), inputs)).Execution;
                run = ((Decision.Decided)WorkflowDecider.Decide(run, new WorkflowChange.Visited(run.Tasks[0].Id, "n", new TaskOutcome { Status = AttemptStatus.Completed, Output = answer }), inputs)).Execution;
                WorkflowCodec.WriteHeader(run);
                WorkflowCodec.WriteTask(run.Tasks[0], definition);
                if (run.Status is not WorkflowStatus.Completed) throw new InvalidOperationException();
            }
            output.WriteLine($"{clock.Elapsed.TotalMicroseconds / 20_000:0.0} us, {(GC.GetAllocatedBytesForCurrentThread() - before) / 20_000} bytes");
        }
        var scripts = new JintScripts();
        for (var round = 0; round < 3; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < 2000; i++) scripts.Evaluate("(function(){ return $.a + 1; })()", input);
            output.WriteLine($"script {clock.Elapsed.TotalMicroseconds / 2000:0.0} us");
        }
    }
}
