using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Storage.Tests.Workflows;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Migrations;

public sealed class MigrationTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_nodes_that_start_at_once_on_an_empty_place_all_can_work(Engine engine)
    {
        using var place = new TestStore(engine);

        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new Store(place))));

        var user = await nodes[0].AddUserAsync("ana@example.com");
        foreach (var node in nodes) await node.CountAsync(user);
        Assert.Equal(8, (await nodes[3].Commits.LoadAsync(user, CancellationToken.None))!.Attempts.WrongInARow);
        Assert.Equal(3, await place.SqlAsync("SELECT count(*) FROM data_key"));
        Assert.Null((await nodes[7].Log.VerifyAsync(null, CancellationToken.None)).Fault);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tasks_of_before_are_found_by_their_type(Engine engine)
    {
        using var place = new TestStore(engine);
        await using (var store = new Store(place))
        {
            var execution = Samples.Execution(store);
            await Samples.AddAsync(store, execution with { Tasks = [Samples.Task(execution), Samples.Task(execution, "call_ref", 2, CarriedOutBy.Server)] });
        }
        foreach (var undone in (string[])["DROP INDEX workflow_task_name", "DROP INDEX workflow_task_type", "DROP INDEX workflow_task_failed", "ALTER TABLE workflow_task DROP COLUMN type", "DELETE FROM schemaversions WHERE scriptname LIKE '%0008%'"])
            await place.SqlAsync(undone);

        await using var renewed = new Store(place);

        Assert.True(SearchQuery.TryRead("taskType = HTTP", SearchQuery.TaskFields, out var condition, out _));
        Assert.Single((await renewed.Get<IWorkflowStore>().SearchTasksAsync(new ExecutionSearch { Query = condition, SortField = "updateTime" }, CancellationToken.None)).Tasks);
    }
}
