using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Workflows;

/// <summary>Which tasks are handed out, in which order, and to whom.</summary>
public sealed class TaskQueueTests
{
    private static readonly TimeSpan Reserved = TimeSpan.FromSeconds(10);

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tasks_are_given_to_one_only_by_priority_and_then_by_age(Engine engine)
    {
        await using var store = new Store(engine);
        var low = await WaitingAsync(store, priority: 0);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await WaitingAsync(store, priority: 0);
        var high = await WaitingAsync(store, priority: 9);
        var queue = store.Get<IWorkflowStore>();

        var first = await queue.ReserveAsync("ship", "", 2, Reserved, CancellationToken.None);
        var rest = await queue.ReserveAsync("ship", "", 10, Reserved, CancellationToken.None);

        Assert.Equal([high, low], first.Select(place => place.TaskId));
        Assert.Equal([later], rest.Select(place => place.TaskId));
        Assert.Empty(await queue.ReserveAsync("ship", "", 10, Reserved, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_many_reserve_at_once_no_two_get(Engine engine)
    {
        await using var store = new Store(engine);
        for (var i = 0; i < 30; i++) await WaitingAsync(store, priority: i % 3);

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.Get<IWorkflowStore>().ReserveAsync("ship", "", 5, Reserved, CancellationToken.None)));

        var ids = taken.SelectMany(places => places.Select(place => place.TaskId)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(taken, places => Assert.InRange(places.Count, 0, 5));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_reserves_and_dies_gives_back(Engine engine)
    {
        await using var store = new Store(engine);
        var task = await WaitingAsync(store, priority: 0);
        await store.Get<IWorkflowStore>().ReserveAsync("ship", "", 1, Reserved, CancellationToken.None);

        store.Clock.Advance(Reserved);

        Assert.Equal([task], (await store.Get<IWorkflowStore>().ReserveAsync("ship", "", 1, Reserved, CancellationToken.None)).Select(place => place.TaskId));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_domain_is_a_queue_of_its_own(Engine engine)
    {
        await using var store = new Store(engine);
        var task = await WaitingAsync(store, priority: 0, domain: "blue");
        var queue = store.Get<IWorkflowStore>();

        Assert.Empty(await queue.ReserveAsync("ship", "", 1, Reserved, CancellationToken.None));
        Assert.Empty(await queue.ReserveAsync("ship", "red", 1, Reserved, CancellationToken.None));
        Assert.Equal([task], (await queue.ReserveAsync("ship", "blue", 1, Reserved, CancellationToken.None)).Select(place => place.TaskId));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tasks_of_a_paused_execution_are_not_handed_out_until_it_is_resumed(Engine engine)
    {
        await using var store = new Store(engine);
        var execution = Samples.Execution(store);
        var running = await Samples.AddAsync(store, execution with { Tasks = [Samples.Task(execution)] });
        var queue = store.Get<IWorkflowStore>();

        var paused = ((CommitResult.Committed)await Samples.CommitAsync(store, running, running with { Status = WorkflowStatus.Paused })).Executions[0];
        Assert.Empty(await queue.ReserveAsync("ship", "", 1, Reserved, CancellationToken.None));
        Assert.Equal(0, (await queue.QueueSizesAsync(["ship"], CancellationToken.None))["ship"]);
        await Samples.CommitAsync(store, paused, paused with { Status = WorkflowStatus.Running });

        Assert.Single(await queue.ReserveAsync("ship", "", 1, Reserved, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_system_task_is_ready_again_when_the_lease_of_its_node_is_over(Engine engine)
    {
        await using var store = new Store(engine);
        var execution = Samples.Execution(store);
        var lease = store.Clock.GetUtcNow().AddSeconds(30);
        await Samples.AddAsync(store, execution with { Tasks = [Samples.Task(execution, "call_ref", by: CarriedOutBy.Server) with { Status = AttemptStatus.InProgress, LeaseUntil = lease, WorkerId = "node-1" }] });
        var queue = store.Get<IWorkflowStore>();

        Assert.Empty(await queue.ReserveAsync("", "", 1, Reserved, CancellationToken.None));
        Assert.Equal(lease, await queue.NextDueAsync(CancellationToken.None));
        store.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Single(await queue.ReserveAsync("", "", 1, Reserved, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Starts_within_a_window_are_counted_for_all_nodes(Engine engine)
    {
        await using var store = new Store(engine);
        var queue = store.Get<IWorkflowStore>();
        var window = TimeSpan.FromSeconds(5);

        var allowed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => queue.TakeRateAsync("ship", 2, 5, window, CancellationToken.None)));
        store.Clock.Advance(window);

        Assert.Equal(5, allowed.Sum());
        Assert.Equal(2, await queue.TakeRateAsync("ship", 2, 5, window, CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Lines_of_a_log_are_kept_up_to_a_number(Engine engine)
    {
        await using var store = new Store(engine);
        var now = store.Clock.GetUtcNow();
        var queue = store.Get<IWorkflowStore>();

        await queue.AddLogAsync("t", [new("one", now), new("two", now.AddSeconds(1))], 3, CancellationToken.None);
        await queue.AddLogAsync("t", [new("three", now), new("four", now)], 3, CancellationToken.None);

        Assert.Equal([new TaskLogLine("one", now), new("two", now.AddSeconds(1)), new("three", now)], await queue.LogAsync("t", CancellationToken.None));
    }

    private static async Task<string> WaitingAsync(Store store, int priority, string? domain = null)
    {
        var execution = Samples.Execution(store) with { Priority = priority };
        var task = Samples.Task(execution) with { Domain = domain };
        await Samples.AddAsync(store, execution with { Tasks = [task] });
        return task.Id;
    }
}
