using System.Text.Json;
using Countersign.Texts;

namespace Countersign.Tests.Texts;

/// <summary>What every file of texts must keep to.</summary>
public sealed class LanguageFileTests
{
    public static TheoryData<string> Tags => [.. Languages.All.Select(language => language.Tag)];

    [Fact]
    public void These_languages_have_texts()
        => Assert.Equal(
            ["ar", "de", "en", "es", "fa", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "pt-BR", "ru", "sv", "tr", "uk", "zh-Hans", "zh-Hant"],
            Languages.All.Select(language => language.Tag));

    [Fact]
    public void Three_of_them_are_written_from_right_to_left()
        => Assert.Equal(["ar", "fa", "he"], Languages.All.Where(language => language.IsRightToLeft).Select(language => language.Tag));

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_file_has_the_name_of_its_tag(string tag) => Assert.Equal(tag, Read(tag).Tag);

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_text_has_its_places_once_and_is_one_clean_line(string tag)
    {
        var file = Read(tag);
        var mail = file.Mail;

        AssertText(file.Name);
        AssertText(file.Sms, "code");
        AssertText(mail.Greeting, "name");
        AssertText(mail.GreetingWithoutName);
        AssertText(mail.Secrecy);
        AssertText(mail.Automatic, "org");
        AssertText(file.Link.Sms, "validity", "link");
        AssertText(file.Link.Button);
        AssertText(file.Link.Secrecy);
        foreach (var purpose in new[] { mail.Activation, mail.Verification, file.Link.Mail })
        {
            AssertText(purpose.Subject, "org");
            AssertText(purpose.Heading);
            AssertText(purpose.Lead, "org");
            AssertText(purpose.Unasked);
        }
        AssertText(file.Voice.First, "org", "digits");
        AssertText(file.Voice.Again, "digits");
        Assert.NotEmpty(file.Voice.Pause);
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_number_of_minutes_has_its_form_and_none_is_left_over(string tag)
    {
        var file = Read(tag);
        var categories = Enumerable.Range(0, 2000).Select(minutes => PluralRules.Category(tag, minutes)).ToHashSet();

        foreach (var validity in new[] { file.Mail.Validity, file.Link.Validity })
        {
            Assert.Equal(categories.Order(), validity.Keys.Order());
            Assert.All(Enumerable.Range(3, 1500), minutes => AssertText(validity[PluralRules.Category(tag, minutes)], "minutes"));
        }
    }

    // 70 UTF-16 units fit in one SMS in any alphabet (3GPP TS 23.038 §6.2.3); what is in the default alphabet as well fits all the more.
    [Theory]
    [MemberData(nameof(Tags))]
    public void An_SMS_with_six_digits_fits_in_one_segment(string tag) => Assert.InRange(MessageTexts.Sms(Languages.Find(tag)!, "482915").Length, 8, 70);

    // The link of the protocol's page, with a public address of usual length: 119 characters.
    [Theory]
    [MemberData(nameof(Tags))]
    public void An_SMS_with_a_link_takes_few_segments_and_ends_with_the_link(string tag)
    {
        const string link = "https://mfa.example.com/authenticator/#activate=00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.8mQ2kd0vTnCw1YxPzR5hLg.bWFj";

        var text = MessageTexts.LinkSms(Languages.Find(tag)!, link, TimeSpan.FromMinutes(10));

        Assert.EndsWith($" {link}", text, StringComparison.Ordinal);
        Assert.Contains("10", text[..^link.Length], StringComparison.Ordinal);
        var segments = SmsSegments.Count(text);
        Assert.InRange(segments.Segments, 1, segments.Encoding == SmsEncoding.Gsm7 ? 2 : 4);
    }

    [Fact]
    public void The_english_SMS_is_the_default_template() => Assert.Equal("Your verification code is {code}.", Read("en").Sms);

    [Theory]
    [InlineData("en", 1, "one")]
    [InlineData("en", 0, "other")]
    [InlineData("fr", 0, "one")]
    [InlineData("ru", 1, "one")]
    [InlineData("ru", 21, "one")]
    [InlineData("ru", 11, "many")]
    [InlineData("uk", 3, "few")]
    [InlineData("uk", 13, "many")]
    [InlineData("pl", 1, "one")]
    [InlineData("pl", 21, "many")]
    [InlineData("pl", 22, "few")]
    [InlineData("pl", 112, "many")]
    [InlineData("ar", 2, "two")]
    [InlineData("ar", 5, "few")]
    [InlineData("ar", 15, "many")]
    [InlineData("ar", 100, "other")]
    [InlineData("he", 2, "two")]
    [InlineData("ja", 1, "other")]
    public void Plurals_follow_the_common_locale_data(string tag, int number, string category) => Assert.Equal(category, PluralRules.Category(tag, number));

    private static LanguageFile Read(string tag) => JsonSerializer.Deserialize(TextFiles.Read($"Languages/{tag}.json"), LanguageJson.Default.LanguageFile)!;

    private static void AssertText(string text, params string[] places)
    {
        var pattern = new TextPattern(text);

        Assert.Equal(places.Order(), pattern.Slots.Order());
        Assert.Equal(text.Trim(), text);
        Assert.NotEmpty(text);
        Assert.DoesNotContain(text, char.IsControl);
        Assert.Equal(places.Length, text.Count(character => character == '{'));
        Assert.Equal(places.Length, text.Count(character => character == '}'));
    }
}
