namespace Countersign.Filtering;

/// <summary>
/// A filter as read (contract 5). Values are compared by their characters; where case is ignored they are in lower case, and dates are in
/// <see cref="FilterParser.DateFormat"/>, so that comparing text compares dates. Closed: nothing outside this file can add a case.
/// </summary>
public abstract record FilterExpression
{
    private FilterExpression() { }

    /// <summary>Both.</summary>
    public sealed record And(FilterExpression Left, FilterExpression Right) : FilterExpression;

    /// <summary>One or both.</summary>
    public sealed record Or(FilterExpression Left, FilterExpression Right) : FilterExpression;

    /// <summary>The opposite.</summary>
    public sealed record Not(FilterExpression Inner) : FilterExpression;

    /// <summary>One comparison; <paramref name="Value"/> is empty with <see cref="FilterOperators.Present"/>.</summary>
    public sealed record Comparison(string Attribute, FilterOperators Operator, string Value) : FilterExpression
    {
        /// <summary>Whether one value of the attribute satisfies the comparison; for <c>ne</c>, whether it differs.</summary>
        public bool Accepts(string value) => Operator switch
        {
            FilterOperators.Equal => string.Equals(value, Value, StringComparison.Ordinal),
            FilterOperators.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
            FilterOperators.Greater => string.CompareOrdinal(value, Value) > 0,
            FilterOperators.GreaterOrEqual => string.CompareOrdinal(value, Value) >= 0,
            FilterOperators.Less => string.CompareOrdinal(value, Value) < 0,
            FilterOperators.LessOrEqual => string.CompareOrdinal(value, Value) <= 0,
            FilterOperators.StartsWith => value.StartsWith(Value, StringComparison.Ordinal),
            FilterOperators.EndsWith => value.EndsWith(Value, StringComparison.Ordinal),
            FilterOperators.Contains => value.Contains(Value, StringComparison.Ordinal),
            FilterOperators.Present => true,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>
    /// Whether a resource satisfies the filter. <paramref name="valuesOf"/> gives the values of an attribute in the filter's form, none when it is unset. One
    /// value that satisfies is enough, but <c>ne</c> holds only when every value differs.
    /// </summary>
    public bool Matches(Func<string, IEnumerable<string>> valuesOf) => this switch
    {
        And both => both.Left.Matches(valuesOf) && both.Right.Matches(valuesOf),
        Or either => either.Left.Matches(valuesOf) || either.Right.Matches(valuesOf),
        Not opposite => !opposite.Inner.Matches(valuesOf),
        Comparison { Operator: FilterOperators.NotEqual } differs => valuesOf(differs.Attribute).All(differs.Accepts),
        Comparison comparison => valuesOf(comparison.Attribute).Any(comparison.Accepts),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
