using System.Collections.Immutable;

namespace Countersign.Integrations.Runs;

/// <summary>What to find (workflow contract 12.1).</summary>
public sealed record ExecutionSearch
{
    /// <summary>Beyond so many, hits are not counted, and pages do not begin.</summary>
    public const int MostCounted = 10_000;
    /// <summary>The largest page.</summary>
    public const int LargestPage = 1_000;
    /// <summary>Of a search by words, so many executions that the query leaves are looked through, in the order of the answer.</summary>
    public const int MostReadForWords = 10_000;

    /// <summary>How many hits to leave out; at most <see cref="MostCounted"/>.</summary>
    public int Start { get; init; }
    /// <summary>The size of the page; at most <see cref="LargestPage"/>.</summary>
    public int Size { get; init; } = 100;
    /// <summary>The conditions; null: none.</summary>
    public SearchCondition? Query { get; init; }
    /// <summary>Words that input, output, correlation id or reason must all have, in any letter case.</summary>
    public ImmutableArray<string> Words { get; init; } = [];
    /// <summary>The field that the answer is ordered by.</summary>
    public string SortField { get; init; } = "startTime";
    /// <summary>Whether the largest comes first.</summary>
    public bool Descending { get; init; } = true;
}

/// <summary>A condition of a search. Closed.</summary>
public abstract record SearchCondition
{
    private SearchCondition() { }

    /// <summary>All of these hold.</summary>
    public sealed record And(ImmutableArray<SearchCondition> Conditions) : SearchCondition;
    /// <summary>One of these holds.</summary>
    public sealed record Or(ImmutableArray<SearchCondition> Conditions) : SearchCondition;
    /// <summary>A field compared with a value.</summary>
    /// <param name="Field">The field, as the wire names it.</param>
    /// <param name="Comparison">One of <c>= != &lt; &gt; &lt;= &gt;=</c>.</param>
    /// <param name="Value">A text, or a number where the field is one.</param>
    public sealed record Compare(string Field, string Comparison, object Value) : SearchCondition;
    /// <summary>A field is one of these values.</summary>
    public sealed record In(string Field, ImmutableArray<object> Values) : SearchCondition;
}
