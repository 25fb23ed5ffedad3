using System.Text.Json;
using Countersign.Integrations.Expressions;
using CsCheck;

namespace Countersign.Integrations.Tests.Expressions;

public class JsonPathTests
{
    private const string Store = """
        {"book":[
          {"category":"reference","author":"Nigel Rees","title":"Sayings","price":8.95},
          {"category":"fiction","author":"Evelyn Waugh","title":"Sword","price":12.99},
          {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99,"tags":{"old":true}}],
         "bicycle":{"color":"red","price":19.95}, "odd name":{"a-b":1}, "n":[5,1,4], "e":[], "t":"text", "x":[{"p":1},{"p":null},{}], "0":"zero"}
        """;

    [Theory]
    [InlineData(".t", "\"text\"")]
    [InlineData("['t']", "\"text\"")]
    [InlineData("[\"t\"]", "\"text\"")]
    [InlineData(".odd name.a-b", "1")]
    [InlineData("['odd name']['a-b']", "1")]
    [InlineData(".0", "\"zero\"")]
    [InlineData(".n[0]", "5")]
    [InlineData(".n[-1]", "4")]
    [InlineData(".n[3]", null)]
    [InlineData(".n[-4]", null)]
    [InlineData(".n.none", null)]
    [InlineData(".t[0]", null)]
    [InlineData(".none.none", null)]
    [InlineData(".n[*]", "[5,1,4]")]
    [InlineData(".bicycle.*", "[\"red\",19.95]")]
    [InlineData(".bicycle[*]", "[\"red\",19.95]")]
    [InlineData(".e[*]", "[]")]
    [InlineData(".n[0:2]", "[5,1]")]
    [InlineData(".n[1:]", "[1,4]")]
    [InlineData(".n[:-1]", "[5,1]")]
    [InlineData(".n[-2:]", "[1,4]")]
    [InlineData(".n[::2]", "[5,4]")]
    [InlineData(".n[::-1]", "[4,1,5]")]
    [InlineData(".n[2:0:-1]", "[4,1]")]
    [InlineData(".n[9:]", "[]")]
    [InlineData(".n[0,2]", "[5,4]")]
    [InlineData(".bicycle['color','price']", "[\"red\",19.95]")]
    [InlineData("..price", "[8.95,12.99,8.99,19.95]")]
    [InlineData("..book[0].title", "[\"Sayings\"]")]
    [InlineData("..n[0]", "[5]")]
    [InlineData(".book[*].isbn", "[\"0-553-21311-3\"]")]
    [InlineData(".book[?(@.isbn)].title", "[\"Moby Dick\"]")]
    [InlineData(".book[?(!@.isbn)].title", "[\"Sayings\",\"Sword\"]")]
    [InlineData(".book[?(@.price < 9)].title", "[\"Sayings\",\"Moby Dick\"]")]
    [InlineData(".book[?(@.price<=8.95)].title", "[\"Sayings\"]")]
    [InlineData(".book[?(@.price > 9 || @.category == 'reference')].title", "[\"Sayings\",\"Sword\"]")]
    [InlineData(".book[?(@.category == 'fiction' && @.price >= 12.99)].title", "[\"Sword\"]")]
    [InlineData(".book[?(@['category'] != \"fiction\")].price", "[8.95]")]
    [InlineData(".book[?(!(@.price > 9))].price", "[8.95,8.99]")]
    [InlineData(".book[?(@.tags.old == true)].price", "[8.99]")]
    [InlineData(".book[?(@.title == 'none')]", "[]")]
    [InlineData(".n[?(@ > 3)]", "[5,4]")]
    [InlineData(".x[?(@.p == null)]", "[{\"p\":null}]")]
    [InlineData(".x[?(@.p)]", "[{\"p\":1},{\"p\":null}]")]
    [InlineData(".n.length()", "3")]
    [InlineData(".t.length()", "4")]
    [InlineData(".bicycle.length()", "2")]
    [InlineData(".n.min()", "1")]
    [InlineData(".n.max()", "5")]
    [InlineData(".n.sum()", "10")]
    [InlineData("..price.sum()", "50.88")]
    [InlineData(".book[*].price.avg()", "10.31")]
    [InlineData(".e.max()", null)]
    [InlineData(".t.sum()", null)]
    public void A_path_finds_what_the_contract_says(string path, string? expected)
    {
        Assert.True(JsonPath.TryRead(path, out var read, out var fault), fault);

        var isFound = read.TryFind(JsonBuilder.Read(Store), out var found);

        Assert.Equal(expected is not null, isFound);
        if (expected is not null) Assert.True(JsonElement.DeepEquals(JsonBuilder.Read(expected), found), found.GetRawText());
    }

    [Theory]
    [InlineData(".")]
    [InlineData(".a.")]
    [InlineData("[")]
    [InlineData("[0")]
    [InlineData("[]")]
    [InlineData("['a]")]
    [InlineData("[99999999999]")]
    [InlineData("[0:1:0]")]
    [InlineData("[?(@.a == )]")]
    [InlineData("[?(@.a == b)]")]
    [InlineData("[?@.a]")]
    [InlineData("[?(@.a]")]
    [InlineData("[?('a')]")]
    [InlineData(".a.none()")]
    [InlineData(".a.length(1)")]
    [InlineData(".a.length().b")]
    [InlineData("[?((((((((((((((((((((((@.a))))))))))))))))))))))]")]
    public void A_path_with_a_fault_says_what_it_is(string path)
    {
        Assert.False(JsonPath.TryRead(path, out _, out var fault));
        Assert.EndsWith(".", fault);
    }

    [Fact]
    public void No_text_makes_reading_or_finding_throw()
    {
        var store = JsonBuilder.Read(Store);
        Gen.Char["ab.[]()?@*':,\"-019<>=!&| "].Array[0, 24].Sample(characters =>
        {
            if (JsonPath.TryRead(characters, out var path, out _)) path.TryFind(store, out _);
        }, iter: 20_000);
    }

    [Fact]
    public void A_path_that_looks_at_too_much_finds_nothing()
    {
        var wide = JsonBuilder.Read("[" + string.Join(',', Enumerable.Repeat("[[[1,1,1,1],[1,1,1,1]],[[1,1,1,1],[1,1,1,1]]]", 50_000)) + "]");
        Assert.True(JsonPath.TryRead("..*..*..*..*", out var path, out _));

        Assert.False(path.TryFind(wide, out _));
    }

    [Fact]
    public async Task A_slice_goes_through_a_long_list_once()
    {
        var list = JsonElement.Parse("[" + string.Join(',', Enumerable.Repeat("{}", 400_000)) + "]");
        Assert.True(JsonPath.TryRead("[0:]", out var path, out _));

        var found = await Task.Run(() => path.TryFind(list, out var all) ? all.GetArrayLength() : 0).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(400_000, found);
    }

    [Fact]
    public async Task Filters_in_filters_share_the_looks_of_the_whole()
    {
        var deep = "0";
        for (var level = 0; level < 100; level++) deep = $$"""{"a":{{deep}},"b":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]}""";
        Assert.True(JsonPath.TryRead("..[?(@..[?(@..[?(@..c)])])]", out var path, out var fault), fault);

        Assert.False(await Task.Run(() => path.TryFind(JsonBuilder.Read(deep), out _)).WaitAsync(TimeSpan.FromSeconds(60)));
    }
}
