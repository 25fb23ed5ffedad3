using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>Retries, time-outs and leases (workflow contract 7.3, 7.6, 8.6).</summary>
public class RetriesTests
{
    private static string Task(string definition, string more = "", string type = "SIMPLE")
        => $$"""{"name":"a","taskReferenceName":"a","type":"{{type}}","inputParameters":{"uri":"http://x","method":"POST","v":"${workflow.variables.v}"},"taskDefinition":{{{definition}}}{{more}}}""";

    [Theory]
    [InlineData("""{"retryDelaySeconds":60}""", new[] { 60, 60, 60 })]
    [InlineData("""{"retryDelaySeconds":60,"retryLogic":"LINEAR_BACKOFF","backoffScaleFactor":2}""", new[] { 120, 240, 360 })]
    [InlineData("""{"retryDelaySeconds":60,"retryLogic":"EXPONENTIAL_BACKOFF"}""", new[] { 60, 120, 240 })]
    [InlineData("""{"retryDelaySeconds":60,"retryLogic":"EXPONENTIAL_BACKOFF","maxRetryDelaySeconds":200}""", new[] { 60, 120, 200, 200 })]
    public void Delays_are_those_of_the_contract(string definition, int[] expected)
    {
        var read = new TaskDefinition(JsonBuilder.Read(definition));

        Assert.Equal(expected, expected.Select((_, index) => (int)read.RetryDelay(index).TotalSeconds));
    }

    [Fact]
    public void A_delay_saturates()
    {
        var read = new TaskDefinition(JsonBuilder.Read("""{"retryDelaySeconds":9223372036854775807,"retryLogic":"EXPONENTIAL_BACKOFF"}"""));

        Assert.Equal(Durations.Longest, read.RetryDelay(int.MaxValue));
    }

    [Fact]
    public void A_failed_attempt_is_followed_by_another_with_its_input_evaluated_afresh()
    {
        var run = Run.Of(Task("\"retryCount\":2,\"retryDelaySeconds\":10"), more: """ "variables":{"v":1}, """);
        var first = run.Task("a");
        run.Do(new WorkflowChange.SetVariables(JsonBuilder.Read("""{"v":2}"""))).Take("a").Fail("a");

        var second = run.Task("a");
        Assert.Equal(["a FAILED", "a SCHEDULED"], run.Shown);
        Assert.True(run.Execution.Tasks[0].IsRetried);
        Assert.Equal((first.Id, 1, 10), (second.RetriedTaskId, second.RetryCount, (int)second.CallbackAfterSeconds));
        Assert.Equal(run.Now.AddSeconds(10), second.ReadyAt);
        Assert.Equal(2, second.Input.GetProperty("v").GetInt32());
        run.Take("a");
        Assert.Equal("SCHEDULED", run.Shows("a"));

        run.Pass(10).Take("a").Fail("a").Pass(10).Take("a").Fail("a", reason: "third");
        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal("The task a ended as FAILED: third", run.Execution.ReasonForIncompletion);
        Assert.Equal(3, run.Execution.Tasks.Length);
    }

    [Theory]
    [InlineData("\"retryCount\":5", ",\"retryCount\":0", 1)]
    [InlineData("\"retryCount\":0", ",\"retryCount\":1", 2)]
    [InlineData("\"retryDelaySeconds\":0", "", 4)]
    public void The_tasks_own_count_replaces_the_definitions(string definition, string own, int attempts)
    {
        var run = Run.Of(Task(definition, own));
        while (run.Status is WorkflowStatus.Running) run.Pass(60).Fail("a");

        Assert.Equal(attempts, run.Execution.Tasks.Length);
    }

    [Fact]
    public void Without_a_definition_there_is_no_retry_and_no_time_out()
    {
        var run = Run.Of("""{"name":"a","taskReferenceName":"a","retryCount":5}""");

        Assert.Null(run.Execution.DueAt);
        Assert.Null(run.Take("a").Execution.DueAt);
        Assert.Equal(WorkflowStatus.Failed, run.Fail("a").Status);
    }

