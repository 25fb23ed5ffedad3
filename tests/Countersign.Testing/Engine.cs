using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Testing;

/// <summary>The storage engines that every store contract runs against.</summary>
public enum Engine
{
    /// <summary>A file in a directory of the test's own.</summary>
    Sqlite,
    /// <summary>A database of the test's own on the server that <c>COUNTERSIGN_TEST_POSTGRES</c> names.</summary>
    Postgres,
}

/// <summary>A place for one test's data, removed afterwards.</summary>
public sealed class TestStore : IDisposable
{
    private readonly string? _database;

    /// <summary>Makes an empty store.</summary>
    public TestStore(Engine engine)
    {
        Engine = engine;
        Directory = System.IO.Directory.CreateTempSubdirectory("countersign-test-").FullName;
        if (engine != Engine.Postgres) return;
        _database = $"test_{Guid.NewGuid():n}";
        Execute($"CREATE DATABASE {_database}");
        ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = _database }.ConnectionString;
    }

    /// <summary>The engine.</summary>
    public Engine Engine { get; }

    /// <summary>The data directory.</summary>
    public string Directory { get; }

    /// <summary>The PostgreSQL connection string; null on SQLite.</summary>
    public string? ConnectionString { get; }

    /// <summary>The settings that lead a server to this store.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Countersign:DataDirectory", Directory),
        new("Countersign:Storage:Provider", Engine == Engine.Sqlite ? "sqlite" : "postgres"),
        new("ConnectionStrings:Countersign", ConnectionString ?? ""),
    ];

    /// <summary>Runs SQL behind the product's back, and answers the first number that it answers.</summary>
    public async Task<long> SqlAsync(string sql)
    {
        await using DbConnection connection = Engine == Engine.Sqlite
            ? new SqliteConnection($"Data Source={Path.Combine(Directory, "countersign.db")};Pooling=False")
            : new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the PostgreSQL database away, connections and all.</summary>
    public void DropDatabase()
    {
        if (_database is not null) Execute($"DROP DATABASE IF EXISTS {_database} WITH (FORCE)");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DropDatabase();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string Server => Environment.GetEnvironmentVariable("COUNTERSIGN_TEST_POSTGRES")
        ?? throw new InvalidOperationException("COUNTERSIGN_TEST_POSTGRES names no PostgreSQL server: ./test starts one and sets it");

    private static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
