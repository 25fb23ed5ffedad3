using Countersign.Filtering;
using CsCheck;

namespace Countersign.Tests.Filtering;

public sealed class FilterParserTests
{
    private static readonly FilterRules Rules = new(
        name => name switch
        {
            "status" => new FilterAttribute(FilterOperators.Equal | FilterOperators.NotEqual),
            "created" => new FilterAttribute(FilterOperators.Equal | FilterOperators.Order, IsDate: true),
            "name" or "profile.login" => new FilterAttribute(FilterOperators.All),
            _ => null,
        }, AllowsNot: true);

    [Theory]
    [InlineData("""status eq "ACTIVE" """, true)]
    [InlineData("status eq 'ACTIVE'", true)]
    [InlineData("""status EQ "ACTIVE" AND name Sw "an" """, true)]
    [InlineData("""status eq "active" """, false)]
    [InlineData("""status ne "ACTIVE" """, false)]
    [InlineData("""name pr""", true)]
    [InlineData("""profile.login pr""", false)]
    [InlineData("""profile.login ne "x" """, true)]
    [InlineData("""name co "\"" or name co 'na' """, true)]
    [InlineData("""name ew "a" """, true)]
    [InlineData("""name gt "ana" or name lt "ana" """, false)]
    [InlineData("""name ge "ana" and name le "ana" """, true)]
    [InlineData("""not (status eq "ACTIVE")""", false)]
    [InlineData("""created eq "2026-03-05T10:41:07.000+01:00" """, true)]
    [InlineData("""created gt "2026-03-05" and created lt "2026-03-06T00:00:00Z" """, true)]
    public void A_filter_matches_what_it_says(string text, bool matches)
    {
        var values = new Dictionary<string, string[]> { ["status"] = ["ACTIVE"], ["name"] = ["ana"], ["created"] = ["2026-03-05T09:41:07.000Z"] };

        Assert.True(FilterParser.TryParse(text, Rules, out var filter, out _));
        Assert.Equal(matches, filter.Matches(name => values.GetValueOrDefault(name, [])));
    }

    [Fact]
    public void And_binds_closer_than_or_and_parentheses_closer_still()
    {
        Assert.True(FilterParser.TryParse("name pr or name pr and status eq 'A'", Rules, out var loose, out _));
        Assert.True(FilterParser.TryParse("(name pr or name pr) and status eq 'A'", Rules, out var tight, out _));

        Assert.IsType<FilterExpression.Or>(loose);
        Assert.IsType<FilterExpression.And>(tight);
    }

    [Fact]
    public void One_value_of_several_is_enough_but_all_must_differ()
    {
        string[] values = ["a", "b"];

        Assert.True(FilterParser.TryParse("name eq 'b'", Rules, out var equal, out _));
        Assert.True(FilterParser.TryParse("name ne 'b'", Rules, out var differs, out _));

        Assert.True(equal.Matches(_ => values));
        Assert.False(differs.Matches(_ => values));
    }

    [Fact]
    public void Where_case_is_ignored_values_are_in_lower_case()
    {
        var rules = new FilterRules(_ => new FilterAttribute(FilterOperators.Equal, IgnoresCase: true));

        Assert.True(FilterParser.TryParse("name eq 'AnA'", rules, out var filter, out _));

        Assert.Equal("ana", Assert.IsType<FilterExpression.Comparison>(filter).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status eq")]
    [InlineData("status eq ACTIVE")]
    [InlineData("status eq \"ACTIVE")]
    [InlineData("status eq \"ACTIVE\\\"")]
    [InlineData("status is \"ACTIVE\"")]
    [InlineData("status eq \"A\" status eq \"B\"")]
    [InlineData("status eq \"A\" and")]
    [InlineData("(status eq \"A\"")]
    [InlineData("status eq \"A\")")]
    [InlineData("not status eq \"A\"")]
    [InlineData("\"status\" eq \"A\"")]
    [InlineData("status eq \"A\0\"")]
    public void What_does_not_follow_the_grammar_is_refused(string text) => AssertRefused(text, FilterFault.Unparsable);

    [Theory]
    [InlineData("shoeSize eq \"43\"")]
    [InlineData("Status eq \"ACTIVE\"")]
    [InlineData("status co \"ACT\"")]
    public void What_the_resource_does_not_know_is_refused(string text) => AssertRefused(text, FilterFault.Unsupported);

    [Fact]
    public void A_date_is_compared_with_nothing_else() => AssertRefused("created gt \"yesterday\"", FilterFault.InvalidDate);

    [Fact]
    public void The_size_of_a_filter_is_bounded()
    {
        AssertRefused($"name eq '{new string('x', FilterParser.MaxLength)}'", FilterFault.Unparsable);
        AssertRefused(string.Join(" or ", Enumerable.Repeat("name pr", FilterParser.MaxComparisons + 1)), FilterFault.Unparsable);
        AssertRefused(new string('(', 5_000) + "name pr" + new string(')', 5_000), FilterFault.Unparsable);
    }

    [Fact]
    public void No_text_throws()
    {
        string[] pieces =
            ["status", "created", "name", " ", "  ", "eq", "ne", "PR", "gt", "and", "or", "not", "(", ")", "\"", "'", "\\", "\"a\"", "'2026-01-01'", "1.5", "true", "é", "\ud800", "\0"];

        Gen.Int[0, pieces.Length - 1].Array[0, 24].Select(chosen => string.Concat(chosen.Select(index => pieces[index]))).Sample(text =>
        {
            var parsed = FilterParser.TryParse(text, Rules, out var filter, out var fault);
            Assert.Equal(parsed, fault == FilterFault.None);
            filter?.Matches(_ => ["a"]);
        }, iter: 20_000);
        Gen.String.Sample(text =>
        {
            FilterParser.TryParse(text, Rules, out _, out _);
        }, iter: 5_000);
    }

    private static void AssertRefused(string text, FilterFault expected)
    {
        Assert.False(FilterParser.TryParse(text, Rules, out _, out var fault));
        Assert.Equal(expected, fault);
    }
}
