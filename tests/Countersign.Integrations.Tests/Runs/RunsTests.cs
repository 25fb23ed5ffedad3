using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Integrations.Tests.Runs;

/// <summary>What runs over a store, and what it does when the store or another node gets in its way.</summary>
public sealed class RunsTests : IDisposable
{
    private const string Call = """{"name":"call","taskReferenceName":"call","type":"HTTP","inputParameters":{"uri":"https://a.example","method":"GET"}}""";
    private const string Work = """{"name":"work","taskReferenceName":"work"}""";
    private const string Kid = """{"name":"kid","taskReferenceName":"kid","type":"SUB_WORKFLOW","subWorkflowParam":{"workflowDefinition":{"name":"kid","tasks":[{"name":"work","taskReferenceName":"work"}]}}}""";

    private const string Failing = """{"name":"end","taskReferenceName":"end","type":"TERMINATE","inputParameters":{"terminationStatus":"FAILED"}}""";

    private readonly MemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));
    private readonly HeldTask _http = new();
    private readonly SlowScripts _scripts = new();
    private readonly ServiceProvider _services;

    public RunsTests()
    {
        _scripts.Clock = _clock;
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton<IWorkflowStore>(_store).AddSingleton<IDefinitionStore>(_store)
            .AddSingleton<ISystemTask>(_http).AddSingleton<IScripts>(_scripts).AddWorkflowRuns().BuildServiceProvider();
    }

    private WorkflowRuns Runs => _services.GetRequiredService<WorkflowRuns>();
    private TaskRuns Tasks => _services.GetRequiredService<TaskRuns>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_limit_that_cannot_be_counted_costs_no_place()
    {
        _store.Definitions["call"] = new TaskDefinition(JsonElement.Parse("""{"name":"call","concurrentExecLimit":1}"""));
        _store.Running = () => throw new TimeoutException("the store does not answer");

        await Assert.ThrowsAsync<TimeoutException>(() => StartAsync(Call));

        var most = _services.GetRequiredService<WorkflowSettings>().MostAtOnce;
        Assert.Equal(most, _services.GetRequiredService<Visits>().TakePlaces(most));
    }

    [Theory]
    [InlineData(AttemptStatus.Scheduled, 0)]
    [InlineData(AttemptStatus.InProgress, 1)]
    public async Task A_task_that_is_visited_again_does_not_wait_for_itself(AttemptStatus status, int allowed)
    {
        var started = await StartAsync("""{"name":"call","taskReferenceName":"call","taskDefinition":{"name":"call","concurrentExecLimit":1}}""");
        _store.Running = () => 1;

        var inputs = await _services.GetRequiredService<DecisionContext>().CurrentAsync(ImmutableDictionary<string, EndedChild>.Empty, CancellationToken.None);
        var may = await _services.GetRequiredService<TaskLimits>().AllowedAsync([started.Tasks[0] with { Status = status }], inputs, CancellationToken.None);

        Assert.Equal(allowed, may.Count);
    }

    [Fact]
    public async Task Of_a_name_with_a_limit_the_commit_counts()
    {
        _store.Definitions["work"] = new TaskDefinition(JsonElement.Parse("""{"name":"work","concurrentExecLimit":1}"""));
        await StartAsync(Work);
        IReadOnlyList<KeyValuePair<string, int>> seen = [];
        _store.Spoil = commits =>
        {
            seen = [.. commits.SelectMany(commit => commit.AtMost)];
            return new CommitResult.Full("work");
        };

        var polled = await Tasks.PollAsync("work", "", "worker", 1, TimeSpan.Zero, CancellationToken.None);

        Assert.Empty(polled);
        Assert.Equal([new("work", 1)], seen);
        Assert.Single(_store.Released);
    }

    [Fact]
    public async Task What_a_poll_took_is_told_though_another_execution_cannot_be_evaluated()
    {
        var good = await StartAsync(Work);
        var bad = await StartAsync(Work);
        _store.Spoil = commits => commits[0].Decided.Id == bad.Id ? throw new TimeoutException("it cannot be changed") : null;

        var polled = await Tasks.PollAsync("work", "", "worker", 10, TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(good.Id, Assert.Single(polled).Execution.Id);
    }

    [Fact]
    public async Task A_start_that_loses_a_race_is_made_again()
    {
        var lost = 0;
        _store.Spoil = _ => lost++ == 0 ? new CommitResult.Lost() : null;

        Assert.Equal(WorkflowStatus.Running, (await StartAsync(Work)).Status);
    }

    [Fact]
    public async Task A_start_that_is_made_again_does_not_refuse_itself_for_its_own_key()
    {
        var start = new WorkflowStart { Id = "w1", Definition = Definition(Work), IdempotencyKey = "k", Strategy = IdempotencyStrategy.Fail };
        _store.Spoil = commits => new CommitResult.Existing("w1", WorkflowStatus.Running);

        Assert.Equal("w1", Assert.IsType<StartOutcome.Existing>(await Runs.StartAsync(start, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task A_child_that_a_key_found_is_looked_at_again()
    {
        _store.Spoil = commits => commits[0].Loaded is null && commits[0].Decided.ParentWorkflowId is not null ? new CommitResult.Existing("somebody-elses", WorkflowStatus.Running) : null;

        var started = await StartAsync(Kid.Replace("\"subWorkflowParam\":{", "\"subWorkflowParam\":{\"idempotencyKey\":\"k\",\"idempotencyStrategy\":\"RETURN_EXISTING\",", StringComparison.Ordinal));
        var noted = await UntilAsync(started.Id, execution => execution.Tasks[0].SubWorkflowId is not null);

        Assert.Equal("somebody-elses", noted.Tasks[0].SubWorkflowId);
        Assert.InRange(noted.Tasks[0].ReadyAt, _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_retry_may_resume_the_child_where_it_failed()
    {
        var parent = await StartAsync(Kid);
        parent = await UntilAsync(parent.Id, execution => execution.Tasks[0].SubWorkflowId is not null);
        var childId = parent.Tasks[0].SubWorkflowId!;
        await Runs.CommandAsync(childId, new WorkflowChange.Terminate("no"), CancellationToken.None);
        var child = _store.Executions[childId];
        _store.Executions[childId] = child with { Status = WorkflowStatus.Failed, Tasks = [child.Tasks[0] with { Status = AttemptStatus.Failed }] };
        await Runs.CommandAsync(parent.Id, new WorkflowChange.Terminate("no"), CancellationToken.None);
        parent = _store.Executions[parent.Id];
        _store.Executions[parent.Id] = parent with { Status = WorkflowStatus.Failed, Tasks = [parent.Tasks[0] with { Status = AttemptStatus.Failed }] };

        var resumed = await Runs.CommandAsync(parent.Id, new WorkflowChange.Retry(true), CancellationToken.None);

        Assert.Equal(WorkflowStatus.Running, Assert.IsType<ChangeResult.Changed>(resumed).Execution.Status);
        Assert.Equal(["kid IN_PROGRESS"], _store.Executions[parent.Id].Tasks.Select(task => $"{task.ReferenceName} {task.Status.Name}"));
        Assert.Equal((WorkflowStatus.Running, 2), (_store.Executions[childId].Status, _store.Executions[childId].Tasks.Length));
    }

    [Fact]
    public async Task A_visit_is_cut_off_before_its_lease_is_over()
    {
        var started = await StartAsync(Call);
        await _http.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        _clock.SetUtcNow(started.Tasks[0].LeaseUntil!.Value - TimeSpan.FromSeconds(1));

        await _http.CutOff.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_done_is_noted_though_the_visit_was_cut_off_a_moment_before()
    {
        var started = await StartAsync(Call);
        await _http.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        _services.GetRequiredService<Visits>().CutOff(started.Tasks[0].Id);
        _http.Outcome.SetResult(new TaskOutcome { Status = AttemptStatus.Completed });

        Assert.Equal(WorkflowStatus.Completed, (await UntilAsync(started.Id, execution => execution.Status.IsFinal)).Status);
    }

    [Fact]
    public void Nodes_on_machines_with_long_names_have_names_of_their_own()
    {
        var machine = new string('m', 63);

        Assert.NotEqual(Visits.NameOf(machine), Visits.NameOf(machine));
        Assert.Equal(60, Visits.NameOf(machine).Length);
        Assert.StartsWith("host-", Visits.NameOf("host"), StringComparison.Ordinal);
        Assert.Equal(17, Visits.NameOf("host").Length);
    }

    [Fact]
    public async Task A_dry_run_comes_to_an_end()
    {
        var loop = """{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"true","loopOver":[{"name":"n","taskReferenceName":"n","type":"NOOP"}]}""";

        var outcome = await Runs.TryOutAsync(new WorkflowStart { Definition = Definition(loop) }, new Dictionary<string, ImmutableArray<MockOutput>>(), CancellationToken.None);

        Assert.Contains("30 seconds", Assert.IsType<StartOutcome.Refused>(outcome).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_is_its_own_sub_workflow_fails_at_the_deepest()
    {
        Define("kid", """{"name":"kid","taskReferenceName":"kid","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"kid"}}""");

        await StartAsync("kid");
        await UntilAsync(() => _store.Executions.Values.Any(execution => execution.Status.IsFinal));

        Assert.Equal(Enumerable.Range(0, Limits.Depth + 1), _store.Executions.Values.Select(execution => execution.Depth).Order());
        var deepest = _store.Executions.Values.Single(execution => execution.Status.IsFinal);
        Assert.Equal((Limits.Depth, WorkflowStatus.Failed), (deepest.Depth, deepest.Status));
        Assert.Contains("32 deep", deepest.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_workflow_is_started_and_named_in_the_output()
    {
        Define("clean_up", Work);

        var failed = await StartAsync(Failing, """ "failureWorkflow":"clean_up", """);

        var cleanUp = _store.Executions[failed.Output.GetProperty("conductor.failure_workflow").GetString()!];
        Assert.Equal(("clean_up", failed.Id), (cleanUp.Definition.Name, cleanUp.Input.GetProperty("workflowId").GetString()));
    }

    [Fact]
    public async Task A_failure_workflow_that_cannot_be_started_is_not_named()
    {
        var failed = await StartAsync(Failing, """ "failureWorkflow":"clean_up", """);

        Assert.Equal(WorkflowStatus.Failed, failed.Status);
        Assert.False(failed.Output.TryGetProperty("conductor.failure_workflow", out _));
        Assert.Single(_store.Executions);
    }

    [Fact]
    public async Task A_workflow_that_is_its_own_failure_workflow_ends()
    {
        Define("flow", Failing, """ "failureWorkflow":"flow", """);

        var failed = await StartAsync("flow");

        Assert.Equal(Limits.Depth + 1, _store.Executions.Count);
        Assert.Equal(Limits.Depth, _store.Executions.Values.Count(execution => execution.Output.TryGetProperty("conductor.failure_workflow", out _)));
        Assert.Equal(1, _store.Executions[failed.Output.GetProperty("conductor.failure_workflow").GetString()!].Depth);
    }

    private void Define(string name, string tasks, string members = "")
        => _store.Workflows[name] = DefinitionRules.Check(JsonElement.Parse($$"""{"name":"{{name}}","version":1,{{members}}"tasks":[{{tasks}}]}"""), _ => null).Definition!;

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; tries < 3_000 && !isSo(); tries++) await Task.Delay(10);
        Assert.True(isSo());
    }

    private static JsonElement Definition(string tasks, string members = "") => JsonElement.Parse($$"""{"name":"flow","version":1,{{members}}"tasks":[{{tasks}}]}""");

    /// <summary>Starts tasks, or a definition by its name.</summary>
    private async Task<WorkflowExecution> StartAsync(string tasks, string members = "")
    {
        var start = _store.Workflows.ContainsKey(tasks) ? new WorkflowStart { Name = tasks } : new WorkflowStart { Definition = Definition(tasks, members) };
        return Assert.IsType<StartOutcome.Started>(await Runs.StartAsync(start, CancellationToken.None)).Execution;
    }

    private async Task<WorkflowExecution> UntilAsync(string id, Func<WorkflowExecution, bool> isSo)
    {
        await UntilAsync(() => isSo(_store.Executions[id]));
        return _store.Executions[id];
    }

    /// <summary>An HTTP task that a test holds.</summary>
    private sealed class HeldTask : ISystemTask
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource CutOff { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<TaskOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public string Type => TaskTypes.Http;

        public bool IsRepeatable(TaskExecution task) => true;
        public TimeSpan LongestVisit(TaskExecution task) => TimeSpan.FromMinutes(1);

        public Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
        {
            cancellationToken.Register(CutOff.SetResult);
            Begun.SetResult();
            return Outcome.Task;
        }
    }

    /// <summary>Scripts that are true and take as long as they may.</summary>
    private sealed class SlowScripts : IScripts
    {
        public FakeTimeProvider? Clock { get; set; }

        public ScriptResult Evaluate(string script, JsonElement input)
        {
            Clock?.Advance(JintScripts.LongestRun);
            return new ScriptResult(JsonElement.Parse("true"), null);
        }
    }
}
