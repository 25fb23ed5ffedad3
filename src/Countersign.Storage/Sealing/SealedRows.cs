using Countersign.Storage.Commits;

namespace Countersign.Storage.Sealing;

/// <summary>Secrets in rows of a table that are found by a key: gone through by it, and written only where the row is still as it was read.</summary>
internal abstract class SealedRows(Database database, string table, string key, string value) : ISealedPlace
{
    private readonly string _next = $"SELECT {key}, {value} FROM {table} WHERE {key} > @after AND {value} IS NOT NULL ORDER BY {key} LIMIT @count";
    private readonly string _save = $"UPDATE {table} SET {value} = @anew WHERE {key} = @key AND {value} = @read";

    public abstract string Name { get; }

    public bool IsReadAhead => true;

    /// <summary>Rows that are held in memory at once.</summary>
    protected virtual int AtOnce => 200;

    /// <summary>Whether a row holds a secret under an older key.</summary>
    protected abstract bool IsOutdated(string key, byte[] read);

    /// <summary>The row with its secrets under the newest key.</summary>
    protected abstract byte[] SealAnew(string key, byte[] read);

    public async Task<long> SealAnewAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        for (var after = ""; ;)
        {
            var rows = await NextAsync(after, cancellationToken);
            if (rows.Count == 0) return count;
            after = rows[^1].Key;
            var outdated = rows.Where(row => IsOutdated(row.Key, row.Read)).Select(row => (row.Key, row.Read, Anew: SealAnew(row.Key, row.Read))).ToList();
            if (outdated.Count > 0) await SaveAsync(outdated, cancellationToken);
            count += outdated.Count;
        }
    }

    private Task<List<(string Key, byte[] Read)>> NextAsync(string after, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var found = new List<(string, byte[])>(AtOnce);
        await using var command = connection.Command(_next).Bind("@after", after).Bind("@count", AtOnce);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) found.Add((rows.GetString(0), (byte[])rows[1]));
        return found;
    }, cancellationToken);

    private Task<bool> SaveAsync(IReadOnlyList<(string Key, byte[] Read, byte[] Anew)> rows, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        foreach (var (key, read, anew) in rows) await work.ExecuteAsync(_save, ("@key", key), ("@read", read), ("@anew", anew));
        return true;
    }, cancellationToken);
}
