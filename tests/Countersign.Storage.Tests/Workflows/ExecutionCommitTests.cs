using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Workflows;

/// <summary>What is committed of an execution, and who loses.</summary>
public sealed class ExecutionCommitTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_execution_is_read_as_it_was_committed(Engine engine)
    {
        await using var store = new Store(engine);
        var execution = Samples.Execution(store) with { CorrelationId = "order-7", Priority = 5, DueAt = store.Clock.GetUtcNow().AddHours(1) };
        execution = execution with { Tasks = [Samples.Task(execution) with { Domain = "blue" }, Samples.Task(execution, "call_ref", 2, CarriedOutBy.Server)] };

        var added = await Samples.AddAsync(store, execution);
        var read = await store.Get<IWorkflowStore>().FindAsync(execution.Id, withTasks: true, CancellationToken.None);

        Assert.Equal(1, added.Version);
        Assert.NotNull(read);
        Assert.Equal((1, "order-7", 5, execution.DueAt), (read.Version, read.CorrelationId, read.Priority, read.DueAt));
        Assert.Equal(execution.Input.GetRawText(), read.Input.GetRawText());
        Assert.Equal(execution.Tasks.Select(task => (task.Id, task.ReferenceName, task.Domain)), read.Tasks.Select(task => (task.Id, task.ReferenceName, task.Domain)));
        Assert.Equal(execution.Definition.Document.GetRawText(), read.Definition.Document.GetRawText());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_two_changes_of_the_same_version_one_is_committed(Engine engine)
    {
        await using var store = new Store(engine);
        var added = await Samples.AddAsync(store, Samples.Execution(store));

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Samples.CommitAsync(store, added, added with { CorrelationId = $"{i}" })));

        Assert.Single(results, result => result is CommitResult.Committed);
        Assert.Equal(7, results.Count(result => result is CommitResult.Lost));
        Assert.Equal(2, (await store.Get<IWorkflowStore>().FindAsync(added.Id, withTasks: false, CancellationToken.None))!.Version);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_change_that_loses_leaves_no_task_behind(Engine engine)
    {
        await using var store = new Store(engine);
        var added = await Samples.AddAsync(store, Samples.Execution(store));
        await Samples.CommitAsync(store, added, added with { CorrelationId = "first" });

        var result = await Samples.CommitAsync(store, added, added with { Tasks = [Samples.Task(added)] });

        Assert.IsType<CommitResult.Lost>(result);
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM workflow_task"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Only_tasks_that_changed_are_written_and_dropped_ones_go(Engine engine)
    {
        await using var store = new Store(engine);
        var execution = Samples.Execution(store);
        var added = await Samples.AddAsync(store, execution with { Tasks = [Samples.Task(execution), Samples.Task(execution, "call_ref", 2, CarriedOutBy.Server)] });
        await store.SqlAsync("UPDATE workflow_task SET updated = 1");
        var later = store.Clock.GetUtcNow().AddSeconds(3);

        await Samples.CommitAsync(store, added, added with { Tasks = [added.Tasks[0] with { Status = AttemptStatus.Completed, UpdatedAt = later }] });

        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM workflow_task"));
        Assert.Equal(later.ToUnixTimeMilliseconds(), await store.SqlAsync("SELECT updated FROM workflow_task"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_definition_of_many_executions_is_stored_once_and_goes_with_the_last(Engine engine)
    {
        await using var store = new Store(engine);
        var executions = store.Get<IWorkflowStore>();
        var (one, other) = (await EndedAsync(store), await EndedAsync(store));

        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM workflow_document"));
        Assert.True(await executions.RemoveAsync(one.Id, CancellationToken.None));
        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM workflow_document"));
        Assert.True(await executions.RemoveAsync(other.Id, CancellationToken.None));
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM workflow_document"));
        Assert.False(await executions.RemoveAsync(other.Id, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_execution_that_runs_is_not_removed(Engine engine)
    {
        await using var store = new Store(engine);
        var running = await Samples.AddAsync(store, Samples.Execution(store));

        Assert.Null(await store.Get<IWorkflowStore>().RemoveAsync(running.Id, CancellationToken.None));
        Assert.NotNull(await store.Get<IWorkflowStore>().FindAsync(running.Id, withTasks: false, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_starts_with_one_key_one_is_stored(Engine engine)
    {
        await using var store = new Store(engine);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Samples.CommitAsync(store, null, Samples.Execution(store) with { IdempotencyKey = "order-7" })));

        var committed = Assert.IsType<CommitResult.Committed>(Assert.Single(results, result => result is CommitResult.Committed));
        Assert.All(results.Where(result => result != committed), result => Assert.Equal(committed.Executions[0].Id, Assert.IsType<CommitResult.Existing>(result).Id));
        Assert.Equal(1, await store.SqlAsync("SELECT count(*) FROM workflow_execution"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_is_free_again_when_its_execution_ended_if_that_is_asked_for(Engine engine)
    {
        await using var store = new Store(engine);
        var running = await Samples.AddAsync(store, Samples.Execution(store) with { IdempotencyKey = "order-7" });

        var refused = await Samples.CommitAsync(store, null, Samples.Execution(store) with { IdempotencyKey = "order-7" }, IdempotencyStrategy.FailOnRunning);
        await Samples.CommitAsync(store, running, running with { Status = WorkflowStatus.Completed, EndedAt = store.Clock.GetUtcNow() });
        var started = await Samples.CommitAsync(store, null, Samples.Execution(store) with { IdempotencyKey = "order-7" }, IdempotencyStrategy.FailOnRunning);
        var again = await Samples.CommitAsync(store, null, Samples.Execution(store) with { IdempotencyKey = "order-7" }, IdempotencyStrategy.Fail);

        Assert.Equal(running.Id, Assert.IsType<CommitResult.Existing>(refused).Id);
        var second = Assert.IsType<CommitResult.Committed>(started).Executions[0];
        Assert.Equal(second.Id, Assert.IsType<CommitResult.Existing>(again).Id);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_childs_end_makes_its_parent_due_and_whoever_was_deciding_on_it_loses(Engine engine)
    {
        await using var store = new Store(engine);
        var parent = await Samples.AddAsync(store, Samples.Execution(store));
        var child = await Samples.AddAsync(store, Samples.Execution(store) with { ParentWorkflowId = parent.Id });

        await Samples.CommitAsync(store, child, child with { Status = WorkflowStatus.Completed, EndedAt = store.Clock.GetUtcNow() });
        var lost = await Samples.CommitAsync(store, parent, parent with { CorrelationId = "late" });
        var due = await store.Get<IWorkflowStore>().TakeDueAsync(10, TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.IsType<CommitResult.Lost>(lost);
        Assert.Equal([new DueExecution(parent.Id, false)], due);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_orphan_is_due_to_be_terminated(Engine engine)
    {
        await using var store = new Store(engine);
        var parent = await Samples.AddAsync(store, Samples.Execution(store));
        var child = await Samples.AddAsync(store, Samples.Execution(store) with { ParentWorkflowId = parent.Id });

        await store.Get<IWorkflowStore>().CommitAsync([new ExecutionCommit(parent, parent with { CorrelationId = "x" }, [child.Id])], CancellationToken.None);

        Assert.Equal([new DueExecution(child.Id, true)], await store.Get<IWorkflowStore>().TakeDueAsync(10, TimeSpan.FromSeconds(10), CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_end_of_a_child_is_loaded_with_its_parent(Engine engine)
    {
        await using var store = new Store(engine);
        var definition = new WorkflowDefinition(JsonElement.Parse("""{"name":"outer","tasks":[{"name":"inner","taskReferenceName":"inner_ref","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"order"}}]}"""));
        var child = await Samples.AddAsync(store, Samples.Execution(store));
        var parent = Samples.Execution(store, definition);
        parent = await Samples.AddAsync(store, parent with { Tasks = [Samples.Task(parent, "inner_ref", by: CarriedOutBy.Server) with { Type = "SUB_WORKFLOW", SubWorkflowId = child.Id, Status = AttemptStatus.InProgress }] });

        var before = await store.Get<IWorkflowStore>().LoadAsync(parent.Id, CancellationToken.None);
        await Samples.CommitAsync(store, child, child with { Status = WorkflowStatus.Failed, EndedAt = store.Clock.GetUtcNow(), ReasonForIncompletion = "no stock", Output = JsonElement.Parse("""{"a":1}""") });
        var after = await store.Get<IWorkflowStore>().LoadAsync(parent.Id, CancellationToken.None);

        Assert.Empty(before!.EndedChildren);
        var ended = after!.EndedChildren[child.Id];
        Assert.Equal((WorkflowStatus.Failed, "no stock", """{"a":1}"""), (ended.Status, ended.Reason, ended.Output.GetRawText()));
    }

    private static async Task<WorkflowExecution> EndedAsync(Store store)
    {
        var added = await Samples.AddAsync(store, Samples.Execution(store));
        return ((CommitResult.Committed)await Samples.CommitAsync(store, added, added with { Status = WorkflowStatus.Completed, EndedAt = store.Clock.GetUtcNow() })).Executions[0];
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_child_is_started_for_a_task_that_is_open_alone(Engine engine)
    {
        await using var store = new Store(engine);
        var parent = await WithStartedTaskAsync(store);
        var child = Samples.Execution(store) with { ParentWorkflowId = parent.Id, ParentWorkflowTaskId = parent.Tasks[0].Id };

        var started = await Samples.CommitAsync(store, null, child);
        await Samples.CommitAsync(store, parent, parent with { Tasks = [parent.Tasks[0] with { Status = AttemptStatus.Canceled }] });
        var late = await Samples.CommitAsync(store, null, child with { Id = Guid.CreateVersion7().ToString() });

        Assert.IsType<CommitResult.Committed>(started);
        Assert.IsType<CommitResult.NotAwaited>(late);
        Assert.Equal(2, await store.SqlAsync("SELECT count(*) FROM workflow_execution"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_task_that_is_cancelled_while_its_child_starts_leaves_no_child_behind(Engine engine)
    {
        await using var store = new Store(engine);
        for (var round = 0; round < 20; round++)
        {
            var parent = await WithStartedTaskAsync(store);
            var child = Samples.Execution(store) with { ParentWorkflowId = parent.Id, ParentWorkflowTaskId = parent.Tasks[0].Id };
            var cancelled = parent with { Tasks = [parent.Tasks[0] with { Status = AttemptStatus.Canceled }] };

            await Task.WhenAll(
                Task.Run(() => Samples.CommitAsync(store, null, child)),
                Task.Run(() => store.Get<IWorkflowStore>().CommitAsync([new ExecutionCommit(parent, cancelled, [child.Id])], CancellationToken.None)));
        }

        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM workflow_execution WHERE state IS NOT NULL AND orphaned = 0 AND id NOT IN (SELECT execution_id FROM workflow_task)"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_orphan_that_ended_and_is_put_back_to_running_is_none_any_more(Engine engine)
    {
        await using var store = new Store(engine);
        var parent = await Samples.AddAsync(store, Samples.Execution(store));
        var child = await Samples.AddAsync(store, Samples.Execution(store) with { ParentWorkflowId = parent.Id });
        await store.Get<IWorkflowStore>().CommitAsync([new ExecutionCommit(parent, parent with { CorrelationId = "x" }, [child.Id])], CancellationToken.None);
        child = (await store.Get<IWorkflowStore>().FindAsync(child.Id, withTasks: true, CancellationToken.None))!;

        var ended = Assert.IsType<CommitResult.Committed>(await Samples.CommitAsync(store, child, child with { Status = WorkflowStatus.Terminated, EndedAt = store.Clock.GetUtcNow() })).Executions[0];
        var stillOrphaned = await store.SqlAsync($"SELECT orphaned FROM workflow_execution WHERE id = '{child.Id}'");
        await Samples.CommitAsync(store, ended, ended with { Status = WorkflowStatus.Running, EndedAt = null });

        Assert.Equal(1, stillOrphaned);
        Assert.Equal(0, await store.SqlAsync($"SELECT orphaned FROM workflow_execution WHERE id = '{child.Id}'"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_that_start_at_once_no_more_run_than_may(Engine engine)
    {
        await using var store = new Store(engine);
        var executions = new List<WorkflowExecution>();
        for (var i = 0; i < 8; i++)
        {
            var execution = Samples.Execution(store);
            executions.Add(await Samples.AddAsync(store, execution with { Tasks = [Samples.Task(execution)] }));
        }

        var results = await Task.WhenAll(executions.Select(execution => Task.Run(() => store.Get<IWorkflowStore>().CommitAsync(
            [new ExecutionCommit(execution, execution with { Tasks = [execution.Tasks[0] with { Status = AttemptStatus.InProgress }] }, []) { AtMost = ImmutableSortedDictionary<string, int>.Empty.Add("ship", 3) }], CancellationToken.None))));

        Assert.Equal((3, 5), (results.Count(result => result is CommitResult.Committed), results.Count(result => result is CommitResult.Full { Name: "ship" })));
        Assert.Equal(3, await store.SqlAsync("SELECT count(*) FROM workflow_task WHERE status = 'IN_PROGRESS'"));
    }

    private static Task<WorkflowExecution> WithStartedTaskAsync(Store store)
    {
        var parent = Samples.Execution(store);
        return Samples.AddAsync(store, parent with { Tasks = [Samples.Task(parent, "call_ref", 1, CarriedOutBy.Server) with { Status = AttemptStatus.InProgress, StartedAt = parent.UpdatedAt }] });
    }
}
