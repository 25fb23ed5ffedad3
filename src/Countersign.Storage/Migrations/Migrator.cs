using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using Countersign.Storage.Commits;
using DbUp;
using DbUp.Builder;

namespace Countersign.Storage.Migrations;

/// <summary>Runs the numbered migrations that a database lacks, forward only. The caller sees to it that one node at a time does.</summary>
internal static class Migrator
{
    public static void Sqlite(DbConnection connection, string connectionString)
    {
        if (!IsCurrent(connection, "sqlite")) RunSqlite(connectionString);
    }

    public static void Postgres(DbConnection connection, string connectionString)
    {
        if (!IsCurrent(connection, "postgres")) RunPostgres(connectionString);
    }

    /// <summary>Whether every migration has run, as the library notes it. Nearly always so: then the library need not even be loaded, which a start is faster by.</summary>
    private static bool IsCurrent(DbConnection connection, string engine)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var command = connection.Command("SELECT scriptname FROM schemaversions");
            using var rows = command.ExecuteReader();
            while (rows.Read()) done.Add(rows.GetString(0));
        }
        catch (DbException)
        {
            return false;   // nothing has run yet
        }
        return Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => IsOf(engine, name)).All(done.Contains);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunSqlite(string connectionString) => Run(DeployChanges.To.SqliteDatabase(connectionString), "sqlite");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunPostgres(string connectionString) => Run(DeployChanges.To.PostgresqlDatabase(connectionString), "postgres");

    private static void Run(UpgradeEngineBuilder builder, string engine)
    {
        var upgrade = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => IsOf(engine, name))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
        var result = upgrade.PerformUpgrade();
        if (!result.Successful) throw new InvalidOperationException($"migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }

    private static bool IsOf(string engine, string script) => script.Contains($".Migrations.{engine}.", StringComparison.Ordinal);
}