    [Fact]
    public void The_registered_definition_applies_unless_one_is_embedded()
    {
        const string Registered = """{"name":"a","retryCount":1,"retryDelaySeconds":7}""";

        var run = Run.Of("""{"name":"a","taskReferenceName":"a"}""", prepare: each => each.Register(Registered)).Fail("a");
        Assert.Equal(7, run.Task("a").CallbackAfterSeconds);

        run = Run.Of(Task("\"retryCount\":0"), prepare: each => each.Register(Registered)).Fail("a");
        Assert.Equal(WorkflowStatus.Failed, run.Status);
    }

    [Fact]
    public void Jitter_comes_on_top()
    {
        var run = Run.Of(Task("\"retryDelaySeconds\":10,\"backoffJitterMs\":500"), prepare: each => each.Chance = 0.5).Fail("a");

        Assert.Equal(run.Now.AddMilliseconds(10_250), run.Task("a").ReadyAt);
    }

    [Fact]
    public void A_terminal_error_is_not_retried()
        => Assert.Single(Run.Of(Task("\"retryCount\":5")).Fail("a", AttemptStatus.FailedWithTerminalError).Execution.Tasks);

    [Fact]
    public void An_optional_task_gives_up_with_errors_and_a_permissive_one_fails_at_the_end()
    {
        const string Next = ""","optional":true},{"name":"b","taskReferenceName":"b","permissive":true},{"name":"c","taskReferenceName":"c" """;
        var run = Run.Of(Task("\"retryCount\":0", Next));

        run.Fail("a", AttemptStatus.FailedWithTerminalError);
        Assert.Equal(["a COMPLETED_WITH_ERRORS", "b SCHEDULED"], run.Shown);
        run.Fail("b");
        Assert.Equal(["a COMPLETED_WITH_ERRORS", "b FAILED", "c SCHEDULED"], run.Shown);
        run.Complete("c");
        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal(["b"], run.Execution.FailedReferenceTaskNames.AsEnumerable());
    }

    [Fact]
    public void A_server_that_asks_to_wait_is_waited_for()
    {
        var run = Run.Of(Task("\"retryDelaySeconds\":5", type: "HTTP")).Take("a", "node", TimeSpan.FromMinutes(1));

        run.Visit("a", new TaskOutcome { Status = AttemptStatus.Failed, RetryAfter = TimeSpan.FromSeconds(90) });

        Assert.Equal(run.Now.AddSeconds(90), run.Task("a").ReadyAt);
    }

    [Fact]
    public void A_silent_worker_times_out_and_the_next_attempt_follows()
    {
        var run = Run.Of(Task("\"retryDelaySeconds\":0,\"responseTimeoutSeconds\":30")).Take("a");

        Assert.Equal(run.Now.AddSeconds(30), run.Execution.DueAt);
        run.Pass(29);
        Assert.Equal("IN_PROGRESS", run.Shows("a"));
        run.Do(new WorkflowChange.Update(new TaskUpdate { TaskId = run.Task("a").Id, Status = AttemptStatus.InProgress, ExtendsLease = true }));
        run.Pass(29);
        Assert.Equal("IN_PROGRESS", run.Shows("a"));
        run.Pass(1);
        Assert.Equal(["a TIMED_OUT", "a SCHEDULED"], run.Shown);
    }

    [Theory]
    [InlineData("RETRY", new[] { "a TIMED_OUT", "a SCHEDULED" }, WorkflowStatus.Running)]
    [InlineData("TIME_OUT_WF", new[] { "a TIMED_OUT" }, WorkflowStatus.TimedOut)]
    [InlineData("ALERT_ONLY", new[] { "a IN_PROGRESS" }, WorkflowStatus.Running)]
    public void An_attempt_that_takes_too_long_is_treated_by_its_policy(string policy, string[] shown, WorkflowStatus status)
    {
        var run = Run.Of(Task($"\"timeoutSeconds\":20,\"timeoutPolicy\":\"{policy}\"")).Pass(100).Take("a").Pass(20);

        Assert.Equal(shown, run.Shown);
        Assert.Equal(status, run.Status);
    }

    [Fact]
    public void A_task_that_nobody_fetches_times_out()
    {
        var run = Run.Of(Task("\"pollTimeoutSeconds\":20,\"timeoutPolicy\":\"TIME_OUT_WF\""));

        Assert.Equal(run.Now.AddSeconds(20), run.Execution.DueAt);
        Assert.Equal(WorkflowStatus.TimedOut, run.PassUntilDue().Status);
    }

