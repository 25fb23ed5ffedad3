using Countersign.Console.Api;

namespace Countersign.Console.Tests.Api;

public sealed class SearchExpressionTests
{
    [Theory]
    [InlineData("profile.department eq \"Sales\"")]
    [InlineData("(status EQ \"ACTIVE\" or status eq \"STAGED\")")]
    [InlineData("profile.title pr")]
    [InlineData("lastUpdated gt \"2026-01-01T00:00:00.000Z\"")]
    public void An_expression_is_told_from_words(string text) => Assert.True(SearchExpression.IsOne(text));

    [Theory]
    [InlineData("Ines Kovar")]
    [InlineData("anne le brun")]
    [InlineData("co op")]
    [InlineData("pr")]
    [InlineData("")]
    public void Words_are_no_expression(string text) => Assert.False(SearchExpression.IsOne(text));

    [Fact]
    public void Every_word_must_begin_one_of_the_attributes()
        => Assert.Equal(
            "(login sw \"ines\" or email sw \"ines\") and (login sw \"ko\" or email sw \"ko\")",
            SearchExpression.WordsBegin(" ines  ko ", "login", "email"));

    [Fact]
    public void A_value_cannot_leave_its_quotes()
        => Assert.Equal("""
            (login sw "\"x\\")
            """.Trim(), SearchExpression.WordsBegin("\"x\\", "login"));

    [Fact]
    public void No_words_make_no_expression() => Assert.Null(SearchExpression.WordsBegin("  ", "login"));
}
