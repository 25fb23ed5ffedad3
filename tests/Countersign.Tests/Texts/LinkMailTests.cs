using System.Text.RegularExpressions;
using Countersign.Outbox;
using Countersign.Texts;

namespace Countersign.Tests.Texts;

public sealed partial class LinkMailTests
{
    private const string Link = "https://mfa.example.com/authenticator/#activate=00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.8mQ2kd0vTnCw1YxPzR5hLg.bWFj";
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    public static TheoryData<string> Tags => [.. Languages.All.Select(language => language.Tag)];

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_mail_says_everything_and_has_one_link_which_is_ours(string tag)
    {
        var mail = MessageTexts.LinkMail(Languages.Find(tag)!, Link, "Acme & Co", TenMinutes, "Ines");

        Assert.Contains("Acme & Co", mail.Subject, StringComparison.Ordinal);
        Assert.Contains($"\n{Link}\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Ines", mail.Text, StringComparison.Ordinal);
        Assert.Contains("10", mail.Text.Replace(Link, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(Link, Assert.Single(Href().Matches(mail.Html)).Groups[1].Value);
        Assert.Contains("<bdi>Acme &amp; Co</bdi>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)src=|url\\(|@import|<script", mail.Html);
        Assert.DoesNotMatch(@"\{[a-zA-Z]+\}", mail.Text + mail.Html);
        Assert.InRange(mail.Html.Length, 1, 12_000);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><a href=\"https://evil.example\">")]
    [InlineData("{link} {button} {carried}")]
    [InlineData("Acme\r\nBcc: mallory@example.com")]
    public void A_hostile_name_adds_no_link_and_no_header(string name) => Assert.All(Languages.All, language =>
    {
        var mail = MessageTexts.LinkMail(language, Link, name, TenMinutes, name);

        Assert.Single(Href().Matches(mail.Html));
        Assert.DoesNotContain("<script", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(mail.Subject, char.IsControl);
        Assert.Single(Regex.Matches(mail.Text, Regex.Escape(Link)));
        Assert.Equal(12, mail.Text.Count(character => character == '\n'));
    });

    [Fact]
    public void A_link_is_encoded_where_it_stands()
    {
        var mail = MessageTexts.LinkMail(Languages.English, "https://mfa.example.com/?a=1&b=\"><img", "Acme", TenMinutes, null);

        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://mfa.example.com/?a=1&amp;b=&quot;&gt;&lt;img\"", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_tells_administrators_what_the_user_was_shown()
    {
        var report = new ReportedRequest(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero), "Ines's phone", "Payroll", "203.0.113.7", "Ljubljana, Slovenia", "Mozilla/5.0 <b>\r\nBcc: x");

        var mail = ReportTexts.Mail(report, new Addressee("00u1", "ines@example.com", "Ines", "Kovar"), "Acme");

        Assert.Equal("A sign-in request at Acme was reported", mail.Subject);
        foreach (var line in (string[])["User: ines@example.com", "Name: Ines Kovar", "Time: 2026-03-05 09:41:07 UTC", "Device: Ines's phone", "Application: Payroll",
            "Address: 203.0.113.7", "Place: Ljubljana, Slovenia", "User agent: Mozilla/5.0 <b> Bcc: x"])
            Assert.Contains($"\n{line}\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<bdi>Mozilla/5.0 &lt;b&gt; Bcc: x</bdi>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch(Href(), mail.Html);
    }

    [Fact]
    public void A_report_leaves_out_what_is_not_known()
    {
        var mail = ReportTexts.Mail(new ReportedRequest(DateTimeOffset.UnixEpoch, null, null, " ", null, null), new Addressee("00u1", "ines@example.com", "Ines", "Kovar"), "Acme");

        Assert.DoesNotContain("Device:", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Address:", mail.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Href();
}