    [Fact]
    public void All_attempts_together_have_a_time()
    {
        var run = Run.Of(Task("\"retryCount\":9,\"retryDelaySeconds\":10,\"totalTimeoutSeconds\":25,\"timeoutPolicy\":\"RETRY\"")).Fail("a").Pass(10).Fail("a").Pass(15);

        Assert.Equal(["a FAILED", "a FAILED", "a TIMED_OUT"], run.Shown);
        Assert.Equal(WorkflowStatus.TimedOut, run.Status);
    }

    [Fact]
    public void A_retry_of_the_execution_gives_all_attempts_their_time_anew()
    {
        var run = Run.Of(Task("\"retryCount\":0,\"totalTimeoutSeconds\":25")).Pass(25);
        Assert.Equal(WorkflowStatus.TimedOut, run.Status);

        run.Pass(1000).Do(new WorkflowChange.Retry(false)).Pass(24);

        Assert.Equal("SCHEDULED", run.Shows("a"));
        Assert.Equal(WorkflowStatus.TimedOut, run.Pass(1).Status);
    }

    [Theory]
    [InlineData("TIME_OUT_WF", WorkflowStatus.TimedOut)]
    [InlineData("ALERT_ONLY", WorkflowStatus.Running)]
    public void An_execution_has_a_time(string policy, WorkflowStatus status)
    {
        var run = Run.Of("""{"name":"a","taskReferenceName":"a"}""", more: $""" "timeoutSeconds":60,"timeoutPolicy":"{policy}", """).Take("a").Pass(60);

        Assert.Equal(status, run.Status);
        if (status is WorkflowStatus.TimedOut) Assert.Equal(["a CANCELED"], run.Shown);
    }

    [Fact]
    public void A_first_attempt_waits_for_its_start_delay()
    {
        var run = Run.Of(Task("", ",\"startDelay\":30")).Take("a");
        Assert.Equal("SCHEDULED", run.Shows("a"));
        Assert.Equal("IN_PROGRESS", run.Pass(30).Take("a").Shows("a"));

        var built = Run.Of("""{"name":"n","taskReferenceName":"n","type":"NOOP","startDelay":30}""");
        Assert.Equal(built.Now.AddSeconds(30), built.Execution.DueAt);
        Assert.Equal(WorkflowStatus.Completed, built.PassUntilDue().Status);
    }

    [Theory]
    [InlineData(true, new[] { "a SCHEDULED" })]
    [InlineData(false, new[] { "a TIMED_OUT", "a SCHEDULED" })]
    public void After_a_crash_an_attempt_is_carried_out_again_only_when_it_is_repeatable(bool isRepeatable, string[] shown)
    {
        var run = Run.Of(Task("\"retryDelaySeconds\":0", type: "HTTP"), prepare: each => each.IsRepeatable = isRepeatable).Take("a", "node", TimeSpan.FromSeconds(40));
        var id = run.Task("a").Id;

        run.Pass(40);

        Assert.Equal(shown, run.Shown);
        Assert.Equal(isRepeatable, run.Task("a").Id == id);
        if (isRepeatable)
        {
            // The node that was thought dead comes back: its word is not heard.
            run.Take("a", "other", TimeSpan.FromSeconds(40)).Visit("a", new TaskOutcome { Status = AttemptStatus.Failed });
            Assert.Equal(["a IN_PROGRESS"], run.Shown);
            run.Visit("a", new TaskOutcome { Status = AttemptStatus.Completed }, "other");
            Assert.Equal(WorkflowStatus.Completed, run.Status);
        }
        else
        {
            Assert.Contains("outcome is unknown", run.Execution.Tasks[0].ReasonForIncompletion);
        }
    }

    [Fact]
    public void A_crashed_call_without_a_retry_rule_ends_the_execution()
        => Assert.Equal(WorkflowStatus.TimedOut, Run.Of("""{"name":"a","taskReferenceName":"a","type":"HTTP","inputParameters":{"http_request":{}}}""").Take("a", "node", TimeSpan.FromSeconds(40)).Pass(40).Status);

