using System.Data.Common;
using System.Globalization;
using Countersign.Integrations.Runs;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Workflows;

/// <summary>A search's conditions as SQL, its values as parameters.</summary>
internal sealed class SqlSearch(string alias, IReadOnlyDictionary<string, string> columns)
{
    /// <summary>The columns of executions by their fields.</summary>
    public static readonly Dictionary<string, string> ExecutionColumns = new(StringComparer.Ordinal)
    {
        ["workflowId"] = "id",
        ["workflowType"] = "name",
        ["version"] = "version",
        ["status"] = "status",
        ["correlationId"] = "correlation_id",
        ["startTime"] = "started",
        ["endTime"] = "ended",
        ["updateTime"] = "updated",
        ["failedReferenceTaskNames"] = "failed",
    };

    /// <summary>The columns of tasks by their fields.</summary>
    public static readonly Dictionary<string, string> TaskColumns = new(StringComparer.Ordinal)
    {
        ["taskId"] = "id",
        ["workflowId"] = "execution_id",
        ["taskDefName"] = "name",
        ["taskType"] = "type",
        ["status"] = "status",
        ["updateTime"] = "updated",
    };

    private readonly List<object> _values = [];

    /// <summary>The WHERE clause; empty without a condition.</summary>
    public string Where(SearchCondition? condition) => condition is null ? "" : $" WHERE {Sql(condition)}";

    /// <summary>The ORDER BY clause; of equals the larger key comes first or last, like the rest.</summary>
    public string Order(string field, bool descending, string key)
    {
        var direction = descending ? "DESC" : "ASC";
        return $" ORDER BY {alias}.{columns[field]} {direction}, {alias}.{key} {direction}";
    }

    /// <summary>Binds the values.</summary>
    public DbCommand Bind(DbCommand command)
    {
        for (var i = 0; i < _values.Count; i++) command.Bind($"@v{i.ToString(CultureInfo.InvariantCulture)}", _values[i]);
        return command;
    }

    private string Sql(SearchCondition condition) => condition switch
    {
        SearchCondition.And and => $"({string.Join(" AND ", and.Conditions.Select(Sql))})",
        SearchCondition.Or or => $"({string.Join(" OR ", or.Conditions.Select(Sql))})",
        SearchCondition.In { Field: "failedReferenceTaskNames" } many => $"({string.Join(" OR ", many.Values.Select(value => Failed("=", value)))})",
        SearchCondition.In many => $"{Column(many.Field)} IN ({string.Join(", ", many.Values.Select(Value))})",
        SearchCondition.Compare { Field: "failedReferenceTaskNames" } compare => Failed(compare.Comparison, compare.Value),
        SearchCondition.Compare { Comparison: "!=" } compare => $"({Column(compare.Field)} IS NULL OR {Column(compare.Field)} <> {Value(compare.Value)})",
        SearchCondition.Compare compare => $"{Column(compare.Field)} {compare.Comparison} {Value(compare.Value)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>One of the names in the list.</summary>
    private string Failed(string comparison, object value)
    {
        // Not LIKE: letter case counts on one engine and not on the other.
        var names = $"(',' || coalesce({Column("failedReferenceTaskNames")}, '') || ',')";
        return $"replace({names}, {Value($",{value},")}, '') {(comparison == "!=" ? "=" : "<>")} {names}";
    }

    private string Column(string field) => $"{alias}.{columns[field]}";

    private string Value(object value)
    {
        _values.Add(value);
        return $"@v{(_values.Count - 1).ToString(CultureInfo.InvariantCulture)}";
    }
}
