using Countersign.Console.TestRequests;

namespace Countersign.Console.Tests.TestRequests;

public sealed class ResponsePathTests
{
    [Theory]
    [InlineData("factorResult", ".factorResult")]
    [InlineData("with-hyphen_1", ".with-hyphen_1")]
    [InlineData("a.b", "['a.b']")]
    [InlineData("a b", "['a b']")]
    [InlineData("it's", "['it\\'s']")]
    [InlineData("", "['']")]
    public void Names_that_could_be_read_as_something_else_stand_in_brackets(string name, string expected) => Assert.Equal(expected, ResponsePath.Member("", name));

    [Fact]
    public void A_place_is_reached_through_the_task()
        => Assert.Equal("${verify_ref.output.response.body.rows[2].id}", ResponsePath.Expression("verify_ref", ResponsePath.Member(ResponsePath.Item(ResponsePath.Member("", "rows"), 2), "id")));
}
