using System.Data.Common;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Seeding;
using Countersign.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Bench.Targets;

/// <summary>A filled store and the settings with which a server opens it.</summary>
internal sealed record CountersignStore(string Name, Engine Engine, Population Population, StorageSettings Settings, Dictionary<string, string> Environment)
{
    /// <summary>Limits that let users be challenged again and again, and are counted and stored all the same.</summary>
    public static readonly (string Name, string Value)[] SendLimits =
    [
        ("Countersign__SendLimits__SmsSpacing", "00:00:00"),
        ("Countersign__SendLimits__PerRecipientPerDay", "1000000"),
        ("Countersign__SendLimits__PerUserPerDay", "1000000"),
    ];

    public static async Task<CountersignStore> CreateAsync(
        Workplace workplace, Engine engine, int users, Second second, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = $"countersign-{engine.ToString().ToLowerInvariant()}-{users}{second switch { Second.Phone => "-phones", Second.Key => "-keys", _ => "" }}";
        var database = engine == Engine.Postgres ? await Workplace.CreateDatabaseAsync(name, cancellationToken) : null;
        var settings = new StorageSettings
        {
            DataDirectory = workplace.NewFolder(name),
            Provider = engine == Engine.Sqlite ? "sqlite" : "postgres",
            ConnectionString = database?.ConnectionString,
        };
        var population = new Population(users, clock);
        await Seed.RunAsync(settings, population, second, clock, cancellationToken);
        if (database is not null) await Workplace.SettleAsync(database, cancellationToken);

        return new CountersignStore(name, engine, population, settings, new Dictionary<string, string>
        {
            ["Countersign__DataDirectory"] = settings.DataDirectory,
            ["Countersign__Storage__Provider"] = settings.Provider,
            ["ConnectionStrings__Countersign"] = settings.ConnectionString ?? "",
        });
    }

    /// <summary>A connection beside the server's own.</summary>
    public async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = Engine == Engine.Sqlite
            ? new SqliteConnection($"Data Source={Path.Combine(Settings.DataDirectory, "countersign.db")};Pooling=False;Default Timeout=30")
            : new NpgsqlConnection(Settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
