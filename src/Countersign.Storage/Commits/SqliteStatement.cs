using System.Text;
using SQLitePCL;

namespace Countersign.Storage.Commits;

/// <summary>A prepared statement bound and stepped without ADO.NET in between: four of these make up a verification's share of a commit.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, blob));
        return this;
    }

    public SqliteStatement Bind(int index, long number)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, number));
        return this;
    }

    public SqliteStatement Bind(int index, long? number)
    {
        if (number is { } value) return Bind(index, value);
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    public SqliteStatement Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
            return this;
        }
        Span<byte> utf8 = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, utf8, out var length)) Check(raw.sqlite3_bind_text(_statement, index, utf8[..length]));
        else Check(raw.sqlite3_bind_text(_statement, index, text));
        return this;
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;
        raw.sqlite3_reset(_statement);
        Check(result);
        return false;
    }

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Runs a statement that answers no rows, and says how many it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new Microsoft.Data.Sqlite.SqliteException($"SQLite Error {result}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.", result, raw.sqlite3_extended_errcode(_database));
    }
}
