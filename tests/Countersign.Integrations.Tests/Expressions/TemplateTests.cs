using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Tests.Expressions;

public class TemplateTests
{
    private const string Input = """{"n": 2, "who": "ann", "list": [1,2,3], "o": {"a": [4,5]}, "whole": 2.0, "half": 2.50, "no": null, "yes": true, "odd": "${workflow.input.n}"}""";

    [Theory]
    // The examples of workflow contract 5.1.
    [InlineData("\"${workflow.input.n}\"", "2")]
    [InlineData("\"n=${workflow.input.n};\\nwho=${workflow.input.who}\"", "\"n=2;\\nwho=ann\"")]
    [InlineData("\"${workflow.input.none}\"", "null")]
    [InlineData("\"x${workflow.input.none}\"", "\"xnull\"")]
    [InlineData("\"${workflow.input.list[${workflow.input.n}]}\"", "3")]
    [InlineData("\"${workflow.input.o.a[*]}\"", "[4,5]")]
    [InlineData("\"$${workflow.input.n} ${workflow.input.n}$${workflow.input.n}\"", "\"${workflow.input.n} 2${workflow.input.n}\"")]
    [InlineData("[\"${workflow.input.who}\", {\"k\": \"${workflow.input.o}\"}]", "[\"ann\", {\"k\": {\"a\": [4,5]}}]")]
    // Its rules.
    [InlineData("\"${workflow.input.whole} ${workflow.input.half} ${workflow.input.no} ${workflow.input.yes}\"", "\"2 2.50 null true\"")]
    [InlineData("\"${workflow.input.o}!\"", "\"{\\\"a\\\":[4,5]}!\"")]
    [InlineData("\"${}\"", "\"\"")]
    [InlineData("\"${  }\"", "\"\"")]
    [InlineData("\"a${}b\"", "\"ab\"")]
    [InlineData("\"${workflow.input.odd}\"", "\"${workflow.input.n}\"")]
    [InlineData("\"<${workflow.input.odd}>\"", "\"<${workflow.input.n}>\"")]
    [InlineData("\"${ workflow.input.n }\"", "2")]
    [InlineData("\"${workflow.input.n\"", "\"${workflow.input.n\"")]
    [InlineData("\"a $$${workflow.input.n}\"", "\"a $${workflow.input.n}\"")]
    [InlineData("\"costs $5 {n}\"", "\"costs $5 {n}\"")]
    [InlineData("\"\\u0024{workflow.input.n}\"", "2")]
    [InlineData("{\"${workflow.input.n}\": \"${workflow.input.n}\"}", "{\"${workflow.input.n}\": 2}")]
    [InlineData("\"${workflow.secrets.TOKEN}\"", "\"${workflow.secrets.TOKEN}\"")]
    [InlineData("\"SSWS ${workflow.secrets.TOKEN} ${workflow.input.n}\"", "\"SSWS ${workflow.secrets.TOKEN} 2\"")]
    [InlineData("\"${workflow.input.list.length()}\"", "3")]
    [InlineData("\"${PATH}\"", "null")]
    public void A_template_comes_to_what_the_contract_says(string template, string expected)
    {
        var evaluated = Template.Evaluate(JsonBuilder.Read(template), Scope());

        Assert.Null(evaluated.Error);
        Assert.True(JsonElement.DeepEquals(JsonBuilder.Read(expected), evaluated.Value), evaluated.Value.GetRawText());
    }

    [Fact]
    public void A_template_without_expressions_is_its_own_value()
    {
        var template = JsonBuilder.Read("""{ "a" : [1, "b"] }""");

        Assert.Equal(template, Template.Evaluate(template, Scope()).Value);
    }

    [Fact]
    public void A_value_that_would_be_too_large_is_an_error()
    {
        var scope = new MapScope(new Dictionary<string, JsonElement> { ["workflow.input.x"] = JsonBuilder.Text(new string('a', 1000)) }, _ => null);

        Assert.Null(Template.Evaluate(JsonBuilder.Read("""["${workflow.input.x}"]"""), scope, 1100).Error);
        Assert.Contains("1100", Template.Evaluate(JsonBuilder.Read("""["${workflow.input.x}","${workflow.input.x}"]"""), scope, 1100).Error);
        Assert.Contains("1100", Template.Evaluate(JsonBuilder.Read("""{"a":"${workflow.input.x} ${workflow.input.x}"}"""), scope, 1100).Error);
    }

