using Countersign.Console.TestRequests;

namespace Countersign.Console.Tests.TestRequests;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a\nb\nc", "a\nb\nc", "a=a b=b c=c")]
    [InlineData("a\nb\nc", "a\nx\nc", "a=a b=x c=c")]
    [InlineData("a\nc", "a\nb\nc", "a=a -=b c=c")]
    [InlineData("a\nb\nc", "b\nc\nd", "a=- b=b c=c -=d")]
    [InlineData("", "a", "=a")]
    public void Lines_that_both_have_stand_in_one_row(string left, string right, string expected)
        => Assert.Equal(expected, string.Join(' ', LineDiff.Of(left, right).Select(line => $"{line.Left ?? "-"}={line.Right ?? "-"}")));

    [Fact]
    public void Every_line_of_both_sides_is_there_in_order()
    {
        var left = string.Join('\n', Enumerable.Range(0, 300).Select(line => line * line % 17));
        var right = string.Join('\n', Enumerable.Range(0, 400).Select(line => line * 7 % 19));

        var lines = LineDiff.Of(left, right);

        Assert.Equal(left, string.Join('\n', lines.Select(line => line.Left).OfType<string>()));
        Assert.Equal(right, string.Join('\n', lines.Select(line => line.Right).OfType<string>()));
    }

    [Fact]
    public void Texts_too_large_to_compare_stand_beside_each_other()
    {
        var left = string.Join('\n', Enumerable.Range(0, 3000));
        var right = string.Join('\n', Enumerable.Range(5000, 3000));

        Assert.Equal(3000, LineDiff.Of(left, right).Count);
    }
}
