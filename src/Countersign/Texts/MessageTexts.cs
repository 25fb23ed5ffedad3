using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>
/// Writes messages with Countersign's own texts. Values that people chose are cut to one line of at most 100 characters; in HTML they are encoded. An organization
/// without a name is called Countersign. Codes always have the digits 0 to 9, which every keyboard has.
/// </summary>
public static class MessageTexts
{
    private const string NamelessOrganization = "Countersign";

    /// <summary>A text message. In English it is the default template (contract 13.3).</summary>
    public static string Sms(Language language, string code) => language.Texts.Sms.Fill(("code", code));

    /// <summary>A text message with an activation link, which stands at its end: phones take a full stop after it for a part of it.</summary>
    /// <param name="language">The language.</param>
    /// <param name="link">The link.</param>
    /// <param name="lifetime">How long it holds from now; whole minutes are said, at least one.</param>
    public static string LinkSms(Language language, string link, TimeSpan lifetime)
        => language.Texts.LinkSms.Fill(("validity", language.Texts.Plain.Of(MessagePurpose.ActivationLink).Hold.Validity(Minutes(lifetime))), ("link", link));

    /// <summary>A mail with a code.</summary>
    /// <param name="language">The language.</param>
    /// <param name="code">The code.</param>
    /// <param name="purpose">What the code is for.</param>
    /// <param name="organization">The organization's name.</param>
    /// <param name="lifetime">How long the code holds from now; whole minutes are said, at least one.</param>
    /// <param name="firstName">The recipient's first name; null for none. One that looks like a link is left out.</param>
    public static MailText Mail(Language language, string code, MessagePurpose purpose, string organization, TimeSpan lifetime, string? firstName)
        => Mail(language, new MailValues(code, purpose, Organization(organization), Minutes(lifetime), InsertedText.FirstName(firstName)));

    /// <summary>A mail with an activation link, like <see cref="Mail(Language, string, MessagePurpose, string, TimeSpan, string?)"/>.</summary>
    public static MailText LinkMail(Language language, string link, string organization, TimeSpan lifetime, string? firstName)
        => Mail(language, new MailValues(link, MessagePurpose.ActivationLink, Organization(organization), Minutes(lifetime), InsertedText.FirstName(firstName)));

    /// <summary>What a call says: the code twice, digit by digit. It is plain text: where a provider wants markup, it must be encoded.</summary>
    public static string Voice(Language language, string code, string organization)
    {
        var texts = language.Texts;
        var digits = string.Join(texts.VoicePause, code.AsEnumerable());
        return $"{texts.VoiceFirst.Fill(("org", Organization(organization)), ("digits", digits))} {texts.VoiceAgain.Fill(("digits", digits))}";
    }

    private static MailText Mail(Language language, in MailValues values)
    {
        var subject = language.Texts.Plain.Of(values.Purpose).Subject.Fill(("org", values.Organization));
        return new MailText(subject, MailLayout.Text(language, values), MailLayout.Html(language, subject, values));
    }

    internal static string Organization(string name) => InsertedText.Line(name) ?? NamelessOrganization;

    private static int Minutes(TimeSpan lifetime) => (int)Math.Clamp(lifetime.TotalMinutes, 1, 1_000_000);
}
