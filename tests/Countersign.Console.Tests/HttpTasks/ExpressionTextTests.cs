using Countersign.Console.HttpTasks;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class ExpressionTextTests
{
    [Theory]
    [InlineData("${workflow.input.n}", "workflow.input.n")]
    [InlineData("n=${a.output};\nwho=${b-c.output.x}", "a.output b-c.output.x")]
    [InlineData("${a.output.rows[${workflow.input.i}].id}", "workflow.input.i a.output.rows[${workflow.input.i}].id")]
    [InlineData("$${workflow.input.n} ${x.y}$${z}", "x.y")]
    [InlineData("${open and ${closed}", "closed")]
    [InlineData("nothing", "")]
    public void Expressions_are_found_the_inner_ones_first(string text, string paths) => Assert.Equal(paths, string.Join(' ', ExpressionText.Paths(text)));

    [Theory]
    [InlineData("${a", true)]
    [InlineData("${a} ${b", true)]
    [InlineData("${a[${b]}", true)]
    [InlineData("$${a", false)]
    [InlineData("${a}", false)]
    [InlineData("} {", false)]
    public void An_expression_without_an_end_is_broken(string text, bool broken) => Assert.Equal(broken, ExpressionText.IsBroken(text));

    [Theory]
    [InlineData("a ${work", 8, 2, "work")]
    [InlineData("a ${work", 4, 2, "")]
    [InlineData("${a[${b", 7, 4, "b")]
    public void What_is_being_typed_is_known_by_the_caret(string text, int caret, int start, string typed) => Assert.Equal((start, typed), ExpressionText.Open(text, caret));

    [Theory]
    [InlineData("${a}", 4)]
    [InlineData("$${a", 4)]
    [InlineData("a", 1)]
    public void Elsewhere_nothing_is_being_typed(string text, int caret) => Assert.Null(ExpressionText.Open(text, caret));

    [Fact]
    public void The_stretches_are_the_whole_text()
    {
        var random = new Letters(7);
        for (var round = 0; round < 2000; round++)
        {
            var text = random.Text("${}a$[".ToCharArray(), 14);
            Assert.Equal(text, string.Concat(ExpressionText.Segments(text).Select(segment => segment.Text)));
        }
    }

    /// <summary>The same letters on every run.</summary>
    private sealed class Letters(uint state)
    {
        public string Text(char[] letters, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[Next() % letters.Length]));

        private int Next()
        {
            state = state * 1664525 + 1013904223;
            return (int)(state >> 16 & 0x7fff);
        }
    }
}
