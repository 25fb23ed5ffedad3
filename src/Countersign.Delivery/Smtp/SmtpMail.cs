using Countersign.Outbox;
using MimeKit;

namespace Countersign.Delivery.Smtp;

/// <summary>Makes an Internet message (RFC 5322) of a rendered one.</summary>
internal static class SmtpMail
{
    /// <summary>The mail; null when the recipient is not one e-mail address.</summary>
    public static MimeMessage? TryCompose(RenderedMessage message, MailboxAddress from, DateTimeOffset now)
    {
        // Whole and alone: a list or a name before it would send to others, or hide whom it is sent to.
        if (!MailboxAddress.TryParse(message.Recipient, out var recipient) || recipient.Address != message.Recipient || recipient.Domain.Length == 0)
            return null;
        var mail = new MimeMessage
        {
            MessageId = MessageId(message, from),
            Date = now,
            Subject = message.Subject ?? "",
            Body = Body(message),
        };
        mail.From.Add(from);
        mail.To.Add(recipient);
        mail.Body.Headers.Add(HeaderId.ContentLanguage, message.Language);
        // No answers by machines (RFC 3834 §5; the second is what Exchange looks at).
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        // Seven bits and short lines survive every relay, and signatures over them as well.
        mail.Prepare(EncodingConstraint.SevenBit);
        return mail;
    }

    /// <summary>The same for every try, so that a mailbox that gets a message twice can tell.</summary>
    private static string MessageId(RenderedMessage message, MailboxAddress from) => $"{message.Id}@{MailboxAddress.EncodeAddrspec(from.Address).Split('@')[^1]}";

    private static MimeEntity Body(RenderedMessage message)
    {
        var text = new TextPart("plain") { Text = message.Text };
        // What a reader shows is the last part that it can (RFC 2046 §5.1.4).
        return message.Html is null ? text : new MultipartAlternative(text, new TextPart("html") { Text = message.Html });
    }
}
