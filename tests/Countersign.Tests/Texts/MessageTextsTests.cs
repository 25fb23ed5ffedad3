using System.Text.RegularExpressions;
using Countersign.Outbox;
using Countersign.Texts;
using CsCheck;

namespace Countersign.Tests.Texts;

public sealed partial class MessageTextsTests
{
    private const string Code = "482915";
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    public static TheoryData<string, MessagePurpose> Mails
    {
        get
        {
            var mails = new TheoryData<string, MessagePurpose>();
            foreach (var language in Languages.All)
                foreach (var purpose in (MessagePurpose[])[MessagePurpose.Activation, MessagePurpose.Verification])
                    mails.Add(language.Tag, purpose);
            return mails;
        }
    }

    [Fact]
    public void Every_language_says_the_code_in_an_SMS() => Assert.All(Languages.All, language => Assert.Contains(Code, MessageTexts.Sms(language, Code), StringComparison.Ordinal));

    [Fact]
    public void A_call_says_the_code_twice_digit_by_digit()
    {
        Assert.Equal(
            "Hello, this is Acme. Your verification code is: 4, 8, 2, 9, 1, 5. Once again, your code is: 4, 8, 2, 9, 1, 5. Goodbye.",
            MessageTexts.Voice(Languages.English, Code, "Acme"));
        Assert.All(Languages.All, language =>
        {
            var text = MessageTexts.Voice(language, Code, "Acme");
            Assert.Equal(Code + Code, string.Concat(text.Where(char.IsAsciiDigit)));
            Assert.DoesNotContain("48", text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void A_mail_says_everything_in_text_and_in_HTML(string tag, MessagePurpose purpose)
    {
        var mail = MessageTexts.Mail(Languages.Find(tag)!, Code, purpose, "Acme & Co", FiveMinutes, "Ines");

        Assert.Contains("Acme & Co", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(Code, mail.Subject, StringComparison.Ordinal);
        Assert.Contains($"\n{Code}\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Ines", mail.Text, StringComparison.Ordinal);
        Assert.Contains("5", mail.Text.Replace(Code, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(Occurrences(mail.Html, Code));
        Assert.Contains("<bdi>Acme &amp; Co</bdi>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<bdi>Ines</bdi>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch(Place(), mail.Text + mail.Html);
    }

    [Theory]
    [InlineData("en", "ltr", "left")]
    [InlineData("ar", "rtl", "right")]
    [InlineData("he", "rtl", "right")]
    [InlineData("fa", "rtl", "right")]
    public void A_mail_says_its_language_and_direction_and_the_code_stays_left_to_right(string tag, string direction, string start)
    {
        var html = MessageTexts.Mail(Languages.Find(tag)!, Code, MessagePurpose.Verification, "Acme", FiveMinutes, null).Html;

        Assert.Contains($"""<html lang="{tag}" dir="{direction}">""", html, StringComparison.Ordinal);
        Assert.Contains($"""align="{start}" """, html, StringComparison.Ordinal);
        Assert.Matches("""<span dir="ltr"[^>]*>482915</span>""", html);
    }

    [Fact]
    public void A_mail_loads_nothing_and_lets_screen_readers_pass_over_its_tables()
    {
        var html = MessageTexts.Mail(Languages.English, Code, MessagePurpose.Verification, "Acme", FiveMinutes, null).Html;

        Assert.DoesNotMatch("(?i)https?:|src=|href=|url\\(|@import|<script", html);
        Assert.Equal(Occurrences(html, "<table").Count, Occurrences(html, "<table role=\"presentation\"").Count);
        Assert.InRange(html.Length, 1, 12_000);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("Acme' onmouseover='x")]
    [InlineData("Acme\r\nBcc: mallory@example.com")]
    [InlineData("Acme\u2028next\u0085line")]
    [InlineData("Acme\u202e gro.live")]
    [InlineData("{code} {org}")]
    public void A_hostile_name_stays_text(string name)
    {
        foreach (var language in Languages.All)
        {
            var mail = MessageTexts.Mail(language, Code, MessagePurpose.Activation, name, FiveMinutes, name);

            Assert.DoesNotContain(mail.Subject, character => char.IsControl(character) || character is '\u2028' or '\u2029' or '\u202e');
            Assert.DoesNotContain(Code, mail.Subject, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("' onmouseover", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("\nBcc", mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('\u202e', mail.Html);
        }
    }

    [Theory]
    [InlineData("Ines", true)]
    [InlineData("  Anne\tMarie ", true)]
    [InlineData("O'Neil", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("\u202e\u200b", false)]
    [InlineData("Win a prize at evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("An offer that is much too long to be anybody's name, call +1 415 555", false)]
    public void Somebody_is_greeted_by_name_unless_the_name_could_be_a_link(string? name, bool greeted)
    {
        var mail = MessageTexts.Mail(Languages.English, Code, MessagePurpose.Verification, "Acme", FiveMinutes, name);

        Assert.Equal(greeted, !mail.Text.StartsWith("Hello,\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en", 0, "valid for 1 minute.")]
    [InlineData("en", 119, "valid for 1 minute.")]
    [InlineData("en", 300, "valid for 5 minutes.")]
    [InlineData("ru", 21 * 60, "21 минуты.")]
    [InlineData("pl", 3 * 60, "3 minuty.")]
    [InlineData("ar", 120, "لمدة دقيقتين.")]
    [InlineData("ar", 300, "5 دقائق.")]
    [InlineData("he", 60, "דקה אחת.")]
    public void How_long_the_code_holds_is_said_in_whole_minutes(string tag, int seconds, string expected)
    {
        var mail = MessageTexts.Mail(Languages.Find(tag)!, Code, MessagePurpose.Verification, "Acme", TimeSpan.FromSeconds(seconds), null);

        Assert.Contains(expected, mail.Text, StringComparison.Ordinal);
        Assert.Contains(expected, mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_organization_without_a_name_is_called_Countersign()
        => Assert.Equal("Your verification code for Countersign", MessageTexts.Mail(Languages.English, Code, MessagePurpose.Verification, " \n", FiveMinutes, null).Subject);

    [Fact]
    public void No_name_breaks_a_mail() => Gen.Select(Gen.String, Gen.String, Gen.Int[0, Languages.All.Count - 1]).Sample((organization, name, index) =>
    {
        var mail = MessageTexts.Mail(Languages.All[index], Code, MessagePurpose.Verification, organization, FiveMinutes, name);

        Assert.DoesNotContain(mail.Subject, char.IsControl);
        Assert.Equal(12, mail.Text.Count(character => character == '\n'));
    });

    private static MatchCollection Occurrences(string text, string part) => Regex.Matches(text, Regex.Escape(part));

    [GeneratedRegex(@"\{[a-zA-Z]+\}")]
    private static partial Regex Place();
}
