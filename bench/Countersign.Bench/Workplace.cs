using System.Globalization;
using Npgsql;

namespace Countersign.Bench;

/// <summary>What <c>bench/run</c> has prepared: built programs, a folder for data, a PostgreSQL cluster of its own, ports.</summary>
internal sealed class Workplace
{
    private int _port = int.Parse(Required("BENCH_PORT"), CultureInfo.InvariantCulture);

    /// <summary>Data that goes away with the run.</summary>
    public string Data { get; } = Required("BENCH_DATA");

    /// <summary>Where the .NET programs run: an empty folder, because ASP.NET Core watches the files of its own, and would be told of every write to a database there.</summary>
    public string Run => NewFolder("run");

    /// <summary>The report and the servers' output.</summary>
    public string Out { get; } = Required("BENCH_OUT");

    public string Server { get; } = Required("BENCH_SERVER");

    public string Floor { get; } = Required("BENCH_FLOOR");

    public string AspNetIdentity { get; } = Required("BENCH_ASPNET_IDENTITY");

    public string BetterAuth { get; } = Required("BENCH_BETTER_AUTH");

    /// <summary>A loopback address that nothing of this run has used.</summary>
    public Uri NextAddress() => new($"http://127.0.0.1:{_port++}");

    public string LogOf(string program) => Path.Combine(Out, $"{program}.log");

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Data, name)).FullName;

    /// <summary>Makes an empty database and answers how to connect to it.</summary>
    public static async Task<NpgsqlConnectionStringBuilder> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var cluster = new NpgsqlConnectionStringBuilder(Required("BENCH_POSTGRES"));
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name };
    }

    /// <summary>Brings a freshly filled database to rest, so that no cell pays for its filling.</summary>
    public static async Task SettleAsync(NpgsqlConnectionStringBuilder database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var sql in (string[])["VACUUM ANALYZE", "CHECKPOINT"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Required(string name)
        => Environment.GetEnvironmentVariable(name) ?? throw new BenchException($"{name} is not set: start the bench with bench/run");
}
