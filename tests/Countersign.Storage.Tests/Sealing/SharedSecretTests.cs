using System.Security.Cryptography;
using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Sealing;

public sealed class SharedSecretTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_secret_is_made_once_and_stays(Engine engine)
    {
        await using var store = new Store(engine);
        var secrets = store.Get<ISharedSecrets>();
        byte[] made = [1, 2, 3];

        Assert.Equal([1, 2, 3], await secrets.GetAsync("one", () => made, CancellationToken.None));
        Assert.Equal([1, 2, 3], await secrets.GetAsync("one", () => throw new InvalidOperationException("it is there"), CancellationToken.None));
        Assert.Equal([4], await secrets.GetAsync("other", () => [4], CancellationToken.None));
        Assert.Equal([0, 0, 0], made);   // what was sealed does not lie about
        Assert.Equal("Countersign", (await store.Get<IOrganizationStore>().GetAsync(CancellationToken.None)).Name);   // the settings beside it can still be read
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Nodes_that_make_it_at_once_get_the_same(Engine engine)
    {
        using var place = new TestStore(engine);
        await using var one = new Store(place);
        await using var other = new Store(place);

        var got = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(() =>
            (index % 2 == 0 ? one : other).Get<ISharedSecrets>().GetAsync("web-push", () => RandomNumberGenerator.GetBytes(32), CancellationToken.None))));

        Assert.Single(got.Select(Convert.ToHexString).Distinct());
        Assert.Equal(1, await place.SqlAsync("SELECT count(*) FROM organization WHERE key = 'secret/web-push'"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task It_lies_sealed_and_is_sealed_anew_when_keys_are_rotated(Engine engine)
    {
        await using var store = new Store(engine);
        var secret = "a secret of all nodes"u8.ToArray();
        await store.Get<ISharedSecrets>().GetAsync("one", () => [.. secret], CancellationToken.None);
        var rotating = store.Get<IKeyRotation>().RotateAsync(progress: null, CancellationToken.None);
        while (!rotating.IsCompleted)
        {
            store.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(rotating, Task.Delay(10));
        }

        Assert.Equal((1L, 1), ((await rotating).Secrets, (await rotating).Removed));
        Assert.Equal(secret, await store.Get<ISharedSecrets>().GetAsync("one", () => [0], CancellationToken.None));
    }
}