    [Fact]
    public void A_value_that_would_nest_too_deeply_is_an_error()
    {
        var deep = new string('[', 250) + new string(']', 250);
        var scope = new MapScope(new Dictionary<string, JsonElement> { ["workflow.input.x"] = JsonBuilder.Read(deep) }, _ => null);

        var evaluated = Template.Evaluate(JsonBuilder.Read("""[[[[[[[[[["${workflow.input.x}"]]]]]]]]]]"""), scope);

        Assert.Contains("256", evaluated.Error);
    }

    [Fact]
    public void What_cannot_be_filled_is_listed()
    {
        var scope = Scope();

        Template.Evaluate(JsonBuilder.Read("""["${workflow.input.n}", "${a-b.output.x} ${workflow.env.HOST}", "${workflow.env.NONE}", "${workflow.secrets.S}"]"""), scope);

        Assert.Equal(["a-b.output.x", "workflow.env.NONE"], scope.Missing);
    }

    [Fact]
    public void Expressions_are_found_with_their_places()
    {
        var uses = Countersign.Integrations.Expressions.Expressions.In(JsonBuilder.Read(
            """{"a": "x ${one.output.b} ${two}", "rows": ["${t.output.r[${workflow.input.i}]}", "${open", "${a.b[}"], "$${k}": "$${no.output}"}""")).ToList();

        Assert.Equal(
            ["a one.output.b", "a two", "rows[0] workflow.input.i", "rows[0] t.output.r[${workflow.input.i}]", "rows[1] ${open", "rows[2] a.b["],
            uses.Select(use => $"{use.Place} {use.Text}"));
        Assert.Equal([true, true, true, false, false, false], uses.Select(use => use.Expression is not null));
        Assert.Equal([false, false, false, false, true, true], uses.Select(use => use.Fault is not null));
    }

    [Fact]
    public void Secrets_are_put_in_only_where_the_template_names_them()
    {
        var names = SecretExpressions.NamesIn(JsonBuilder.Read("""{"h": "SSWS ${workflow.secrets.T}", "p": "${workflow.secrets.J.user.name}", "e": "$${workflow.secrets.X}"}"""));
        var input = JsonBuilder.Read("""{"h": "SSWS ${workflow.secrets.T}", "p": "${workflow.secrets.J.user.name}", "data": "${workflow.secrets.X} ${a.output.b[${x}]} $${y}"}""");

        var filled = SecretExpressions.Fill(input, names, name => name == "T" ? "t${workflow.secrets.X}" : """{"user":{"name":"ann"}}""");

        Assert.Equal(["J", "T"], names.Order());
        Assert.Empty(filled.Missing);
        Assert.Equal("""{"h":"SSWS t${workflow.secrets.X}","p":"ann","data":"${workflow.secrets.X} ${a.output.b[${x}]} $${y}"}""", filled.Value.GetRawText());
    }

    [Fact]
    public void Secrets_that_are_not_there_are_named()
    {
        var input = JsonBuilder.Read("""{"h": "SSWS ${workflow.secrets.T}"}""");

        Assert.Equal(["T"], SecretExpressions.Fill(input, SecretExpressions.NamesIn(input), _ => null).Missing);
    }

    private static MapScope Scope() => new(
        JsonBuilder.Read(Input).EnumerateObject().ToDictionary(member => "workflow.input." + member.Name, member => member.Value),
        name => name == "HOST" ? "h" : null);

    [Fact]
    public async Task A_long_text_of_escapes_is_read_once()
    {
        var text = string.Concat(Enumerable.Repeat("$${", 700_000));

        var read = await Task.Run(() => TextTemplate.Read(text)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(1_400_000, Assert.Single(read.Parts).Text.Length);
    }

    [Fact]
    public async Task A_long_path_is_not_looked_up_for_each_of_its_beginnings()
    {
        var scope = new MapScope(new Dictionary<string, JsonElement> { ["a.b"] = JsonElement.Parse("1") }, _ => null);
        var template = JsonBuilder.Text("${a" + string.Concat(Enumerable.Repeat(".b", 500_000)) + "}");

        var evaluated = await Task.Run(() => Template.Evaluate(template, scope)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(JsonValueKind.Null, evaluated.Value.ValueKind);
        Assert.Single(scope.Missing);
    }
}
