using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>What a mail is about.</summary>
/// <param name="Carried">The code, or the link.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Organization">The organization's name.</param>
/// <param name="Minutes">How long it holds.</param>
/// <param name="FirstName">Whom to greet; null for nobody in particular.</param>
internal readonly record struct MailValues(string Carried, MessagePurpose Purpose, string Organization, int Minutes, string? FirstName);

/// <summary>Where the sentences of a mail stand.</summary>
internal static class MailLayout
{
    private static readonly TextPattern Page = new(TextFiles.Read("Layouts/mail.html"));
    private static readonly TextPattern Code = new(TextFiles.Read("Layouts/code.html").TrimEnd());
    private static readonly TextPattern Link = new(TextFiles.Read("Layouts/link.html").TrimEnd());

    /// <summary>The mail as plain text. The code or the link has a line of its own, so that it is not mixed with text of the other direction.</summary>
    public static string Text(Language language, in MailValues values)
    {
        var texts = language.Texts.Plain;
        var purpose = texts.Of(values.Purpose);
        return $"""
            {texts.Greeting(values.FirstName)}

            {purpose.Lead.Fill(("org", values.Organization))}

            {values.Carried}

            {purpose.Hold.Validity(values.Minutes)}
            {purpose.Hold.Secrecy}

            {purpose.Unasked}

            {texts.Automatic.Fill(("org", values.Organization))}

            """.ReplaceLineEndings("\n");
    }

    /// <summary>The mail as an HTML document.</summary>
    public static string Html(Language language, string subject, in MailValues values)
    {
        var texts = language.Texts.Html;
        var purpose = texts.Of(values.Purpose);
        var organization = HtmlText.Isolate(values.Organization);
        var carried = HtmlText.Encode(values.Carried);
        return Page.Fill(
            ("lang", language.Tag),
            ("dir", language.IsRightToLeft ? "rtl" : "ltr"),
            ("start", language.IsRightToLeft ? "right" : "left"),
            ("subject", HtmlText.Encode(subject)),
            ("org", organization),
            ("heading", purpose.Heading),
            ("greeting", texts.Greeting(values.FirstName is { } name ? HtmlText.Isolate(name) : null)),
            ("lead", purpose.Lead.Fill(("org", organization))),
            ("carried", values.Purpose == MessagePurpose.ActivationLink ? Link.Fill(("link", carried), ("button", texts.Button)) : Code.Fill(("code", carried))),
            ("validity", purpose.Hold.Validity(values.Minutes)),
            ("secrecy", purpose.Hold.Secrecy),
            ("unasked", purpose.Unasked),
            ("automatic", texts.Automatic.Fill(("org", organization))));
    }
}
