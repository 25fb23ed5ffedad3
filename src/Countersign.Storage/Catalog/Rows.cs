using System.Data;
using System.Data.Common;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>Many rows in one go: as arrays on PostgreSQL, one by one with a prepared statement on SQLite, where no round trip is saved.</summary>
internal sealed class Rows(bool isPostgres)
{
    /// <summary>A column and its values, an array.</summary>
    /// <param name="Name">The column.</param>
    /// <param name="Type">Its type on PostgreSQL.</param>
    /// <param name="Values">The values.</param>
    public sealed record Column(string Name, string Type, Array Values);

    /// <summary>Inserts rows.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Columns of the same length.</param>
    /// <param name="onConflict">What follows when a row is there already.</param>
    /// <param name="casts">What a column's value is put through on PostgreSQL, by the column's name.</param>
    public async ValueTask InsertAsync(Work work, string table, IReadOnlyList<Column> columns, string onConflict = "", IReadOnlyDictionary<string, string>? casts = null)
    {
        var count = columns[0].Values.Length;
        if (count == 0) return;
        var names = string.Join(", ", columns.Select(column => column.Name));
        if (isPostgres)
        {
            var selected = string.Join(", ", columns.Select(column => casts?.GetValueOrDefault(column.Name) is { } cast ? $"{column.Name}::{cast}" : column.Name));
            var unnested = string.Join(", ", columns.Select(column => $"@{column.Name}::{column.Type}[]"));
            await using var insert = work.Command($"INSERT INTO {table}({names}) SELECT {selected} FROM unnest({unnested}) AS given({names}) {onConflict}");
            foreach (var column in columns) insert.Bind("@" + column.Name, column.Values);
            await insert.ExecuteNonQueryAsync();
            return;
        }
        await using var command = work.Command($"INSERT INTO {table}({names}) VALUES({string.Join(", ", columns.Select(column => "@" + column.Name))}) {onConflict}");
        foreach (var column in columns) command.Bind("@" + column.Name, null);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < columns.Count; j++) command.Parameters[j].Value = columns[j].Values.GetValue(i) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A list of values in a condition: <c>column = ANY(@name)</c>, or <c>IN</c> with one parameter each.</summary>
    public string IsOneOf(DbCommand command, string column, string name, IReadOnlyCollection<string> values)
    {
        if (isPostgres)
        {
            command.Bind(name, values.ToArray());
            return $"{column} = ANY({name})";
        }
        var parameters = new List<string>(values.Count);
        foreach (var value in values)
        {
            parameters.Add(name + parameters.Count);
            command.Bind(parameters[^1], value);
        }
        return $"{column} IN ({string.Join(", ", parameters)})";
    }

    /// <summary>A text as PostgreSQL can keep it.</summary>
    public static string? Clean(string? text) => text is not null && text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
}
