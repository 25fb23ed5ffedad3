using Countersign.Console.Templates;

namespace Countersign.Console.Tests.Templates;

public sealed class SmsPreviewTests
{
    [Theory]
    [InlineData("${org.name}: your code is ${code}", "Shop: your code is 482915")]
    [InlineData("${code}, again ${code}", "482915, again 482915")]
    [InlineData("no code", null)]
    [InlineData("", null)]
    public void Macros_are_filled_in(string text, string? sent) => Assert.Equal(sent, SmsPreview.Fill(text, "Shop"));

    [Fact]
    public void A_name_is_not_taken_for_a_macro() => Assert.Equal("${code}: 482915", SmsPreview.Fill("${org.name}: ${code}", "${code}"));

    [Fact]
    public void What_is_too_long_is_cut() => Assert.Equal(SmsPreview.LongestSent, SmsPreview.Fill("${code}" + new string('x', 200), "Shop")?.Length);

    [Fact]
    public void No_half_of_a_letter_is_sent()
        => Assert.Equal(SmsPreview.LongestSent - 1, SmsPreview.Fill("${code}" + new string('x', 153) + "😀", "Shop")?.Length);

    [Fact]
    public void Nothing_is_sent_when_the_code_falls_beyond_the_end() => Assert.Null(SmsPreview.Fill(new string('x', 158) + "${code}", "Shop"));
}
