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
}
