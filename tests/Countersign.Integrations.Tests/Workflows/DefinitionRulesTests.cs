using System.Text;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>The rules of definitions (workflow contract 1.5, 2, 4, 6.1).</summary>
public class DefinitionRulesTests
{
    private const string A = """{"name":"a","taskReferenceName":"a"}""";

    private static CheckedDefinition Check(string tasks, string more = "") => DefinitionRules.Read(Encoding.UTF8.GetBytes($$"""{"name":"flow",{{more}}"tasks":[{{tasks}}]}"""), _ => null);

    private static string Typed(string type, string more = "") => $$"""{"name":"t","taskReferenceName":"t","type":"{{type}}"{{more}}}""";

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"a/b","tasks":[]}""", "name")]
    [InlineData("""{"name":"a"}""", "tasks")]
    [InlineData("""{"name":"a","tasks":[]}""", "tasks")]
    [InlineData("""{"name":7,"tasks":[]}""", "name")]
    [InlineData("""{"name":"a","tasks":{}}""", "tasks")]
    [InlineData("""{"name":"a","tasks":[1]}""", "tasks")]
    [InlineData("""{"name":"a","version":0,"tasks":[]}""", "version")]
    [InlineData("""{"name":"a","version":"1","tasks":[]}""", "version")]
    [InlineData("""{"name":"a","schemaVersion":1,"tasks":[]}""", "schemaVersion")]
    [InlineData("""{"name":"a","timeoutPolicy":"NEVER","tasks":[]}""", "timeoutPolicy")]
    [InlineData("""{"name":"a","timeoutSeconds":-1,"tasks":[]}""", "timeoutSeconds")]
    [InlineData("""{"name":"a","inputTemplate":[],"tasks":[]}""", "inputTemplate")]
    [InlineData("""{"name":"a","restartable":"yes","tasks":[]}""", "restartable")]
    [InlineData("""[]""", "")]
    [InlineData("""{"name":""", "")]
    public void A_faulty_document_names_the_place(string document, string path)
    {
        var read = DefinitionRules.Read(Encoding.UTF8.GetBytes(document), _ => null);

        Assert.Null(read.Definition);
        Assert.Contains(read.Faults, fault => fault.Path == path);
        Assert.All(read.Faults, fault => Assert.EndsWith(".", fault.Message));
    }

    [Theory]
    [InlineData("""{"taskReferenceName":"a"}""", "tasks[0].name")]
    [InlineData("""{"name":"a"}""", "tasks[0].taskReferenceName")]
    [InlineData("""{"name":"a","taskReferenceName":"a","optional":1}""", "tasks[0].optional")]
    [InlineData("""{"name":"a","taskReferenceName":"a","startDelay":1.5}""", "tasks[0].startDelay")]
    [InlineData("""{"name":"a","taskReferenceName":"workflow"}""", "tasks[0].taskReferenceName")]
    [InlineData("""{"name":"a","taskReferenceName":"a","taskDefinition":{"retryLogic":"RANDOM"}}""", "tasks[0].taskDefinition.retryLogic")]
    [InlineData(A + "," + A, "tasks[1].taskReferenceName")]
    [InlineData(A + """,{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"true","loopOver":[""" + A + "]}", "tasks[1].loopOver[0].taskReferenceName")]
    [InlineData("""{"name":"a","taskReferenceName":"a","inputParameters":{"x":["y","${workflow.input.x"]}}""", "tasks[0].inputParameters.x[1]")]
    [InlineData("""{"name":"a","taskReferenceName":"a","inputParameters":{"x":"${nobody.output}"}}""", "tasks[0].inputParameters.x")]
    [InlineData("""{"name":"a","taskReferenceName":"a","inputParameters":{"x":"${workflow.secrets.${workflow.input.s}}"}}""", "tasks[0].inputParameters.x")]
    [InlineData("""{"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["none"]}""", "tasks[0].joinOn[0]")]
    public void A_faulty_task_names_the_place(string tasks, string path)
    {
        var read = Check(tasks);

        Assert.Null(read.Definition);
        Assert.Equal([path], read.Faults.Select(fault => fault.Path));
    }

    [Fact]
    public void Output_parameters_are_checked_like_inputs()
        => Assert.Equal("outputParameters.x", Assert.Single(Check(A, "\"outputParameters\":{\"x\":\"${b.output}\"},").Faults).Path);

    [Theory]
    [InlineData("HTTP", "", "inputParameters.http_request")]
    [InlineData("HTTP", ""","inputParameters":{"uri":"http://x"}""", "inputParameters.http_request")]
    [InlineData("HTTP_POLL", "", "inputParameters.http_request")]
    [InlineData("SWITCH", ""","expression":"x","decisionCases":{"a":[{"name":"b","taskReferenceName":"b"}]}""", "evaluatorType")]
    [InlineData("SWITCH", ""","evaluatorType":"value-param","decisionCases":{"a":[{"name":"b","taskReferenceName":"b"}]}""", "expression")]
    [InlineData("SWITCH", ""","evaluatorType":"value-param","expression":"x","decisionCases":{"a":[]}""", "decisionCases")]
    [InlineData("SWITCH", ""","evaluatorType":"cobol","expression":"x","decisionCases":{"a":[{"name":"b","taskReferenceName":"b"}]}""", "evaluatorType")]
    [InlineData("WAIT", ""","inputParameters":{"duration":"1 s","until":"2026-01-01"}""", "inputParameters")]
    [InlineData("TERMINATE", ""","inputParameters":{"terminationStatus":"PAUSED"}""", "inputParameters.terminationStatus")]
    [InlineData("TERMINATE", ""","inputParameters":{"terminationStatus":"FAILED"},"optional":true""", "optional")]
    [InlineData("INLINE", "", "inputParameters.expression")]
    [InlineData("SUB_WORKFLOW", "", "subWorkflowParam")]
    [InlineData("DO_WHILE", ""","loopCondition":"true","loopOver":[]""", "loopOver")]
    [InlineData("DO_WHILE", ""","loopOver":[{"name":"b","taskReferenceName":"b"}]""", "loopCondition")]
    [InlineData("JSON_JQ_TRANSFORM", "", "inputParameters.queryExpression")]
    [InlineData("DYNAMIC", "", "dynamicTaskNameParam")]
    public void A_type_says_what_it_needs(string type, string more, string path)
        => Assert.Equal([$"tasks[0].{path}"], Check(Typed(type, more)).Faults.Select(fault => fault.Path));

    [Fact]
    public void A_fork_needs_branches_and_a_join()
    {
        Assert.Equal(["tasks[0].forkTasks", "tasks[0].type"], Check(Typed("FORK_JOIN")).Faults.Select(fault => fault.Path));
        Assert.Equal(["tasks[0].dynamicForkTasksParam", "tasks[0].type"], Check(Typed("FORK_JOIN_DYNAMIC")).Faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("HTTP", ""","inputParameters":{"http_request":"${workflow.input.r}"}""")]
    [InlineData("HTTP", ""","inputParameters":{"uri":"http://x","method":"GET"}""")]
    [InlineData("HTTP", ""","taskDefinition":{"inputTemplate":{"uri":"http://x"}}""")]
    [InlineData("LLM_CHAT_COMPLETE", "")]
    [InlineData("MY_OWN", ""","myOwn":{"kept":true}""")]
    [InlineData("TERMINATE", ""","inputParameters":{"terminationStatus":"${workflow.input.s}"}""")]
    [InlineData("SUB_WORKFLOW", ""","subWorkflowParam":{"workflowDefinition":"${workflow.input.d}"}""")]
    [InlineData("SIMPLE", ""","optional":null,"inputParameters":null,"taskDefinition":null,"joinOn":[]""")]
    [InlineData("DO_WHILE", ""","loopCondition":"true","loopOver":[{"name":"b","taskReferenceName":"b","inputParameters":{"x":"${b__1.output} ${t.output.loopItem}"}}]""")]
    public void What_is_right_is_taken_and_kept(string type, string more)
    {
        var read = Check(Typed(type, more), "\"unknown\":[1],\"ownerEmail\":\"a@example.org\",");

        Assert.Empty(read.Faults);
        Assert.Contains("\"unknown\":[1]", read.Definition!.Document.GetRawText());
        Assert.Contains(more, read.Definition.Document.GetRawText());
    }

    [Fact]
    public void A_dynamic_forks_tasks_cannot_be_known_so_their_names_are_a_warning()
    {
        var read = Check("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"t","dynamicForkTasksInputParamName":"i"},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["anything"]},
            {"name":"a","taskReferenceName":"a","inputParameters":{"x":"${p1.output}"}}
            """);

        Assert.NotNull(read.Definition);
        Assert.Equal("tasks[2].inputParameters.x", Assert.Single(read.Warnings).Path);
    }

    [Fact]
    public void Paths_and_scripts_that_cannot_be_read_are_warnings()
    {
        var read = Check("""{"name":"i","taskReferenceName":"i","type":"INLINE","inputParameters":{"expression":"return 1 +","x":"${workflow.input.a.stddev()}"}}""");

        Assert.NotNull(read.Definition);
        Assert.Equal(["tasks[0].inputParameters.expression", "tasks[0].inputParameters.x"], read.Warnings.Select(warning => warning.Path).Order());
    }

    [Fact]
    public void Limits_are_those_of_the_contract()
    {
        var many = string.Join(',', Enumerable.Range(0, 1001).Select(index => $$"""{"name":"a","taskReferenceName":"a{{index}}"}"""));
        Assert.Contains("1000", Assert.Single(Check(many).Faults).Message);
        Assert.Empty(Check(many[..many.LastIndexOf(",{", StringComparison.Ordinal)]).Faults);

        Assert.Empty(Check(Nested(32)).Faults);
        Assert.Contains("32", Assert.Single(Check(Nested(33)).Faults).Message);

        Assert.Contains("2097152", Assert.Single(Check(A, $"\"description\":\"{new string('x', 2 * 1024 * 1024)}\",").Faults).Message);

        static string Nested(int depth) => depth == 1 ? """{"name":"n","taskReferenceName":"n"}"""
            : $$"""{"name":"l","taskReferenceName":"l{{depth}}","type":"DO_WHILE","loopCondition":"true","loopOver":[{{Nested(depth - 1)}}]}""";
    }

    [Fact]
    public void Many_faults_are_cut()
        => Assert.Equal(100, Check(string.Join(',', Enumerable.Repeat("{}", 500))).Faults.Length);

    [Theory]
    [InlineData("""{"name":"a"}""", null)]
    [InlineData("""{"name":"a","responseTimeoutSeconds":60,"timeoutSeconds":60,"totalTimeoutSeconds":60}""", null)]
    [InlineData("""{"name":"a","timeoutSeconds":0,"responseTimeoutSeconds":60}""", null)]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"a","retryCount":-1}""", "retryCount")]
    [InlineData("""{"name":"a","retryLogic":"X"}""", "retryLogic")]
    [InlineData("""{"name":"a","timeoutPolicy":"X"}""", "timeoutPolicy")]
    [InlineData("""{"name":"a","responseTimeoutSeconds":0}""", "responseTimeoutSeconds")]
    [InlineData("""{"name":"a","backoffScaleFactor":0}""", "backoffScaleFactor")]
    [InlineData("""{"name":"a","responseTimeoutSeconds":61,"timeoutSeconds":60}""", "responseTimeoutSeconds")]
    [InlineData("""{"name":"a","timeoutSeconds":61,"totalTimeoutSeconds":60}""", "timeoutSeconds")]
    [InlineData("7", "")]
    public void A_task_definition_is_checked(string document, string? path)
    {
        var read = DefinitionRules.CheckTask(JsonBuilder.Read(document));

        Assert.Equal(path is null, read.Definition is not null);
        Assert.Equal(path, read.Faults.FirstOrDefault()?.Path);
    }

    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        var task = new TaskDefinition(JsonBuilder.Read("""{"name":"a"}"""));
        Assert.Equal((3, RetryLogic.Fixed, 60L, 1L, 0L, 0L), (task.RetryCount, task.RetryLogic, task.RetryDelaySeconds, task.BackoffScaleFactor, task.MaxRetryDelaySeconds, task.BackoffJitterMs));
        Assert.Equal((null, TimeSpan.FromHours(1), null, null, TimeoutPolicy.TimeOutWorkflow), (task.Timeout, task.ResponseTimeout, task.PollTimeout, task.TotalTimeout, task.TimeoutPolicy));

        var definition = new WorkflowDefinition(JsonBuilder.Read("""{"name":"a","timeoutSeconds":5,"tasks":[{}]}"""));
        Assert.Equal((1, null, true, "SIMPLE"), (definition.Version, definition.Timeout, definition.IsRestartable, definition.Tasks[0].Type));
    }
}
