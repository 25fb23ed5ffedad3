using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>Every command in every state (workflow contract 7.7).</summary>
public class CommandsTests
{
    private const string Two = """{"name":"a","taskReferenceName":"a"},{"name":"b","taskReferenceName":"b"}""";

    private static Run In(string status, string more = "")
    {
        var run = Run.Of(Two, more: """ "timeoutSeconds":60,"timeoutPolicy":"TIME_OUT_WF", """ + more);
        if (status != "NEW") run.Complete("a");
        return status switch
        {
            "PAUSED" => run.Do(new WorkflowChange.Pause()),
            "COMPLETED" => run.Complete("b", """{"r":1}"""),
            "FAILED" => run.Fail("b"),
            "TIMED_OUT" => run.Pass(60),
            "TERMINATED" => run.Do(new WorkflowChange.Terminate("stop")),
            _ => run,
        };
    }

    public static TheoryData<string, string, string> Table()
    {
        var table = new TheoryData<string, string, string>();
        string[] statuses = ["RUNNING", "PAUSED", "COMPLETED", "FAILED", "TIMED_OUT", "TERMINATED"];
        (string Command, string[] Results)[] rows =
        [
            ("pause", ["PAUSED", "same", "409", "409", "409", "409"]),
            ("resume", ["409", "RUNNING", "409", "409", "409", "409"]),
            ("terminate", ["TERMINATED", "TERMINATED", "409", "TERMINATED", "TERMINATED", "same"]),
            ("retry", ["409", "409", "409", "RUNNING", "RUNNING", "RUNNING"]),
            ("restart", ["409", "409", "RUNNING", "RUNNING", "RUNNING", "RUNNING"]),
            ("rerun", ["409", "409", "RUNNING", "RUNNING", "RUNNING", "RUNNING"]),
            ("skip", ["409", "409", "409", "409", "409", "409"]),
            ("variables", ["RUNNING", "PAUSED", "409", "409", "409", "409"]),
            ("callbacks", ["same", "same", "409", "409", "409", "409"]),
        ];
        foreach (var (command, results) in rows)
        {
            foreach (var (status, result) in statuses.Zip(results)) table.Add(command, status, result);
        }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_command_does_in_each_state_what_the_contract_says(string command, string status, string expected)
    {
        var run = In(status);
        var before = run.Execution;

        var refused = run.Try(command switch
        {
            "pause" => new WorkflowChange.Pause(),
            "resume" => new WorkflowChange.Resume(),
            "terminate" => new WorkflowChange.Terminate(null),
            "retry" => new WorkflowChange.Retry(false),
            "restart" => new WorkflowChange.Restart(null),
            "rerun" => new WorkflowChange.Rerun(null, null, null, null),
            "skip" => new WorkflowChange.Skip("b", JsonBuilder.Read("{}"), JsonBuilder.Read("{}")),
            "variables" => new WorkflowChange.SetVariables(JsonBuilder.Read("""{"x":1}""")),
            _ => new WorkflowChange.ResetCallbacks(),
        });

        if (expected == "409")
        {
            Assert.Equal(RefusalKind.WrongState, refused?.Kind);
            return;
        }
        Assert.Null(refused);
        if (expected == "same") Assert.Same(before, run.Execution);
        else Assert.Equal(expected, run.Status.Name);
    }

    [Fact]
    public void While_paused_results_come_in_and_nothing_new_is_scheduled_or_handed_out()
    {
        var run = In("NEW").Do(new WorkflowChange.Pause());

        run.Take("a");
        Assert.Equal("SCHEDULED", run.Shows("a"));
        run.Complete("a");
        Assert.Equal(["a COMPLETED"], run.Shown);
        run.Do(new WorkflowChange.Resume());
        Assert.Equal(["a COMPLETED", "b SCHEDULED"], run.Shown);
    }

    [Fact]
    public void The_time_counts_anew_from_a_resume()
    {
        var run = In("RUNNING").Pass(50).Do(new WorkflowChange.Pause()).Do(new WorkflowChange.Resume()).Pass(50);

        Assert.Equal(WorkflowStatus.Running, run.Status);
        Assert.Equal(WorkflowStatus.TimedOut, run.Pass(10).Status);
    }

    [Fact]
    public void A_retry_schedules_what_failed_again_and_keeps_the_rest()
    {
        var run = In("FAILED").Do(new WorkflowChange.Retry(false));

        Assert.Equal(["a COMPLETED", "b FAILED", "b SCHEDULED"], run.Shown);
        Assert.Equal((1, true), (run.Task("b").RetryCount, run.Execution.Tasks[1].IsRetried));
        Assert.Null(run.Execution.ReasonForIncompletion);
        Assert.Empty(run.Execution.FailedTaskNames);
        run.Complete("b");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_retry_opens_joins_and_loops_again()
    {
        var run = Run.Of("""
            {"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"$.l.iteration < 2","loopOver":[
              {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"x","taskReferenceName":"x"}],[{"name":"y","taskReferenceName":"y"}]]},
              {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["x","y"]}]}
            """);
        run.Complete("x__1").Complete("y__1").Fail("x__2");
        Assert.Equal(WorkflowStatus.Failed, run.Status);

        run.Do(new WorkflowChange.Retry(false));

        Assert.Equal(["SCHEDULED", "SCHEDULED", "IN_PROGRESS", "IN_PROGRESS"], new[] { "x__2", "y__2", "j__2", "l" }.Select(run.Shows));
        run.Complete("x__2", """{"r":1}""").Complete("y__2");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal(2, run.Execution.Output.GetProperty("iteration").GetInt32());
    }

    [Fact]
    public void A_retry_without_anything_to_retry_is_refused_except_after_a_time_out()
    {
        const string Ending = """{"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"FAILED"}}""";

        Assert.Equal(RefusalKind.WrongState, Run.Of(Ending).Try(new WorkflowChange.Retry(false))!.Kind);
    }

    [Fact]
    public void A_restart_runs_from_the_start_under_the_same_id()
    {
        var run = In("COMPLETED").Do(new WorkflowChange.Restart(null));

        Assert.Equal("w1", run.Execution.Id);
        Assert.Equal(["a SCHEDULED"], run.Shown);
        Assert.Equal("{}", run.Output);
        Assert.Null(run.Execution.EndedAt);
        Assert.True(run.Task("a").Sequence > 2);
    }

    [Fact]
    public void A_restart_with_the_newest_definition_takes_it()
    {
        var newer = new WorkflowDefinition(JsonBuilder.Read("""{"name":"flow","version":2,"inputTemplate":{"n":1},"variables":{"v":2},"tasks":[{"name":"c","taskReferenceName":"c"}]}"""));
        var run = In("FAILED");

        var decided = Assert.IsType<Decision.Decided>(WorkflowDecider.Decide(run.Execution, new WorkflowChange.Restart(newer), run.Inputs()));

        Assert.Equal((2, """{"n":1}""", """{"v":2}"""), (decided.Execution.Definition.Version, decided.Execution.Input.GetRawText(), decided.Execution.Variables.GetRawText()));
        Assert.Equal(["c"], decided.Execution.Tasks.Select(task => task.ReferenceName));
    }

    [Fact]
    public void A_definition_may_forbid_restarting_what_completed()
    {
        Assert.Equal(RefusalKind.WrongState, In("COMPLETED", "\"restartable\":false,").Try(new WorkflowChange.Restart(null))!.Kind);
        Assert.Null(In("FAILED", "\"restartable\":false,").Try(new WorkflowChange.Restart(null)));
    }

    [Fact]
    public void A_rerun_from_a_task_drops_what_came_later()
    {
        var run = In("COMPLETED");
        run.Do(new WorkflowChange.Rerun(run.Task("b").Id, JsonBuilder.Read("""{"given":1}"""), null, "order-8"));

        Assert.Equal(["a COMPLETED", "b SCHEDULED"], run.Shown);
        Assert.Equal("""{"given":1}""", run.Task("b").Input.GetRawText());
        Assert.Equal("order-8", run.Execution.CorrelationId);
        Assert.Equal(WorkflowStatus.Completed, run.Complete("b").Status);
    }

    [Fact]
    public void A_rerun_from_the_start_takes_another_input()
    {
        var run = In("FAILED").Do(new WorkflowChange.Rerun(null, null, JsonBuilder.Read("""{"x":1}"""), null));

        Assert.Equal(["a SCHEDULED"], run.Shown);
        Assert.Equal("""{"x":1}""", run.Execution.Input.GetRawText());
    }

    [Fact]
    public void A_rerun_from_a_task_that_is_not_there_is_invalid()
        => Assert.Equal(RefusalKind.Invalid, In("FAILED").Try(new WorkflowChange.Rerun("none", null, null, null))!.Kind);

    [Fact]
    public void A_rerun_within_a_fork_in_a_loop_opens_what_is_around_it()
    {
        var run = Run.Of("""
            {"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"$.l.iteration < 3","loopOver":[
              {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"x","taskReferenceName":"x"}],[{"name":"y","taskReferenceName":"y"}]]},
              {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["x","y"]}]}
            """);
        for (var round = 1; round <= 3; round++) run.Complete($"x__{round}", $$"""{"r":{{round}}}""").Complete($"y__{round}");
        Assert.Equal(WorkflowStatus.Completed, run.Status);

        run.Do(new WorkflowChange.Rerun(run.Task("y__2").Id, null, null, null));

        Assert.Equal(["l IN_PROGRESS", "f__1 COMPLETED", "x__1 COMPLETED", "y__1 COMPLETED", "j__1 COMPLETED", "f__2 COMPLETED", "x__2 COMPLETED", "y__2 SCHEDULED", "j__2 IN_PROGRESS"], run.Shown);
        Assert.Equal("""{"iteration":2,"1":{"x":{"r":1},"y":{},"f":{},"j":{"x":{"r":1}}}}""".Length, run.Task("l").Output.GetRawText().Length);
        run.Complete("y__2").Complete("x__3").Complete("y__3");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_task_that_is_not_scheduled_yet_is_skipped()
    {
        var run = In("NEW").Do(new WorkflowChange.Skip("b", JsonBuilder.Read("""{"i":1}"""), JsonBuilder.Read("""{"o":2}"""))).Complete("a");

        Assert.Equal(["a COMPLETED", "b SKIPPED"], run.Shown);
        Assert.Equal("""{"o":2}""", run.Output);
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_task_that_the_definition_does_not_have_is_not_skipped()
        => Assert.Equal(RefusalKind.NotFound, In("NEW").Try(new WorkflowChange.Skip("none", JsonBuilder.Read("{}"), JsonBuilder.Read("{}")))!.Kind);

    [Fact]
    public void Variables_over_the_limit_are_refused()
        => Assert.Equal(RefusalKind.Invalid, In("NEW").Try(new WorkflowChange.SetVariables(JsonBuilder.Read($$"""{"x":"{{new string('x', 300_000)}}"}""")))!.Kind);

    [Fact]
    public void A_revived_child_puts_its_parent_back()
    {
        var run = Run.Of("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"c","taskReferenceName":"c","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"kid"}}],[{"name":"y","taskReferenceName":"y"}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["c","y"]}
            """);
        run.Take("c", "node", TimeSpan.FromMinutes(1)).Visit("c", new() { Status = AttemptStatus.InProgress, SubWorkflowId = "kid-1" });
        run.Children["kid-1"] = new EndedChild(WorkflowStatus.Failed, WorkflowExecution.EmptyObject, "no");
        run.Pass(1);
        Assert.Equal(WorkflowStatus.Failed, run.Status);
        run.Children.Clear();

        run.Do(new WorkflowChange.ChildRevived(run.Task("c").Id));

        Assert.Equal(["RUNNING", "IN_PROGRESS", "SCHEDULED", "IN_PROGRESS"], new[] { run.Status.Name, run.Shows("c"), run.Shows("y"), run.Shows("j") });
        run.Children["kid-1"] = new EndedChild(WorkflowStatus.Completed, JsonBuilder.Read("""{"k":1}"""), null);
        run.Pass(1).Complete("y");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_failed_execution_starts_its_failure_workflow_once()
    {
        var run = Run.Of(Two, """{"amount":12}""", """ "failureWorkflow":"clean_up","failureWorkflowVersion":4, """).Fail("a", reason: "broken");

        Assert.Equal(("clean_up", 4), (run.Failure!.Name, run.Failure.Version));
        var input = run.Failure.Input;
        Assert.Equal(12, input.GetProperty("amount").GetInt32());
        Assert.Equal(("w1", "FAILED", run.Task("a").Id), (input.GetProperty("workflowId").GetString(), input.GetProperty("failureStatus").GetString(), input.GetProperty("failureTaskId").GetString()));
        Assert.Contains("broken", input.GetProperty("reason").GetString());
        Assert.Equal("FAILED", input.GetProperty("failedWorkflow").GetProperty("status").GetString());
        Assert.Equal(1, input.GetProperty("failedWorkflow").GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public void A_definition_with_types_that_are_not_run_is_stored_and_not_started()
    {
        var run = Run.Prepared("""{"name":"q","taskReferenceName":"jq_it","type":"JSON_JQ_TRANSFORM","inputParameters":{"queryExpression":".a"}}""");

        var refused = Assert.IsType<Decision.Refused>(run.TryStart(new StartRequest { Id = "w", Definition = run.Definition }));

        Assert.Equal(RefusalKind.Invalid, refused.Kind);
        Assert.Contains("jq_it (JSON_JQ_TRANSFORM)", refused.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100)]
    public void A_priority_is_0_to_99(int priority)
        => Assert.IsType<Decision.Refused>(Run.Prepared(Two).TryStart(new StartRequest { Id = "w", Definition = Run.Prepared(Two).Definition, Priority = priority }));

    [Fact]
    public void Absent_keys_of_the_input_are_filled_from_the_definition()
    {
        var run = Run.Of(Two, """{"a":null,"b":{"x":1}}""", """ "inputTemplate":{"a":1,"b":{"y":2},"c":3}, """);

        Assert.Equal("""{"a":null,"b":{"x":1},"c":3}""", run.Execution.Input.GetRawText());
    }
}