    [Fact]
    public void A_task_that_polls_is_visited_again()
    {
        var run = Run.Of(Task("", type: "HTTP_POLL")).Take("a", "node", TimeSpan.FromSeconds(40));
        run.Visit("a", new TaskOutcome { Status = AttemptStatus.InProgress, VisitAgainAfter = TimeSpan.FromSeconds(60), Memory = JsonBuilder.Read("""{"n":1}""") });

        Assert.False(run.Task("a").IsReady(run.Now));
        Assert.Null(run.Task("a").LeaseUntil);
        run.Pass(60);
        Assert.True(run.Task("a").IsReady(run.Now));
        run.Take("a", "other", TimeSpan.FromSeconds(40)).Visit("a", new TaskOutcome { Status = AttemptStatus.Completed, Output = JsonBuilder.Read("""{"r":1}""") }, "other");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal(2, run.Task("a").PollCount);
    }

    [Fact]
    public void An_async_complete_call_waits_for_an_update()
    {
        var run = Run.Of(Task("", ",\"asyncComplete\":true", "HTTP_POLL")).Take("a", "node", TimeSpan.FromSeconds(40));
        run.Visit("a", new TaskOutcome { Status = AttemptStatus.Completed, Output = JsonBuilder.Read("""{"r":1}""") });

        Assert.Equal("IN_PROGRESS", run.Shows("a"));
        Assert.False(run.Task("a").IsReady(run.Now.AddYears(100)));
        run.Pass(3600).Update("a", AttemptStatus.InProgress, """{"half":true}""");
        Assert.Equal("IN_PROGRESS", run.Shows("a"));
        run.Complete("a", """{"done":true}""");
        Assert.Equal("""{"done":true}""", run.Output);
    }

    [Fact]
    public void A_workers_update_in_progress_hands_it_out_again_after_the_callback()
    {
        var run = Run.Of(Task("")).Take("a").Update("a", AttemptStatus.InProgress, """{"p":1}""", callback: 30);

        Assert.Equal("SCHEDULED", run.Shows("a"));
        Assert.Equal("SCHEDULED", run.Take("a").Shows("a"));
        Assert.Equal("IN_PROGRESS", run.Pass(30).Take("a").Shows("a"));
        Assert.Equal(2, run.Task("a").PollCount);
        run.Update("a", AttemptStatus.InProgress, callback: 3000).Do(new WorkflowChange.ResetCallbacks());
        Assert.True(run.Task("a").IsReady(run.Now));
        Assert.Equal(0, run.Task("a").CallbackAfterSeconds);
    }

    [Fact]
    public void Late_and_repeated_updates_are_accepted()
    {
        var run = Run.Of(Task("\"responseTimeoutSeconds\":30") + """,{"name":"b","taskReferenceName":"b"}""").Take("a");

        run.Complete("a", """{"r":1}""");
        var before = run.Execution;
        run.Complete("a", """{"r":2}""");
        Assert.Same(before, run.Execution);
        Assert.Equal("""{"r":1}""", run.Task("a").Output.GetRawText());
        run.Complete("b");
        run.Fail("b");
        Assert.Equal(WorkflowStatus.Completed, run.Status);
    }

    [Fact]
    public void Updates_of_what_is_not_there_or_not_possible_are_refused()
    {
        var run = Run.Of(Task(""));

        Assert.Equal(RefusalKind.NotFound, run.Try(new WorkflowChange.Update(new TaskUpdate { TaskId = "none", Status = AttemptStatus.Completed }))!.Kind);
        Assert.Contains("No such", run.Try(new WorkflowChange.Update(new TaskUpdate { ReferenceName = "none", Status = AttemptStatus.Completed }))!.Message);
        Assert.Equal(RefusalKind.Invalid, run.Try(new WorkflowChange.Update(new TaskUpdate { ReferenceName = "a", Status = AttemptStatus.Canceled }))!.Kind);
        Assert.Equal(RefusalKind.Invalid, run.Try(new WorkflowChange.Update(new TaskUpdate { ReferenceName = "a", Status = AttemptStatus.Completed, Output = JsonBuilder.Read("[]") }))!.Kind);
    }
}
