using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Texts;
using Countersign.Users;

namespace Countersign.Outbox;

/// <summary>Opens a message and puts it into the words of its language, as a provider or an administrator gets it.</summary>
public sealed class MessageReader(IVault vault, IUserStore users, IOrganizationStore organizations)
{
    /// <summary>The message; null when it is not for a person, its content is gone, or so is its user.</summary>
    public async ValueTask<RenderedMessage?> ReadAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Channel is Channel.EventHook or Channel.Push || await AddresseeAsync(entry, cancellationToken) is not { } addressee) return null;
        var content = MessageContent.Open(vault, entry.Id, entry.Content.Span);
        var language = Languages.Find(content.Language) ?? Languages.English;
        var organization = (await organizations.GetAsync(cancellationToken)).Name;
        var mail = entry.Channel == Channel.Email ? Mail(content) : null;
        return new RenderedMessage
        {
            Id = entry.Id,
            Channel = entry.Channel,
            Recipient = entry.Recipient,
            Extension = content.Extension,
            Code = content.Code,
            Link = content.Link,
            Language = language.Tag,
            Text = content.Text ?? mail?.Text ?? MessageTexts.Voice(language, content.Code!, organization),
            Subject = mail?.Subject,
            Html = mail?.Html,
            Purpose = entry.Purpose,
            Created = entry.Created,
            Expires = entry.Expires,
            User = addressee,
            Origin = content.Origin,
        };

        MailText Mail(MessageContent content)
        {
            var lifetime = TimeSpan.FromSeconds(content.LifetimeSeconds);
            return content switch
            {
                { Report: { } report } => ReportTexts.Mail(report, addressee, organization),
                { Link: { } link } => MessageTexts.LinkMail(language, link, organization, lifetime, addressee.FirstName),
                _ => MessageTexts.Mail(language, content.Code!, entry.Purpose, organization, lifetime, addressee.FirstName),
            };
        }
    }

    /// <summary>The message to a device; null when it is none, its content is gone, or so is its user.</summary>
    public async ValueTask<DeviceMessage?> ReadDeviceAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Channel != Channel.Push || await AddresseeAsync(entry, cancellationToken) is not { } addressee) return null;
        var content = PushContent.Open(vault, entry.Id, entry.Content.Span);
        return new DeviceMessage(content) { User = addressee, Origin = content.Origin };
    }

    private async ValueTask<Addressee?> AddresseeAsync(OutboxEntry entry, CancellationToken cancellationToken)
        => !entry.Content.IsEmpty && entry.User is { } userId && await users.FindAsync(userId, cancellationToken) is { User: var user }
            ? new Addressee(user.Id.Value, user.Login, user.Profile["firstName"], user.Profile["lastName"]) : null;
}
