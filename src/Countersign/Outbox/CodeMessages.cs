using System.Globalization;
using Countersign.Factors;
using Countersign.Factors.Codes;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.Sealing;
using Countersign.SendLimits;
using Countersign.Templates;
using Countersign.Texts;

namespace Countersign.Outbox;

/// <summary>Makes the messages that carry codes: who may be sent to, in which words, and until when.</summary>
public sealed class CodeMessages(IVault vault, OutboxPolicy policy, SendGuard guard, CodeSettings settings)
{
    /// <summary>Why nothing is sent now, and until when; null when it is.</summary>
    public (Refusal Refusal, DateTimeOffset? Until)? Refuses(CodeMessage code, in FactorContext context) => policy.Begins(code.Channel, context.Organization) is null
        ? (code.Channel == Channel.Email ? Refusal.MailUnavailable : Refusal.TelephonyUnavailable, null)
        : guard.RefusesNow(code.Channel, code.Recipient, code.Country, context.Now);

    /// <summary>The message for the outbox. Its status is <see cref="OutboxStatus.Failed"/> when the text has no room for the code (contract 13.1).</summary>
    public OutboxMessage Write(CodeMessage code, Factor factor, in FactorContext context, RequestContext by)
    {
        var (organization, now) = (context.Organization, context.Now);
        var preferences = LanguagePreferences.FirstOf(code.Request.AcceptLanguage, context.User.Language);
        var text = code.Channel == Channel.Sms ? SmsText(code, preferences, organization) : null;
        var id = OutboxMessage.NewId(now);
        var content = new MessageContent
        {
            Code = code.Code,
            Language = Languages.Choose(preferences).Tag,
            Text = text,
            Extension = code.Extension,
            LifetimeSeconds = (int)code.Lifetime.TotalSeconds,
            Origin = new MessageOrigin(by.RequestId, by.Uri, by.IpAddress),
        };
        var hasRoom = code.Channel != Channel.Sms || text is not null;
        return new OutboxMessage
        {
            Id = id,
            Channel = code.Channel,
            Recipient = code.Recipient,
            User = context.User.Id,
            Factor = factor.Id,
            Purpose = code.Purpose,
            Created = now,
            Expires = now + code.Lifetime,
            Status = hasRoom ? policy.Begins(code.Channel, organization)!.Value : OutboxStatus.Failed,
            Content = hasRoom ? content.Seal(vault, id) : default,
        };
    }

    /// <summary>The limits that a message must keep.</summary>
    public IReadOnlyList<SendLimit> Limits(CodeMessage code, in FactorContext context, RequestContext by) => guard.Limits(code.Channel, code.Recipient, context.User.Id, by);

    /// <summary>What else the log says of a message.</summary>
    public static IReadOnlyDictionary<string, string> Details(OutboxMessage message)
        => new Dictionary<string, string> { ["messageId"] = message.Id, ["tokenLifetimeSeconds"] = ((int)(message.Expires - message.Created).TotalSeconds).ToString(CultureInfo.InvariantCulture) };

    /// <summary>The text of an SMS (contract 13.4): the template that is named, in the first language that it speaks; else the default text.</summary>
    private string? SmsText(CodeMessage code, LanguagePreferences preferences, OrganizationSettings organization)
    {
        if ((code.Request.TemplateId ?? settings.SmsTemplate) is not { } templateId || !organization.SmsTemplates.TryGetValue(templateId, out var template))
            return MessageTexts.Sms(Languages.Choose(preferences), code.Code);
        return SmsTemplate.Fill(preferences.TryChoose(template.Translations, out _, out var translation) ? translation : template.Template, code.Code, organization.Name);
    }
}
