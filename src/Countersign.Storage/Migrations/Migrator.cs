using System.Reflection;
using DbUp;
using DbUp.Builder;

namespace Countersign.Storage.Migrations;

/// <summary>Runs the numbered migrations that a database lacks, forward only. The caller sees to it that one node at a time does.</summary>
internal static class Migrator
{
    public static void Sqlite(string connectionString) => Run(DeployChanges.To.SqliteDatabase(connectionString), "sqlite");

    public static void Postgres(string connectionString) => Run(DeployChanges.To.PostgresqlDatabase(connectionString), "postgres");

    private static void Run(UpgradeEngineBuilder builder, string engine)
    {
        var upgrade = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.Contains($".Migrations.{engine}."))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
        var result = upgrade.PerformUpgrade();
        if (!result.Successful) throw new InvalidOperationException($"migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }
}
