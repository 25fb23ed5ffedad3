using Countersign.Bench.Passcodes;
using Countersign.Bench.Seeding;
using Countersign.Storage;

namespace Countersign.Bench.Targets;

/// <summary>A filled store and the settings with which a server opens it.</summary>
internal sealed record CountersignStore(string Name, Engine Engine, Population Population, Dictionary<string, string> Environment)
{
    public static async Task<CountersignStore> CreateAsync(
        Workplace workplace, Engine engine, int users, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = $"countersign-{engine.ToString().ToLowerInvariant()}-{users}";
        var database = engine == Engine.Postgres ? await Workplace.CreateDatabaseAsync(name, cancellationToken) : null;
        var settings = new StorageSettings
        {
            DataDirectory = workplace.NewFolder(name),
            Provider = engine == Engine.Sqlite ? "sqlite" : "postgres",
            ConnectionString = database?.ConnectionString,
        };
        var population = new Population(users, clock);
        await Seed.RunAsync(settings, population, clock, cancellationToken);
        if (database is not null) await Workplace.SettleAsync(database, cancellationToken);

        return new CountersignStore(name, engine, population, new Dictionary<string, string>
        {
            ["Countersign__DataDirectory"] = settings.DataDirectory,
            ["Countersign__Storage__Provider"] = settings.Provider,
            ["ConnectionStrings__Countersign"] = settings.ConnectionString ?? "",
        });
    }
}
