using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Settings;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Sealing;

/// <summary>Keeps the data keys, wrapped under the master key.</summary>
internal sealed class DataKeyStore(Database database, MasterKey master, TimeProvider clock)
{
    private const string Seal = "seal", Fingerprint = "fingerprint", Log = "log";

    // The first keys have fixed numbers, so that of many nodes that start at once one wins and the others read its keys.
    private const string AddFirst = "INSERT INTO data_key(id, purpose, wrapped, created) VALUES(@id, @purpose, @wrapped, @created) ON CONFLICT DO NOTHING";

    /// <summary>Makes a new key to seal with, unless a rotation was left unfinished: then there are two already. True when one was made.</summary>
    public Task<bool> AddWhenNoneIsNewerAsync(CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await using (var command = work.Command("SELECT count(*) FROM data_key WHERE purpose = 'seal'"))
            if (Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) > 1) return false;
        return await work.ExecuteAsync(
            "INSERT INTO data_key(id, purpose, wrapped, created) SELECT max(id) + 1, 'seal', @wrapped, @created FROM data_key",
            ("@wrapped", master.Wrap(RandomNumberGenerator.GetBytes(32))), ("@created", work.Now.ToUnixTimeMilliseconds())) == 1;
    }, cancellationToken);

    /// <summary>Removes the sealing keys that are older than one, and says how many.</summary>
    public Task<int> RemoveOlderAsync(int id, CancellationToken cancellationToken) => database.WriteAsync(
        work => work.ExecuteAsync("DELETE FROM data_key WHERE purpose = 'seal' AND id < @id", ("@id", (long)id)), cancellationToken);

    /// <summary>Reads the keys; on a new store makes them first.</summary>
    public DataKeys Load() => database.ReadAsync(LoadAsync, CancellationToken.None).GetAwaiter().GetResult();

    private async ValueTask<DataKeys> LoadAsync(DbConnection connection)
    {
        var keys = await ReadAsync(connection);
        // Another node may be in the middle of making them.
        if (keys.DistinctBy(key => key.Purpose).Count() < 3)
        {
            await AddAsync(connection, 1, Seal);
            await AddAsync(connection, 2, Fingerprint);
            await AddAsync(connection, 3, Log);
            keys = await ReadAsync(connection);
        }
        var sealing = keys.Where(key => key.Purpose == Seal).ToFrozenDictionary(key => key.Id, key => key.Key);
        return new DataKeys(sealing, sealing.Keys.Max(), keys.Single(key => key.Purpose == Fingerprint).Key, keys.Single(key => key.Purpose == Log).Key);
    }

    private async Task<List<(int Id, string Purpose, byte[] Key)>> ReadAsync(DbConnection connection)
    {
        var keys = new List<(int, string, byte[])>();
        await using var command = connection.Command("SELECT id, purpose, wrapped FROM data_key");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            try
            {
                keys.Add(((int)rows.GetInt64(0), rows.GetString(1), master.Unwrap((byte[])rows[2])));
            }
            catch (CryptographicException exception)
            {
                throw new SettingsException(
                    "Countersign:MasterKey: the master key does not open this store's data keys: it belongs to another store. Every node needs the same key, as "
                    + "Countersign:MasterKey or as master.key in Countersign:DataDirectory.", exception);
            }
        }
        return keys;
    }

    private async Task AddAsync(DbConnection connection, int id, string purpose)
    {
        await using var command = connection.Command(AddFirst).Bind("@id", (long)id).Bind("@purpose", purpose)
            .Bind("@wrapped", master.Wrap(RandomNumberGenerator.GetBytes(32))).Bind("@created", clock.GetUtcNow().ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync();
    }
}
