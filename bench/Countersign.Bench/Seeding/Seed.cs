using Countersign.Bench.Passcodes;
using Countersign.Sealing;
using Countersign.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Bench.Seeding;

/// <summary>
/// Fills an empty store with a population: the product makes the tables and the keys and seals the secrets, bulk SQL writes the rows. Through the API
/// a million users would take an hour.
/// </summary>
internal static class Seed
{
    private const int SqliteBatch = 50_000;

    public static async Task RunAsync(StorageSettings settings, Population population, Second second, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddSingleton(clock).AddStorage(settings).BuildServiceProvider();
        services.OpenStorage();
        var vault = services.GetRequiredService<IVault>();
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var users = population.People.AsParallel().AsOrdered().Select(person => SeededUser.Of(person, second, vault, now));

        if (settings.Provider == "sqlite") FillSqlite(Path.Combine(settings.DataDirectory, "countersign.db"), users, cancellationToken);
        else await FillPostgresAsync(settings.ConnectionString!, users, cancellationToken);
    }

    private static void FillSqlite(string file, IEnumerable<SeededUser> users, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute("PRAGMA synchronous=OFF");
        using var user = Prepare("INSERT INTO users(id, login_key, document) VALUES($0, $1, $2)", 3);
        using var state = Prepare("INSERT INTO user_state(user_id, version, status, state) VALUES($0, $1, $2, $3)", 4);
        foreach (var batch in users.Chunk(SqliteBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Execute("BEGIN");
            foreach (var row in batch)
            {
                Run(user, row.Id, row.Login, row.Document);
                Run(state, row.Id, row.Version, row.Status, row.State);
            }
            Execute("COMMIT");
        }
        // The whole file reaches the disk here, so that no cell pays for it.
        Execute("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)");

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        SqliteCommand Prepare(string sql, int parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < parameters; i++) command.Parameters.AddWithValue($"${i}", "");
            return command;
        }

        static void Run(SqliteCommand command, params object[] values)
        {
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }

    private static async Task FillPostgresAsync(string connectionString, IEnumerable<SeededUser> users, CancellationToken cancellationToken)
    {
        await using var first = new NpgsqlConnection(connectionString);
        await using var second = new NpgsqlConnection(connectionString);
        await first.OpenAsync(cancellationToken);
        await second.OpenAsync(cancellationToken);
        await using var profiles = await first.BeginBinaryImportAsync(
            "COPY users(id, login_key, document) FROM STDIN (FORMAT BINARY)", cancellationToken);
        await using var states = await second.BeginBinaryImportAsync(
            "COPY user_state(user_id, version, status, state) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in users)
        {
            await profiles.WriteRowAsync(cancellationToken, row.Id, row.Login, row.Document);
            await states.StartRowAsync(cancellationToken);
            await states.WriteAsync(row.Id, cancellationToken);
            await states.WriteAsync(row.Version, NpgsqlDbType.Bigint, cancellationToken);
            await states.WriteAsync(row.Status, cancellationToken);
            await states.WriteAsync(row.State, cancellationToken);
        }
        await profiles.CompleteAsync(cancellationToken);
        await states.CompleteAsync(cancellationToken);
    }
}
