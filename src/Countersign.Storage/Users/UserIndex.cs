using System.Data.Common;
using System.Globalization;
using System.Text;
using Countersign.Storage.Commits;
using Countersign.Users;
using Countersign.Users.Search;

namespace Countersign.Storage.Users;

/// <summary>The rows that users are searched by, and the scans over them: each in the order of an index, from a place on.</summary>
internal static class UserIndex
{
    private const string Columns = "u.document, s.version, s.status, s.state";

    private const string ById = $"""
        SELECT '', u.id, {Columns} FROM users u JOIN user_state s ON s.user_id = u.id
        WHERE u.id >= @low AND u.id <= @high
        """;
    private const string ByStatus = $"""
        SELECT '', u.id, {Columns} FROM user_state s JOIN users u ON u.id = s.user_id
        WHERE s.status = @status
        """;
    private const string ByAttribute = $"""
        SELECT a.value, a.user_id, {Columns} FROM user_attribute a JOIN users u ON u.id = a.user_id JOIN user_state s ON s.user_id = a.user_id
        WHERE a.name = @name AND a.value >= @low AND a.value <= @high
        """;

    /// <summary>The command of a scan; <c>@count</c> is still to be bound.</summary>
    public static DbCommand Scan(DbConnection connection, UserScan scan, UserPlace? after)
    {
        var (beyond, order) = scan.Descending ? ("<", "DESC") : (">", "ASC");
        var command = scan switch
        {
            UserScan.ById range => Command(ById, $"u.id {beyond} @id", $"u.id {order}").Bind("@low", range.Low).Bind("@high", range.High),
            UserScan.ByStatus one => Command(ByStatus, $"s.user_id {beyond} @id", $"s.user_id {order}").Bind("@status", one.Status.Name),
            UserScan.ByAttribute range => Command(ByAttribute, $"(a.value, a.user_id) {beyond} (@value, @id)", $"a.value {order}, a.user_id {order}")
                .Bind("@name", range.Name).Bind("@low", range.Low).Bind("@high", range.High),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (after is not { } place) return command;
        command.Bind("@id", place.Id);
        return scan is UserScan.ByAttribute ? command.Bind("@value", place.Value) : command;

        DbCommand Command(string select, string behind, string by) => connection.Command($"{select}{(after is null ? "" : $" AND {behind}")} ORDER BY {by} LIMIT @count");
    }

    /// <summary>Writes a user's rows.</summary>
    public static async ValueTask AddAsync(Work work, UserId user, IEnumerable<(string Name, string Value)> rows)
    {
        var sql = new StringBuilder("INSERT INTO user_attribute(name, value, user_id) VALUES");
        List<(string, object?)> parameters = [("@id", user.Value)];
        foreach (var (name, value) in rows)
        {
            var number = parameters.Count;
            sql.Append(CultureInfo.InvariantCulture, $"{(number == 1 ? "" : ",")}(@n{number}, @v{number}, @id)");
            parameters.Add(($"@n{number}", name));
            parameters.Add(($"@v{number}", value));
        }
        if (parameters.Count > 1) await work.ExecuteAsync(sql.ToString(), [.. parameters]);
    }

    /// <summary>Writes what differs.</summary>
    public static async ValueTask ReplaceAsync(Work work, UserId user, IEnumerable<(string Name, string Value)> before, IEnumerable<(string Name, string Value)> after)
    {
        foreach (var (name, value) in before.Except(after))
            await work.ExecuteAsync("DELETE FROM user_attribute WHERE name = @name AND value = @value AND user_id = @id", ("@name", name), ("@value", value), ("@id", user.Value));
        await AddAsync(work, user, after.Except(before));
    }
}
