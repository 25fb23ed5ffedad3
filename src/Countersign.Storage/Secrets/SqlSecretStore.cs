using System.Globalization;
using System.Text;
using Countersign.Integrations.Secrets;
using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.SystemLog;

namespace Countersign.Storage.Secrets;

/// <summary>Secrets of workflow definitions in SQL, sealed. Nothing is remembered in the clear: each use reads its row.</summary>
internal sealed class SqlSecretStore(Database database, Vault vault) : ISecretStore
{
    private const string Find = "SELECT value FROM secret WHERE name = @name";
    private const string List = "SELECT name, created, updated FROM secret WHERE name > @after ORDER BY name LIMIT @count";
    private const string Count = "SELECT count(*) FROM secret";
    private const string Add = "INSERT INTO secret(name, created, updated, value) VALUES(@name, @now, @now, @value) ON CONFLICT(name) DO NOTHING";
    private const string Replace = "UPDATE secret SET value = @value, updated = @now WHERE name = @name";
    private const string Remove = "DELETE FROM secret WHERE name = @name";

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Find).Bind("@name", name);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] value ? Encoding.UTF8.GetString(vault.Open(value, SealedNamedSecrets.Owner(name))) : null;
    }, cancellationToken);

    public Task<IReadOnlyList<SecretListing>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SecretListing>>(async connection =>
    {
        var found = new List<SecretListing>();
        await using var command = connection.Command(List).Bind("@after", after ?? "").Bind("@count", limit);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(new SecretListing(rows.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2))));
        return found;
    }, cancellationToken);

    public Task<bool> PutAsync(string name, string value, LogEvent logged, CancellationToken cancellationToken)
    {
        var anew = vault.Seal(Encoding.UTF8.GetBytes(value), SealedNamedSecrets.Owner(name));
        return database.WriteAsync(async work =>
        {
            (string, object?)[] row = [("@name", name), ("@value", anew), ("@now", work.Now.ToUnixTimeMilliseconds())];
            if (await work.ExecuteAsync(Replace, row) == 1)
            {
                work.Log(logged with { EventType = LogEventTypes.SecretUpdate });
                return true;
            }
            await using (var count = work.Command(Count))
                if (Convert.ToInt64(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) >= ISecretStore.Most) return false;
            if (await work.ExecuteAsync(Add, row) == 0) await work.ExecuteAsync(Replace, row);   // somebody else was faster
            work.Log(logged with { EventType = LogEventTypes.SecretCreate });
            return true;
        }, cancellationToken);
    }

    public Task<bool> RemoveAsync(string name, LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync(Remove, ("@name", name)) == 0) return false;
        work.Log(logged with { EventType = LogEventTypes.SecretDelete });
        return true;
    }, cancellationToken);
}
