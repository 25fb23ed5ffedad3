using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Tests.Expressions;

public class JsonBuilderTests
{
    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""["\ud83dx"]""")]
    [InlineData("""["\uD83D\u0041"]""")]
    [InlineData("""["\\\ud800"]""")]
    public void Half_a_character_is_refused(string json) => Assert.Throws<JsonException>(() => JsonBuilder.Read(json));

    [Theory]
    [InlineData("""["\ud83d\ude00"]""")]
    [InlineData("""["\\ud800"]""")]
    [InlineData("""["\u0041\n\\"]""")]
    [InlineData("""["ä\"\\\\"]""")]
    public void Whole_characters_are_read_and_written(string json)
    {
        var read = JsonBuilder.Read(json);

        Assert.Equal(read[0].GetString(), JsonBuilder.Build(read.WriteTo)[0].GetString());
    }
}
