using System.Globalization;
using Countersign.Factors;
using Countersign.Factors.Codes;
using Countersign.Factors.Push;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.Sealing;
using Countersign.SendLimits;
using Countersign.Templates;
using Countersign.Texts;

namespace Countersign.Outbox;

/// <summary>Makes the messages of factors: who may be sent to, in which words, and until when.</summary>
public sealed class FactorMessages(IVault vault, OutboxPolicy policy, SendGuard guard, CodeSettings settings)
{
    /// <summary>Why the operation is refused now because of its message, and until when; null when it is not.</summary>
    public (Refusal Refusal, DateTimeOffset? Until)? Refuses(FactorMessage message, in FactorContext context) => message switch
    {
        not PersonMessage => null,
        PersonMessage when policy.Begins(message.Channel, message.Purpose, context.Organization) is null
            => (message.Channel == Channel.Email ? Refusal.MailUnavailable : Refusal.TelephonyUnavailable, null),
        PersonMessage to => guard.RefusesNow(to.Channel, to.Recipient, to.Country, context.Now),
    };

    /// <summary>
    /// The messages for the outbox, which differ in nothing but their recipients; none when it is one that is left out. Their status is <see cref="OutboxStatus.Failed"/> when the text
    /// has no room for what it must say (contract 13.1).
    /// </summary>
    public IReadOnlyList<OutboxMessage> Write(FactorMessage message, Factor factor, in FactorContext context, RequestContext by)
    {
        if (policy.Begins(message.Channel, message.Purpose, context.Organization) is not { } begins) return [];
        var (user, now) = (context.User.Id, context.Now);
        switch (message)
        {
            case PersonMessage to:
                var content = Content(to, context, by);
                var hasRoom = to.Channel != Channel.Sms || content.Text is not null;
                return [Message(to.Recipient, id => hasRoom ? content.Seal(vault, id) : default) with { Factor = factor.Id, Status = hasRoom ? begins : OutboxStatus.Failed }];
            case PushMessage push:
                return [Message(factor.Id.Value, id => new PushContent(push.Subscription, push.TransactionId, Origin(by)).Seal(vault, id))];
            case ReportMessage report:
                var reported = new MessageContent
                {
                    Report = report.Request,
                    Language = Languages.English.Tag,
                    LifetimeSeconds = (int)report.Lifetime.TotalSeconds,
                    Origin = Origin(by),
                };
                return [.. report.Recipients.Select(recipient => Message(recipient, id => reported.Seal(vault, id)))];
            default:
                throw new InvalidOperationException($"{message.GetType().Name} is not a message");
        }

        OutboxMessage Message(string recipient, Func<string, ReadOnlyMemory<byte>> seal)
        {
            var id = OutboxMessage.NewId(now);
            return new OutboxMessage
            {
                Id = id,
                Channel = message.Channel,
                Recipient = recipient,
                User = user,
                Purpose = message.Purpose,
                Created = now,
                Expires = now + message.Lifetime,
                Status = begins,
                Content = seal(id),
            };
        }
    }

    /// <summary>The limits that a message must keep.</summary>
    public IReadOnlyList<SendLimit> Limits(FactorMessage message, in FactorContext context, RequestContext by)
        => message is PersonMessage to ? guard.Limits(to.Channel, to.Recipient, context.User.Id, by) : [];

    /// <summary>What else the log says of a message.</summary>
    public static IReadOnlyDictionary<string, string> Details(OutboxMessage message)
        => new Dictionary<string, string> { ["messageId"] = message.Id, ["tokenLifetimeSeconds"] = ((int)(message.Expires - message.Created).TotalSeconds).ToString(CultureInfo.InvariantCulture) };

    private MessageContent Content(PersonMessage message, in FactorContext context, RequestContext by)
    {
        var preferences = LanguagePreferences.FirstOf(message.Request.AcceptLanguage, context.User.Language);
        var (code, link) = (message as CodeMessage, message as LinkMessage);
        return new MessageContent
        {
            Code = code?.Code,
            Link = link?.Link,
            Language = Languages.Choose(preferences).Tag,
            Text = message.Channel != Channel.Sms ? null
                : code is not null ? SmsText(code, preferences, context.Organization)
                : MessageTexts.LinkSms(Languages.Choose(preferences), link!.Link, link.Lifetime),
            Extension = code?.Extension,
            LifetimeSeconds = (int)message.Lifetime.TotalSeconds,
            Origin = Origin(by),
        };
    }

    private static MessageOrigin Origin(RequestContext by) => new(by.RequestId, by.Uri, by.IpAddress);

    /// <summary>The text of an SMS (contract 13.4): the template that is named, in the first language that it speaks; else the default text.</summary>
    private string? SmsText(CodeMessage code, LanguagePreferences preferences, OrganizationSettings organization)
    {
        if ((code.Request.TemplateId ?? settings.SmsTemplate) is not { } templateId || !organization.SmsTemplates.TryGetValue(templateId, out var template))
            return MessageTexts.Sms(Languages.Choose(preferences), code.Code);
        return SmsTemplate.Fill(preferences.TryChoose(template.Translations, out _, out var translation) ? translation : template.Template, code.Code, organization.Name);
    }
}
