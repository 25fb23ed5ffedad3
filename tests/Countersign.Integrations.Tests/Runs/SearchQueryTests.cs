using Countersign.Integrations.Runs;

namespace Countersign.Integrations.Tests.Runs;

/// <summary>The query language of searches.</summary>
public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("status = RUNNING")]
    [InlineData("status=RUNNING AND version>=2")]
    [InlineData("workflowType IN (a, 'b c',\"d\")")]
    [InlineData("startTime BETWEEN 1 AND 2 AND status != FAILED")]
    [InlineData("(status = A OR (status = B)) AND endTime < 5")]
    [InlineData("correlationId = \"\"")]
    [InlineData("*")]
    [InlineData("  ")]
    public void A_query_is_read(string query) => Assert.True(SearchQuery.TryRead(query, SearchQuery.ExecutionFields, out _, out var fault), fault);

    [Theory]
    [InlineData("status", "character 7")]
    [InlineData("color = red", "no field 'color'")]
    [InlineData("version = two", "'two' is no whole number")]
    [InlineData("status = 'RUNNING", "does not end")]
    [InlineData("(status = RUNNING", "closing parenthesis")]
    [InlineData("status = RUNNING status = FAILED", "AND, OR or the end")]
    [InlineData("workflowType IN a", "opening parenthesis")]
    [InlineData("startTime BETWEEN 1 2", "AND")]
    [InlineData("status =", "a value")]
    public void What_is_wrong_is_told_with_its_place(string query, string expected)
    {
        Assert.False(SearchQuery.TryRead(query, SearchQuery.ExecutionFields, out _, out var fault));

        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void AND_binds_closer_than_OR()
    {
        Assert.True(SearchQuery.TryRead("status = A OR status = B AND version = 1", SearchQuery.ExecutionFields, out var condition, out _));

        var or = Assert.IsType<SearchCondition.Or>(condition);
        Assert.Equal(new SearchCondition.Compare("status", "=", "A"), or.Conditions[0]);
        Assert.IsType<SearchCondition.And>(or.Conditions[1]);
    }

    [Fact]
    public void Bounds_are_kept()
    {
        Assert.False(SearchQuery.TryRead(new string('(', 100) + "status = A" + new string(')', 100), SearchQuery.ExecutionFields, out _, out _));
        Assert.False(SearchQuery.TryRead(string.Join(" OR ", Enumerable.Repeat("status = A", 200)), SearchQuery.ExecutionFields, out _, out _));
    }
}
