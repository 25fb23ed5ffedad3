using Countersign.Console.HttpTasks;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class UriTextTests
{
    [Theory]
    [InlineData("https://a.example/x", "https://a.example/x", "")]
    [InlineData("https://a.example/x?a=1&b=two%20words&c", "https://a.example/x", "a=1|b=two words|c=")]
    [InlineData("https://a.example/x?q=a+b%26c", "https://a.example/x", "q=a b&c")]
    [InlineData("https://a.example/${x.output.rows[?(@.a == 'b&c=d')]}?a=${y.output.z?&=}", "https://a.example/${x.output.rows[?(@.a == 'b&c=d')]}", "a=${y.output.z?&=}")]
    public void The_query_comes_off_decoded_and_expressions_stay_whole(string uri, string address, string query)
    {
        var split = UriText.Split(uri);

        Assert.Equal(address, split.Address);
        Assert.Equal(query, string.Join('|', split.Query.Select(parameter => $"{parameter.Name}={parameter.Value}")));
    }

    [Fact]
    public void What_a_query_may_not_hold_is_encoded_and_expressions_are_not()
        => Assert.Equal(
            "https://a.example/x?a%26b=1%2B1%3D2&to=${workflow.input.to}&t=12:30,ok&k=%C3%A9%20%23",
            UriText.Join("https://a.example/x", [new("a&b", "1+1=2"), new("to", "${workflow.input.to}"), new("", "left out"), new("t", "12:30,ok"), new("k", "é #")]));

    [Fact]
    public void Back_and_forth_changes_nothing()
    {
        NamedValue[] query = [new("a b", "c&d=e%"), new("ü", "${x.y}/${z}"), new("empty", "")];

        var again = UriText.Split(UriText.Join("https://a.example/", query)).Query;

        Assert.Equal(query.Select(parameter => (parameter.Name, parameter.Value)), again.Select(parameter => (parameter.Name, parameter.Value)));
    }
}
