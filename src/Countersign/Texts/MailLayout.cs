using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>What a mail is about.</summary>
internal readonly record struct MailValues(string Code, MessagePurpose Purpose, string Organization, int Minutes, string? FirstName);

/// <summary>Where the sentences of a mail stand.</summary>
internal static class MailLayout
{
    private static readonly TextPattern Page = new(TextFiles.Read("Layouts/mail.html"));

    /// <summary>The mail as plain text. The code has a line of its own, so that its digits are not mixed with text of the other direction.</summary>
    public static string Text(Language language, in MailValues values)
    {
        var texts = language.Texts.Plain;
        var purpose = texts.Of(values.Purpose);
        return $"""
            {texts.Greeting(values.FirstName)}

            {purpose.Lead.Fill(("org", values.Organization))}

            {values.Code}

            {texts.Validity(values.Minutes)}
            {texts.Secrecy}

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
        return Page.Fill(
            ("lang", language.Tag),
            ("dir", language.IsRightToLeft ? "rtl" : "ltr"),
            ("start", language.IsRightToLeft ? "right" : "left"),
            ("subject", HtmlText.Encode(subject)),
            ("org", organization),
            ("heading", purpose.Heading),
            ("greeting", texts.Greeting(values.FirstName is { } name ? HtmlText.Isolate(name) : null)),
            ("lead", purpose.Lead.Fill(("org", organization))),
            ("code", HtmlText.Encode(values.Code)),
            ("validity", texts.Validity(values.Minutes)),
            ("secrecy", texts.Secrecy),
            ("unasked", purpose.Unasked),
            ("automatic", texts.Automatic.Fill(("org", organization))));
    }
}
