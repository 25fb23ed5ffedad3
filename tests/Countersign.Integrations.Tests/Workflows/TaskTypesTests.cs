using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>What each type of task does (workflow contract 6).</summary>
public class TaskTypesTests
{
    private const string A = """{"name":"a","taskReferenceName":"a"}""";
    private const string B = """{"name":"b","taskReferenceName":"b"}""";

    [Fact]
    public void Tasks_run_one_after_the_other_and_the_last_output_is_the_executions()
    {
        var run = Run.Of($"{A},{B}");

        Assert.Equal(["a SCHEDULED"], run.Shown);
        run.Take("a").Complete("a", """{"x":1}""");
        Assert.Equal(["a COMPLETED", "b SCHEDULED"], run.Shown);
        run.Complete("b", """{"y":2}""");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal("""{"y":2}""", run.Output);
    }

    [Fact]
    public void Inputs_and_outputs_are_filled_from_expressions()
    {
        var run = Run.Of(
            """{"name":"a","taskReferenceName":"a","inputParameters":{"to":"${workflow.input.to}","id":"${CPEWF_TASK_ID}","host":"https://${workflow.env.HOST}/","s":"${workflow.secrets.S}"}},""" + B,
            """{"to":"ann"}""", """ "outputParameters":{"r":"${a.output.x}","s":"${workflow.status}","b":"${b.status}"}, """);

        Assert.Equal($$"""{"to":"ann","id":"{{run.Task("a").Id}}","host":"https://example.org/","s":"${workflow.secrets.S}"}""", run.Task("a").Input.GetRawText());
        run.Complete("a", """{"x":[1]}""").Complete("b");
        Assert.Equal("""{"r":[1],"s":"COMPLETED","b":"COMPLETED"}""", run.Output);
    }

