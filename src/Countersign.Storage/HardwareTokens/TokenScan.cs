using System.Data.Common;
using System.Globalization;
using System.Text;
using Countersign.Filtering;
using Countersign.HardwareTokens;
using Countersign.Storage.Commits;
using Countersign.Users.Search;

namespace Countersign.Storage.HardwareTokens;

/// <summary>
/// Lists of the inventory, filtered, sorted and paged by the database. In the order of upload, of serial numbers or of dates of upload an index is followed; in the other orders, which
/// claims and users determine, the inventory is gone through.
/// </summary>
internal static class TokenScan
{
    private const string Email = "LEFT JOIN user_attribute e ON e.user_id = c.user_id AND e.name = 'profile.email'";
    private const string Status = "CASE WHEN c.since IS NULL THEN 'UNASSIGNED' ELSE 'ACTIVE' END";

    /// <summary>The command of a list.</summary>
    public static DbCommand Command(DbConnection connection, TokenQuery query)
    {
        var command = connection.CreateCommand();
        command.Bind("@kind", query.Kind.Name).Bind("@count", query.Limit);
        var sql = new StringBuilder($"SELECT {TokenRows.Columns}, e.value {TokenRows.From} {Email} WHERE t.kind = @kind");
        if (query.Filter is { } filter) sql.Append(" AND ").Append(Condition(filter, command));
        var (beyond, order) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var by = query.SortBy is { } attribute ? SortOf(attribute) : null;
        if (query.After is { } place)
        {
            command.Bind("@id", place.Id);
            if (by is not null) command.Bind("@value", IsDate(query.SortBy!) ? place.Number : place.Text ?? "");
            sql.Append(by is null ? $" AND t.id {beyond} @id" : $" AND ({by}, t.id) {beyond} (@value, @id)");
        }
        sql.Append(by is null ? $" ORDER BY t.id {order}" : $" ORDER BY {by} {order}, t.id {order}").Append(" LIMIT @count");
        command.CommandText = sql.ToString();
        return command;
    }

    private static string Column(string attribute) => attribute switch
    {
        "profile.email" => "e.value",
        "profile.serial" => "t.serial",
        "activated" => "c.since",
        "user.id" => "c.user_id",
        "created" => "t.created",
        "status" => Status,
        "lastVerified" => "c.last_verified",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "not an attribute of tokens"),
    };

    private static bool IsDate(string attribute) => attribute is "activated" or "created" or "lastVerified";

    /// <summary>What lacks the attribute comes before all others.</summary>
    private static string SortOf(string attribute) => attribute is "profile.serial" or "created" or "status" ? Column(attribute)
        : IsDate(attribute) ? $"COALESCE({Column(attribute)}, -1)" : $"COALESCE({Column(attribute)}, '')";

    private static string Condition(FilterExpression filter, DbCommand command) => filter switch
    {
        FilterExpression.And both => $"({Condition(both.Left, command)} AND {Condition(both.Right, command)})",
        FilterExpression.Or either => $"({Condition(either.Left, command)} OR {Condition(either.Right, command)})",
        FilterExpression.Comparison comparison => Condition(comparison, command),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "not a filter of tokens"),
    };

    private static string Condition(FilterExpression.Comparison comparison, DbCommand command)
    {
        var column = Column(comparison.Attribute);
        switch (comparison.Operator)
        {
            case FilterOperators.Present:
                return $"{column} IS NOT NULL";
            case FilterOperators.StartsWith:
                return $"({column} >= {Value(comparison.Value)} AND {column} < {Value(comparison.Value + UserScan.Last)})";
            // What lacks the attribute differs from every value.
            case FilterOperators.NotEqual:
                return $"({column} IS NULL OR {column} <> {Value(Of(comparison))})";
            default:
                return $"{column} {Symbol(comparison.Operator)} {Value(Of(comparison))}";
        }

        string Value(object value)
        {
            var name = $"@f{command.Parameters.Count}";
            command.Bind(name, value);
            return name;
        }
    }

    private static object Of(FilterExpression.Comparison comparison) => comparison.Attribute switch
    {
        "profile.serial" => TokenSeed.Padded(comparison.Value),
        var name when IsDate(name) => DateTimeOffset.ParseExact(comparison.Value, FilterParser.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds(),
        _ => comparison.Value,
    };

    private static string Symbol(FilterOperators @operator) => @operator switch
    {
        FilterOperators.Equal => "=",
        FilterOperators.Greater => ">",
        FilterOperators.GreaterOrEqual => ">=",
        FilterOperators.Less => "<",
        FilterOperators.LessOrEqual => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(@operator), @operator, "not an operator of tokens"),
    };
}
