using Countersign.Storage.Commits;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Commits;

/// <summary>SQLite's write-ahead log goes into the file, by how much was written and not by how often (decision 12).</summary>
public sealed class CheckpointTests
{
    private const long Large = 80_000_000;

    [Fact]
    public async Task A_large_write_is_copied_into_the_file_soon()
    {
        using var place = new TestStore(Engine.Sqlite);
        await using var store = new Store(place);
        var database = store.Get<Database>();
        await WriteAsync(database, "CREATE TABLE large(bytes BLOB)");

        await WriteAsync(database, $"INSERT INTO large VALUES(zeroblob({Large}))");

        // The writer finishes what the checkpoints began, with one of the next commits.
        var file = Path.Combine(place.Directory, "countersign.db");
        for (var tries = 0; tries < 500 && new FileInfo(file).Length < Large; tries++)
        {
            await WriteAsync(database, "INSERT INTO large VALUES(NULL)");
            await Task.Delay(20);
        }
        Assert.InRange(new FileInfo(file).Length, Large, 2 * Large);
    }

    private static Task<int> WriteAsync(Database database, string sql) => database.WriteAsync(async work => await work.ExecuteAsync(sql), CancellationToken.None);
}
