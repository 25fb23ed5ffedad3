using Countersign.Templates;
using CsCheck;

namespace Countersign.Tests.Templates;

public sealed class SmsTemplateTests
{
    [Theory]
    [InlineData("${org.name}: ${code}", "Shop", "Shop: 482915")]
    [InlineData("${code} ${code}", "Shop", "482915 482915")]
    [InlineData("${code}", "${code}", "482915")]
    [InlineData("${org.name} ${code}", "${code}", "${code} 482915")]
    [InlineData("${org.name} ${code}", "${org.name}", "${org.name} 482915")]
    public void The_code_and_the_organizations_name_are_put_in_once(string text, string organization, string sent) => Assert.Equal(sent, SmsTemplate.Fill(text, "482915", organization));

    [Fact]
    public void What_is_beyond_160_characters_is_cut_and_with_the_code_beyond_them_nothing_is_sent()
    {
        Assert.Equal("482915" + new string('x', 154), SmsTemplate.Fill("${code}" + new string('x', 155), "482915", "Shop"));
        Assert.Equal(new string('x', 154) + "482915", SmsTemplate.Fill(new string('x', 154) + "${code}", "482915", "Shop"));
        Assert.Null(SmsTemplate.Fill(new string('x', 155) + "${code}", "482915", "Shop"));
        Assert.Null(SmsTemplate.Fill("${org.name} ${code}", "482915", new string('o', 160)));
    }

    [Fact]
    public void What_is_sent_is_short_enough_and_has_the_code() => Gen.Select(Gen.String[0, 170], Gen.String[0, 100]).Sample((text, organization) =>
    {
        if (SmsTemplate.Fill(text + "${code}", "482915", organization) is not { } sent) return;
        Assert.InRange(sent.Length, 6, SmsTemplate.LongestSent);
        Assert.Contains("482915", sent, StringComparison.Ordinal);
    });
}
