using System.Diagnostics;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Scripts;

namespace Countersign.Integrations.Tests.Scripts;

public class JintScriptsTests
{
    private static readonly JintScripts Scripts = new();

    [Theory]
    [InlineData("(function () { return $.a + $.b; })()", "3")]
    [InlineData("$.a", "1")]
    [InlineData("$.none", "null")]
    [InlineData("undefined", "null")]
    [InlineData("function e() { return $.a == 1 ? true : false; } e();", "true")]
    [InlineData("if ($.a < 2) { 'small'; } else { 'large'; }", "\"small\"")]
    [InlineData("({list: $.list.map(x => x * 2), n: null, f: function () {}})", "{\"list\":[2,4],\"n\":null}")]
    [InlineData("[1, 'ä', true].concat($.list)", "[1,\"ä\",true,1,2]")]
    [InlineData("(() => 1)", "null")]
    [InlineData("0/0", "null")]
    [InlineData("JSON.stringify($.list)", "\"[1,2]\"")]
    [InlineData("'ab'.repeat(2) + 'c'.padStart(3, '-') + 'c'.padEnd(2, '+')", "\"abab--cc+\"")]
    public void A_script_comes_to_its_completion_value(string script, string expected)
    {
        var result = Scripts.Evaluate(script, JsonBuilder.Read("""{"a":1,"b":2,"list":[1,2]}"""));

        Assert.Null(result.Error);
        Assert.Equal(expected, result.Value.GetRawText());
    }

    [Theory]
    [InlineData("throw new Error('no way')", "no way")]
    [InlineData("throw 'text'", "text")]
    [InlineData("\n\n$.a.b.c", "line 3")]
    [InlineData("var x = ;", "line 1")]
    [InlineData("while (true) {}", "")]
    [InlineData("for (;;) { 1 }", "")]
    [InlineData("let a = []; for (let i = 0; i < 20; i++) a.push('0123456789'.repeat(1500000 + i)); a.length", "")]
    [InlineData("let s = 'x'; while (true) { s += s; }", "")]
    [InlineData("(function f() { return f(); })()", "deep")]
    [InlineData("const f = () => [1].map(f); f()", "")]
    [InlineData("'x'.repeat(500000000)", "string length")]
    [InlineData("'x'.padStart(500000000)", "string length")]
    [InlineData("new Array(100000000).fill(1)", "")]
    [InlineData("eval('1')", "")]
    [InlineData("new Function('return 1')()", "")]
    [InlineData("const o = {}; o.o = o; o", "")]
    [InlineData("10n", "")]
    [InlineData("({toJSON() { while (true) {} }})", "")]
    [InlineData("/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')", "")]
    public void A_script_that_fails_or_breaks_a_limit_says_why_within_the_time(string script, string part)
    {
        var clock = Stopwatch.StartNew();

        var result = Scripts.Evaluate(script, JsonBuilder.Read("{}"));

        Assert.NotNull(result.Error);
        Assert.Contains(part, result.Error);
        Assert.EndsWith(".", result.Error);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), clock.Elapsed.ToString());
    }

    [Theory]
    [InlineData("typeof System")]
    [InlineData("typeof importNamespace")]
    [InlineData("typeof require")]
    [InlineData("typeof setTimeout")]
    [InlineData("typeof fetch")]
    [InlineData("typeof console")]
    public void A_script_sees_nothing_of_its_host(string script)
        => Assert.Equal("undefined", Scripts.Evaluate(script, JsonBuilder.Read("{}")).Value.GetString());

    [Fact]
    public void A_script_leaves_nothing_for_the_next()
    {
        Scripts.Evaluate("var left = 1; Array.prototype.left = 1; $.left = 1;", JsonBuilder.Read("{}"));

        Assert.Equal("\"undefinedundefinedundefined\"", Scripts.Evaluate("typeof left + typeof [].left + typeof $.left", JsonBuilder.Read("{}")).Value.GetRawText());
    }

    [Fact]
    public void Scripts_run_side_by_side()
    {
        var input = JsonBuilder.Read("""{"a":2}""");

        Parallel.For(0, 200, index => Assert.Equal(2 * (index % 7), Scripts.Evaluate($"$.a * {index % 7}", input).Value.GetInt32()));
    }

    [Fact]
    public void The_fault_of_a_grammar_is_told_without_running_it()
    {
        Assert.Null(JintScripts.FaultIn("while (true) {}"));
        Assert.Contains("line 2", JintScripts.FaultIn("1;\n var = 2"));
    }

    [Theory]
    [InlineData("new ArrayBuffer(300000000).byteLength")]
    [InlineData("new Uint8Array(300000000).length")]
    [InlineData("new Float64Array(30000000).length")]
    public void Memory_cannot_be_taken_as_a_buffer(string script)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = new JintScripts().Evaluate(script, JsonElement.Parse("{}"));

        Assert.NotNull(result.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * JintScripts.MostMemory);
    }
}