    [Theory]
    [InlineData("yes", "a")]
    [InlineData("no", "b")]
    [InlineData("none", null)]
    [InlineData("else", "d")]
    public void A_switch_runs_the_case_of_its_value(string value, string? chosen)
    {
        const string Switch = """
            {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.input.v}"},
             "decisionCases":{"yes":[{"name":"a","taskReferenceName":"a"}],"no":[{"name":"b","taskReferenceName":"b"}],"none":[]},"defaultCase":[{"name":"d","taskReferenceName":"d"}]}
            """;

        var run = Run.Of(Switch, $$"""{"v":"{{value}}"}""");

        Assert.Equal($$"""{"evaluationResult":["{{value}}"],"selectedCase":"{{value}}"}""", run.Task("s").Output.GetRawText());
        if (chosen is null)
        {
            Assert.Equal(["s COMPLETED"], run.Shown);
        }
        else
        {
            Assert.Equal(["s COMPLETED", $"{chosen} SCHEDULED"], run.Shown);
            run.Complete(chosen, """{"r":1}""");
            Assert.Equal("""{"r":1}""", run.Output);
        }
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_switch_by_script_sees_its_input_and_a_failing_script_fails_it()
    {
        const string Switch = """
            {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"javascript","expression":"$.n.length > 1 ? 2 : 'one'","inputParameters":{"n":"${workflow.input.n}"},
             "decisionCases":{"2":[{"name":"a","taskReferenceName":"a"}]}}
            """;

        Assert.Equal(["s COMPLETED", "a SCHEDULED"], Run.Of(Switch, """{"n":[1,2]}""").Shown);
        Assert.Equal("""{"evaluationResult":["one"],"selectedCase":"one"}""", Run.Of(Switch, """{"n":[1]}""").Task("s").Output.GetRawText());
        var failed = Run.Of(Switch);
        Assert.Equal(WorkflowStatus.Failed, failed.Status);
        Assert.Equal(["s"], failed.Execution.FailedReferenceTaskNames.AsEnumerable());
        Assert.Contains("null", failed.Execution.ReasonForIncompletion);
    }

    private static string Fork(string more = "", string branchMore = "", string joinOn = "\"a2\",\"b\"") => $$"""
        {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
          [{"name":"a","taskReferenceName":"a"},{"name":"a2","taskReferenceName":"a2"{{branchMore}}}],
          [{"name":"b","taskReferenceName":"b"}]]},
        {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":[{{joinOn}}]{{more}}}
        """;

    [Fact]
    public void A_fork_runs_its_branches_at_once_and_the_join_gathers_them()
    {
        var run = Run.Of(Fork());

        Assert.Equal(["f COMPLETED", "a SCHEDULED", "b SCHEDULED", "j IN_PROGRESS"], run.Shown);
        Assert.Equal("FORK", run.Task("f").Type);
        run.Complete("b", """{"r":"b"}""").Complete("a");
        Assert.Equal("IN_PROGRESS", run.Shows("j"));
        run.Complete("a2", """{"r":"a"}""");
        Assert.Equal("""{"a2":{"r":"a"},"b":{"r":"b"}}""", run.Task("j").Output.GetRawText());
        Assert.Equal(run.Task("j").Output.GetRawText(), run.Output);
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_join_without_names_completes_at_once_but_the_execution_waits_for_the_branches()
    {
        var run = Run.Of(Fork(joinOn: ""));

        Assert.Equal("COMPLETED", run.Shows("j"));
        Assert.Equal(WorkflowStatus.Running, run.Status);
        run.Complete("a").Complete("b").Complete("a2");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_join_fails_as_soon_as_a_branch_has_failed_for_good()
    {
        var run = Run.Of(Fork());

        run.Fail("b");

        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal(["f COMPLETED", "a CANCELED", "b FAILED", "j FAILED"], run.Shown);
        Assert.Equal(["b"], run.Execution.FailedReferenceTaskNames.AsEnumerable());
    }

    [Fact]
    public void A_join_waits_for_all_when_the_failed_task_is_permissive_and_then_fails()
    {
        var run = Run.Of(Fork(branchMore: ""","permissive":true"""));
        run.Complete("a").Fail("a2");

        Assert.Equal("IN_PROGRESS", run.Shows("j"));
        run.Complete("b");

        Assert.Equal("FAILED", run.Shows("j"));
        Assert.Equal(WorkflowStatus.Failed, run.Status);
    }

    [Fact]
    public void A_join_with_an_optional_failure_completes_with_errors()
    {
        var run = Run.Of(Fork(branchMore: ""","optional":true"""));
        run.Complete("a").Fail("a2").Complete("b");

        Assert.Equal("COMPLETED_WITH_ERRORS", run.Shows("a2"));
        Assert.Equal("COMPLETED_WITH_ERRORS", run.Shows("j"));
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_join_waits_for_the_chosen_case_and_not_for_the_others()
    {
        const string Tasks = """
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
              [{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"x"},
                "decisionCases":{"x":[{"name":"x","taskReferenceName":"x"}],"y":[{"name":"y","taskReferenceName":"y"}]}}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["s","x","y"]}
            """;
        var run = Run.Of(Tasks);

        Assert.Equal("IN_PROGRESS", run.Shows("j"));
        run.Complete("x", """{"r":1}""");

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal("""{"s":{"evaluationResult":["x"],"selectedCase":"x"},"x":{"r":1}}""", run.Task("j").Output.GetRawText());
    }

    [Theory]
    [InlineData("2 days 3h", 183_600)]
    [InlineData("90 s", 90)]
    [InlineData("1 hour 30 minutes", 5_400)]
    [InlineData("10min5sec", 605)]
    [InlineData("1 day", 86_400)]
    [InlineData("3", null)]
    [InlineData("5 s 3 h", null)]
    [InlineData("1 fortnight", null)]
    public void A_wait_lasts_as_long_as_its_duration_says(string duration, int? seconds)
    {
        var run = Run.Of($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"{{duration}}"} }""");

        if (seconds is null)
        {
            Assert.Equal("FAILED_WITH_TERMINAL_ERROR", run.Shows("w"));
            return;
        }
        Assert.Equal(run.Now.AddSeconds(seconds.Value), run.Execution.DueAt);
        run.Pass(seconds.Value - 1);
        Assert.Equal("IN_PROGRESS", run.Shows("w"));
        run.Pass(1);
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Theory]
    [InlineData("2026-12-01 10:30", "2026-12-01T10:30:00Z")]
    [InlineData("2026-12-01 10:30 UTC", "2026-12-01T10:30:00Z")]
    [InlineData("2026-12-01 10:30 GMT+02:00", "2026-12-01T08:30:00Z")]
    [InlineData("2026-12-01 10:30 +0530", "2026-12-01T05:00:00Z")]
    [InlineData("2026-12-01", "2026-12-01T00:00:00Z")]
    public void A_wait_lasts_until_its_time(string until, string expected)
    {
        var run = Run.Of($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"{{until}}"} }""");

        Assert.Equal(DateTimeOffset.Parse(expected), run.Execution.DueAt);
    }

    [Theory]
    [InlineData("/usr/share/zoneinfo/Europe/Vienna")]
    [InlineData("../zoneinfo/Europe/Vienna")]
    [InlineData("Europe/../Europe/Vienna")]
    [InlineData("/dev/null")]
    public void The_zone_of_a_wait_is_a_name_and_no_path(string zone)
    {
        var run = Run.Of($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"2026-12-01 10:30 {{zone}}"} }""");

        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", run.Shows("w"));
    }

    [Fact]
    public void A_wait_until_a_time_in_the_past_is_over_at_once()
        => Assert.Equal(WorkflowStatus.Completed, Run.Of("""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"2020-01-01"}}""").Status);

    [Theory]
    [InlineData("WAIT")]
    [InlineData("HUMAN")]
    public void A_wait_without_a_time_and_a_person_wait_for_an_update(string type)
    {
        var run = Run.Of($$"""{"name":"w","taskReferenceName":"w","type":"{{type}}"}""");

        Assert.Equal("IN_PROGRESS", run.Shows("w"));
        Assert.Null(run.Execution.DueAt);
        run.Update("w", AttemptStatus.InProgress, """{"seen":true}""");
        Assert.Equal("""{"seen":true}""", run.Task("w").Output.GetRawText());
        Assert.Equal("IN_PROGRESS", run.Shows("w"));
        run.Do(new WorkflowChange.Update(new TaskUpdate { ReferenceName = "w", Status = AttemptStatus.Completed, Output = JsonBuilder.Read("""{"ok":1}""") }));
        Assert.Equal("""{"seen":true,"ok":1}""", run.Output);
    }

    [Fact]
    public void Variables_are_set_and_read_and_bounded()
    {
        const string Set = """
            {"name":"s","taskReferenceName":"s","type":"SET_VARIABLE","inputParameters":{"n":"${workflow.input.n}","list":[1]}},
            {"name":"i","taskReferenceName":"i","type":"INLINE","inputParameters":{"v":"${workflow.variables.n}","expression":"$.v"}}
            """;
        var run = Run.Of(Set, """{"n":{"a":null}}""", """ "variables":{"first":1,"n":0}, """);

        Assert.Equal("""{"first":1,"n":{"a":null},"list":[1]}""", run.Execution.Variables.GetRawText());
        Assert.Equal("""{"result":{"a":null}}""", run.Output);

        var tooLarge = Run.Of(Set, $$"""{"n":"{{new string('x', 256 * 1024)}}"}""", """ "variables":{"first":1}, """);
        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", tooLarge.Shows("s"));
        Assert.Contains("262144", tooLarge.Task("s").ReasonForIncompletion);
        Assert.Equal("""{"first":1}""", tooLarge.Execution.Variables.GetRawText());
    }

    [Theory]
    [InlineData("COMPLETED", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("FAILED", "\"text\"", "{\"output\":\"text\"}")]
    [InlineData("TERMINATED", "null", "{}")]
    public void Terminate_ends_everything(string status, string output, string expected)
    {
        var run = Run.Of($$"""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"a","taskReferenceName":"a"}],[{"name":"b","taskReferenceName":"b"},
              {"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"{{status}}","terminationReason":"enough","workflowOutput":{{output}} } }]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","t"]}
            """);
        run.Complete("b");

        Assert.Equal(status, run.Status.Name);
        Assert.Equal("enough", run.Execution.ReasonForIncompletion);
        Assert.Equal(expected, run.Output);
        Assert.Equal(["f COMPLETED", "a CANCELED", "b COMPLETED", "j CANCELED", "t COMPLETED"], run.Shown);
    }

    [Fact]
    public void Inline_gives_its_scripts_value()
    {
        var run = Run.Of("""{"name":"i","taskReferenceName":"i","type":"INLINE","inputParameters":{"evaluatorType":"graaljs","expression":"(function () { return {sum: $.a + $.b}; })()","a":1,"b":"${workflow.input.b}"}}""", """{"b":41}""");

        Assert.Equal("""{"result":{"sum":42}}""", run.Output);
    }

    [Fact]
    public void Inline_that_fails_is_not_tried_again_and_tells_why()
    {
        var run = Run.Of("""{"name":"i","taskReferenceName":"i","type":"INLINE","taskDefinition":{"retryCount":3},"inputParameters":{"expression":"throw new Error('no way')"}}""");

        Assert.Equal(["i FAILED_WITH_TERMINAL_ERROR"], run.Shown);
        Assert.Contains("no way", run.Task("i").Output.GetProperty("error").GetString());
    }

    [Fact]
    public void A_noop_does_nothing() => Assert.Equal(WorkflowStatus.Completed, Run.Of("""{"name":"n","taskReferenceName":"n","type":"NOOP"}""").Status);

    [Theory]
    [InlineData(WorkflowStatus.Completed, "COMPLETED", WorkflowStatus.Completed)]
    [InlineData(WorkflowStatus.Failed, "FAILED", WorkflowStatus.Failed)]
    [InlineData(WorkflowStatus.Terminated, "CANCELED", WorkflowStatus.Terminated)]
    [InlineData(WorkflowStatus.TimedOut, "TIMED_OUT", WorkflowStatus.TimedOut)]
    public void A_sub_workflow_ends_as_its_child_does(WorkflowStatus child, string task, WorkflowStatus expected)
    {
        var run = Run.Of("""{"name":"c","taskReferenceName":"c","type":"SUB_WORKFLOW","inputParameters":{"x":1},"subWorkflowParam":{"name":"${workflow.input.child}","version":2}}""", """{"child":"kid"}""");

        Assert.Equal("""{"name":"kid","version":2}""", run.Task("c").Memory!.Value.GetRawText());
        run.Take("c", "node", TimeSpan.FromMinutes(1)).Visit("c", new() { Status = AttemptStatus.InProgress, SubWorkflowId = "child-1" });
        Assert.Equal("""{"subWorkflowId":"child-1"}""", run.Task("c").Output.GetRawText());
        run.Pass(10);
        Assert.Equal("IN_PROGRESS", run.Shows("c"));

        run.Children["child-1"] = new EndedChild(child, JsonBuilder.Read("""{"r":1}"""), "because");
        run.Pass(1);

        Assert.Equal(task, run.Shows("c"));
        Assert.Equal("""{"subWorkflowId":"child-1","r":1}""", run.Task("c").Output.GetRawText());
        Assert.Equal(expected, run.Status);
    }

    [Fact]
    public void Expressions_in_an_inline_definition_are_the_childs_own()
    {
        var run = Run.Of("""{"name":"c","taskReferenceName":"c","type":"SUB_WORKFLOW","subWorkflowParam":{"priority":"${workflow.input.p}","workflowDefinition":{"name":"kid","tasks":[{"name":"x","taskReferenceName":"x","inputParameters":{"a":"${workflow.input.p}"}}]}}}""", """{"p":7}""");

        Assert.Equal("""{"priority":7}""", run.Task("c").Memory!.Value.GetRawText());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_child_of_a_cancelled_task_is_an_orphan_also_when_its_start_is_not_noted_yet(bool isNoted)
    {
        var run = Run.Of("""{"name":"c","taskReferenceName":"c","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"kid"}}""");
        run.Take("c", "node", TimeSpan.FromMinutes(1));
        if (isNoted) run.Visit("c", new() { Status = AttemptStatus.InProgress, SubWorkflowId = DerivedIds.OfChild(run.Task("c").Id) });

        run.Do(new WorkflowChange.Terminate("stop"));

        Assert.Equal([DerivedIds.OfChild(run.Task("c").Id)], run.Orphans);
    }

    [Fact]
    public void An_execution_that_an_idempotency_key_found_is_nobodys_orphan()
    {
        var run = Run.Of("""{"name":"c","taskReferenceName":"c","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"kid","idempotencyKey":"k"}}""");
        run.Take("c", "node", TimeSpan.FromMinutes(1)).Visit("c", new() { Status = AttemptStatus.InProgress, SubWorkflowId = "somebody-elses" });

        run.Do(new WorkflowChange.Terminate("stop"));

        Assert.DoesNotContain("somebody-elses", run.Orphans);
    }

    [Fact]
    public void What_a_request_says_of_asyncComplete_wins_over_its_task()
    {
        var run = Run.Of("""{"name":"h","taskReferenceName":"h","type":"HTTP","asyncComplete":true,"inputParameters":{"uri":"https://a.example","method":"GET","asyncComplete":false}}""");

        run.Take("h", "node", TimeSpan.FromMinutes(1)).Visit("h", new() { Status = AttemptStatus.Completed });

        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Theory]
    [InlineData("v")]
    [InlineData("v__1")]
    public void Nobodys_word_alone_completes_a_verification(string reference)
    {
        var run = Run.Of(Loop("false", inner: """{"name":"v","taskReferenceName":"v","type":"COUNTERSIGN_VERIFY","inputParameters":{"userId":"u","factorType":"push"}}"""));
        run.Take("v__1", "node", TimeSpan.FromMinutes(1)).Visit("v__1", new() { Status = AttemptStatus.InProgress });

        var byReference = run.Try(new WorkflowChange.Update(new TaskUpdate { ReferenceName = reference, Status = AttemptStatus.Completed, Output = JsonBuilder.Read("""{"factorResult":"SUCCESS"}""") }));
        var byId = run.Try(new WorkflowChange.Update(new TaskUpdate { TaskId = run.Task("v__1").Id, Status = AttemptStatus.Completed }));

        Assert.Equal((RefusalKind.WrongState, RefusalKind.WrongState), (byReference?.Kind, byId?.Kind));
        Assert.Equal(["l IN_PROGRESS", "v__1 IN_PROGRESS"], run.Shown);
        Assert.Equal("v__1", WorkflowDecider.FindOpen(run.Execution.Tasks, new TaskUpdate { ReferenceName = reference, Status = AttemptStatus.Completed })?.ReferenceName);
    }

    private static string Loop(string condition, string more = "", string inner = """{"name":"x","taskReferenceName":"x","inputParameters":{"n":"${l.output.iteration}"}}""")
        => $$"""{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"{{condition}}","loopOver":[{{inner}}]{{more}}}""";

    [Fact]
    public void A_loop_runs_until_its_condition_fails()
    {
        var run = Run.Of(Loop("if ($.x['go'] && $.l['iteration'] < $.most) { true; } else { false; }", ""","inputParameters":{"most":3}"""));

        Assert.Equal(["l IN_PROGRESS", "x__1 SCHEDULED"], run.Shown);
        Assert.Equal((1, "l"), (run.Task("x__1").Iteration, run.Task("x__1").LoopReferenceName));
        run.Complete("x__1", """{"go":true,"r":1}""");
        Assert.Equal("""{"n":2}""", run.Task("x__2").Input.GetRawText());
        run.Complete("x__2", """{"go":true,"r":2}""").Complete("x__3", """{"go":true,"r":3}""");

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal("""{"iteration":3,"1":{"x":{"go":true,"r":1}},"2":{"x":{"go":true,"r":2}},"3":{"x":{"go":true,"r":3}}}""", run.Output);
    }

    [Fact]
    public void A_loop_goes_through_its_items()
    {
        var run = Run.Of(
            """{"name":"l","taskReferenceName":"l","type":"DO_WHILE","items":"${workflow.input.list}","loopOver":[{"name":"x","taskReferenceName":"x","inputParameters":{"i":"${l.output.loopItem}","n":"${l.input.loopIndex}"}}]}""",
            """{"list":["a",{"b":1}]}""");

        Assert.Equal("""{"i":"a","n":0}""", run.Task("x__1").Input.GetRawText());
        run.Complete("x__1");
        Assert.Equal("""{"i":{"b":1},"n":1}""", run.Task("x__2").Input.GetRawText());
        run.Complete("x__2");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Theory]
    [InlineData("[]", "COMPLETED", "{\"iteration\":0}")]
    [InlineData("{}", "FAILED_WITH_TERMINAL_ERROR", "{}")]
    public void A_loop_over_no_items_is_done_and_over_something_else_fails(string list, string status, string output)
    {
        var run = Run.Of("""{"name":"l","taskReferenceName":"l","type":"DO_WHILE","items":"${workflow.input.list}","loopOver":[{"name":"x","taskReferenceName":"x"}]}""", $$"""{"list":{{list}}}""");

        Assert.Equal(status, run.Shows("l"));
        Assert.Equal(output, run.Task("l").Output.GetRawText());
    }

    [Fact]
    public void A_loop_keeps_its_last_rounds()
    {
        var run = Run.Of(Loop("$.l.iteration < 5", ""","inputParameters":{"keepLastN":2}""", """{"name":"n","taskReferenceName":"n","type":"INLINE","inputParameters":{"expression":"$.i","i":"${l.output.iteration}"}}"""));

        Assert.Equal("""{"iteration":5,"4":{"n":{"result":4}},"5":{"n":{"result":5}}}""", run.Output);
        Assert.Equal(["l COMPLETED", "n__3 COMPLETED", "n__4 COMPLETED", "n__5 COMPLETED"], run.Shown);
    }

    [Fact]
    public void A_loop_of_built_in_tasks_ends_at_the_guard()
    {
        var run = Run.Of(Loop("true", ""","inputParameters":{"keepLastN":1}""", """{"name":"n","taskReferenceName":"n","type":"NOOP"}"""));

        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", run.Shows("l"));
        Assert.Contains("10000", run.Task("l").ReasonForIncompletion);
    }

    [Fact]
    public void Loops_in_loops_have_names_of_their_own()
    {
        var run = Run.Of(Loop("$.l.iteration < 2", "", """
            {"name":"m","taskReferenceName":"m","type":"DO_WHILE","loopCondition":"$.m.iteration < 2","loopOver":[
              {"name":"n","taskReferenceName":"n","type":"INLINE","inputParameters":{"expression":"$.o + '.' + $.i","o":"${l.output.iteration}","i":"${m.output.iteration}"}}]}
            """));

        Assert.Equal(["l", "m__1", "n__1__1", "n__1__2", "m__2", "n__2__1", "n__2__2"], run.Execution.Tasks.Select(task => task.ReferenceName));
        Assert.Equal("2.2", run.Task("n__2__2").Output.GetProperty("result").GetString());
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_failing_inner_task_fails_the_loop_and_a_failing_condition_too()
    {
        var inner = Run.Of(Loop("true"));
        inner.Fail("x__1");
        Assert.Equal(["l FAILED", "x__1 FAILED"], inner.Shown);
        Assert.Equal(WorkflowStatus.Failed, inner.Status);
        Assert.Contains("no luck", inner.Execution.ReasonForIncompletion);

        var condition = Run.Of(Loop("$.none.x"));
        condition.Complete("x__1");
        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", condition.Shows("l"));
    }

    [Fact]
    public void An_optional_loop_takes_its_failure_with_it()
    {
        var run = Run.Of(Loop("true", ""","optional":true""") + "," + A);
        run.Fail("x__1");

        Assert.Equal(["l COMPLETED_WITH_ERRORS", "x__1 FAILED", "a SCHEDULED"], run.Shown);
        run.Complete("a");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void A_dynamic_task_is_a_workers_of_the_name_that_its_input_says()
    {
        const string Dynamic = """{"name":"d","taskReferenceName":"d","type":"DYNAMIC","dynamicTaskNameParam":"which","inputParameters":{"which":"${workflow.input.which}"}}""";
        var run = Run.Of(Dynamic, """{"which":"resize"}""", prepare: each => each.Register("""{"name":"resize","retryCount":1,"retryDelaySeconds":5,"inputTemplate":{"size":7}}"""));

        Assert.Equal(("resize", "resize", CarriedOutBy.Worker), (run.Task("d").Type, run.Task("d").Task.Name, run.Task("d").By));
        Assert.Equal("""{"which":"resize","size":7}""", run.Task("d").Input.GetRawText());
        run.Fail("d");
        Assert.Equal(("resize", 1), (run.Task("d").Type, run.Task("d").RetryCount));

        Assert.Equal(["d FAILED_WITH_TERMINAL_ERROR"], Run.Of(Dynamic, """{"which":7}""").Shown);
    }

    [Fact]
    public void A_loop_that_ends_early_cancels_what_is_open_in_it()
    {
        var timed = Run.Of(Loop("true", ""","optional":true,"taskDefinition":{"timeoutSeconds":60,"timeoutPolicy":"RETRY"}""") + "," + A).Take("x__1").Pass(60);
        Assert.Equal(["l COMPLETED_WITH_ERRORS", "x__1 CANCELED", "a SCHEDULED"], timed.Shown);

        var byHand = Run.Of(Loop("true") + "," + A).Complete("l");
        Assert.Equal(["l COMPLETED", "x__1 CANCELED", "a SCHEDULED"], byHand.Shown);
        Assert.Equal(WorkflowStatus.Completed, byHand.Complete("a").Status);
    }

    private const string DynamicFork = """
        {"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"tasks","dynamicForkTasksInputParamName":"inputs",
         "inputParameters":{"tasks":"${workflow.input.tasks}","inputs":"${workflow.input.inputs}"}},
        {"name":"j","taskReferenceName":"j","type":"JOIN"}
        """;

    [Fact]
    public void A_dynamic_fork_makes_its_branches_from_tasks_and_does_not_evaluate_their_inputs()
    {
        var run = Run.Of(DynamicFork, """
            {"tasks":[{"name":"p","taskReferenceName":"p1","inputParameters":{"w":"${workflow.workflowId}"}},{"name":"p","taskReferenceName":"p2","type":"SIMPLE"}],
             "inputs":{"p1":{"x":"${workflow.secrets.S}"},"p2":{"y":["$${a}"]}}}
            """);

        Assert.Equal(["f COMPLETED", "p1 SCHEDULED", "p2 SCHEDULED", "j IN_PROGRESS"], run.Shown);
        Assert.Equal("""{"w":"w1","x":"${workflow.secrets.S}"}""", run.Task("p1").Input.GetRawText());
        Assert.Empty(run.Task("p1").Task.SecretNames(null));
        Assert.Equal("""{"y":["$${a}"]}""", run.Task("p2").Input.GetRawText());
        run.Complete("p2", """{"r":2}""").Complete("p1");
        Assert.Equal("""{"p2":{"r":2}}""", run.Output);
    }

    [Fact]
    public void A_dynamic_fork_makes_its_branches_from_inputs()
    {
        var run = Run.Of("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"p","forkTaskInputs":"${workflow.input.list}"}},
            {"name":"j","taskReferenceName":"j","type":"JOIN"}
            """, """{"list":[{"a":1},"b"]}""");

        Assert.Equal("""{"a":1,"__index":0}""", run.Task("_p_0").Input.GetRawText());
        Assert.Equal("""{"input":"b","__index":1}""", run.Task("_p_1").Input.GetRawText());
        Assert.Equal("p", run.Task("_p_0").Type);
    }

    [Fact]
    public void A_dynamic_fork_starts_workflows()
    {
        var run = Run.Of("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskWorkflow":"kid","forkTaskWorkflowVersion":3,"forkTaskInputs":[{"a":1}]}},
            {"name":"j","taskReferenceName":"j","type":"JOIN"}
            """);

        Assert.Equal(("SUB_WORKFLOW", """{"name":"kid","version":3}"""), (run.Task("_kid_0").Type, run.Task("_kid_0").Memory!.Value.GetRawText()));
    }

    [Theory]
    [InlineData("""{"tasks":7}""", "not a list")]
    [InlineData("""{"tasks":[{"name":"p","taskReferenceName":"f"}]}""", "taken")]
    [InlineData("""{"tasks":[{"name":"p","taskReferenceName":"p"},{"name":"p","taskReferenceName":"p"}]}""", "taken")]
    [InlineData("""{"tasks":[{"name":"p","taskReferenceName":"p","type":"LAMBDA"}]}""", "LAMBDA")]
    [InlineData("""{"tasks":[{"taskReferenceName":"p"}]}""", "name is missing")]
    public void A_dynamic_fork_of_bad_data_fails_and_tells_why(string input, string why)
    {
        var run = Run.Of(DynamicFork, input);

        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", run.Shows("f"));
        Assert.Contains(why, run.Execution.ReasonForIncompletion);
    }

    [Fact]
    public void A_dynamic_fork_without_branches_is_done_at_once()
        => Assert.Equal(WorkflowStatus.Completed, Run.Of(DynamicFork, """{"tasks":[],"inputs":{}}""").Status);

    [Fact]
    public void An_unknown_type_is_a_workers_with_that_word_as_queue()
    {
        var run = Run.Of("""{"name":"n","taskReferenceName":"r","type":"MY_OWN"}""");

        Assert.Equal(("MY_OWN", "n", CarriedOutBy.Worker), (run.Task("r").Type, run.Task("r").Task.Name, run.Task("r").By));
    }

    [Fact]
    public void Domains_are_those_of_the_start()
    {
        var run = Run.Prepared($"{A},{B}");
        run.Start("{}", request => request with { TaskToDomain = request.TaskToDomain.Add("a", "blue").Add("*", "NO_DOMAIN") });

        Assert.Equal("blue", run.Task("a").Domain);
        Assert.Null(run.Complete("a").Task("b").Domain);
    }

    [Fact]
    public void Payloads_over_the_limit_fail_with_the_limit_and_the_size()
    {
        var large = $$"""{"x":"{{new string('x', 2_000_000)}}"}""";

        var input = Run.Of("""{"name":"a","taskReferenceName":"a","inputParameters":{"one":"${workflow.input.x}","two":"${workflow.input.x}"}}""", large);
        Assert.Contains("3145728", input.Execution.ReasonForIncompletion);

        var output = Run.Of(A);
        output.Complete("a", $$"""{"x":"{{new string('x', 3_200_000)}}"}""");
        Assert.Equal("FAILED_WITH_TERMINAL_ERROR", output.Shows("a"));
        Assert.Contains("3145728", output.Execution.ReasonForIncompletion);

        var refused = Run.Prepared(A).TryStart(new StartRequest { Id = "w", Definition = output.Definition, Input = JsonBuilder.Read($$"""{"x":"{{new string('x', 3_200_000)}}"}""") });
        Assert.Equal(RefusalKind.Invalid, Assert.IsType<Decision.Refused>(refused).Kind);
    }

    [Fact]
    public void Many_branches_are_scheduled_over_several_decisions()
    {
        var run = Run.Of("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"p","forkTaskInputs":"${workflow.input.list}"}},
            {"name":"j","taskReferenceName":"j","type":"JOIN"}
            """, $$"""{"list":[{{string.Join(',', Enumerable.Range(0, 1000))}}]}""");

        Assert.Equal(1002, run.Execution.Tasks.Length);
        Assert.All(run.Execution.Tasks, task => Assert.NotEqual(JsonValueKind.Undefined, task.Input.ValueKind));
    }
}
