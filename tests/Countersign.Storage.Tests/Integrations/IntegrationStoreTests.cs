using System.Security.Cryptography;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.TestRequests;
using Countersign.Sealing;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Integrations;

public sealed class IntegrationStoreTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_rotation_of_keys_seals_all_of_it_anew(Engine engine)
    {
        await using var store = new Store(engine);
        var body = RandomNumberGenerator.GetBytes(600_000);
        await store.Get<ISecretStore>().PutAsync("KEY", "a secret", Store.Event("integration.secret.update"), CancellationToken.None);
        await store.Get<IEnvironmentStore>().PutAsync(new VariableSet("default", "Default", [new Variable("A", "hidden", true)]), Store.Event("integration.environment.update"), CancellationToken.None);
        await Tests(store).AddAsync(Kept("t1", "ann", 1), Store.Event("integration.test_request.send"), CancellationToken.None);
        await Tests(store).KeepBodyAsync("t1", body, CancellationToken.None);

        var rotating = store.Get<IKeyRotation>().RotateAsync(null, CancellationToken.None);
        while (!rotating.IsCompleted)
        {
            store.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        var rotated = await rotating;

        Assert.Equal((7, 1), (rotated.Secrets, rotated.Removed));   // a secret, an environment, a summary, a document, three parts of a body
        Assert.Equal("a secret", await store.Get<ISecretStore>().FindAsync("KEY", CancellationToken.None));
        Assert.Equal("hidden", (await store.Get<IEnvironmentStore>().FindAsync("default", CancellationToken.None))!.Find("A")!.Value);
        Assert.Equal("document t1"u8.ToArray(), await Tests(store).FindAsync("ann", "t1", CancellationToken.None));
        Assert.Equal("summary t1"u8.ToArray(), Assert.Single(await Tests(store).ListAsync("ann", null, 10, CancellationToken.None)).Summary);
        Assert.Equal(body, await Tests(store).FindBodyAsync("t1", CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Test_requests_are_their_owners_alone(Engine engine)
    {
        await using var store = new Store(engine);

        Assert.True(await Tests(store).AddAsync(Kept("t1", "ann", 1), Store.Event("integration.test_request.send"), CancellationToken.None));
        Assert.False(await Tests(store).AddAsync(Kept("t1", "bob", 2), Store.Event("integration.test_request.send"), CancellationToken.None));

        Assert.True(await Tests(store).IsTakenAsync("t1", CancellationToken.None));
        Assert.Null(await Tests(store).FindAsync("bob", "t1", CancellationToken.None));
        Assert.False(await Tests(store).RemoveAsync("bob", "t1", CancellationToken.None));
        Assert.Empty(await Tests(store).ListAsync("bob", null, 10, CancellationToken.None));
        Assert.Equal("document t1"u8.ToArray(), await Tests(store).FindAsync("ann", "t1", CancellationToken.None));
        Assert.Equal(2, await store.SqlAsync("SELECT count(*) FROM log"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_all_bodies_the_oldest_give_way(Engine engine)
    {
        await using var store = new Store(engine);
        await Tests(store).KeepBodyAsync("old", new byte[] { 1 }, CancellationToken.None);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await Tests(store).KeepBodyAsync("new", new byte[] { 2 }, CancellationToken.None);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.SqlAsync($"UPDATE test_request_body SET size = {ITestRequestStore.AllBodies - 2} WHERE key = 'old/0000'");

        await Tests(store).KeepBodyAsync("newest", new byte[] { 3, 4 }, CancellationToken.None);

        Assert.Null(await Tests(store).FindBodyAsync("old", CancellationToken.None));
        Assert.Equal([2], await Tests(store).FindBodyAsync("new", CancellationToken.None));
        Assert.Equal([3, 4], await Tests(store).FindBodyAsync("newest", CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task There_may_be_so_many_environments_and_no_more(Engine engine)
    {
        await using var store = new Store(engine);
        var environments = store.Get<IEnvironmentStore>();
        for (var i = 0; i < IEnvironmentStore.Most - 1; i++) Assert.True(await environments.PutAsync(new VariableSet($"e{i}", "E", []), Store.Event("x"), CancellationToken.None));

        Assert.False(await environments.PutAsync(new VariableSet("more", "E", []), Store.Event("x"), CancellationToken.None));
        Assert.True(await environments.PutAsync(new VariableSet("e5", "E", []), Store.Event("x"), CancellationToken.None));
        Assert.True(await environments.PutAsync(new VariableSet("default", "D", []), Store.Event("x"), CancellationToken.None));
        Assert.Equal(IEnvironmentStore.Most, (await environments.ListAsync(CancellationToken.None)).Count);
    }

    private static ITestRequestStore Tests(Store store) => store.Get<ITestRequestStore>();

    private static KeptTestRequest Kept(string id, string owner, int second)
        => new(id, owner, DateTimeOffset.UnixEpoch.AddSeconds(second), System.Text.Encoding.UTF8.GetBytes($"summary {id}"), System.Text.Encoding.UTF8.GetBytes($"document {id}"));
}
