using Countersign.Organization;

namespace Countersign.Outbox;

/// <summary>Who sends on which channel.</summary>
/// <param name="Delivered">The channels that a provider is configured for.</param>
/// <param name="KeepsOthers">Whether messages of other channels are kept in the outbox alone; else factors of these channels are not available.</param>
public sealed record OutboxPolicy(IReadOnlySet<Channel> Delivered, bool KeepsOthers)
{
    /// <summary>How a new message begins; null when its channel is not available.</summary>
    public OutboxStatus? Begins(Channel channel, MessagePurpose purpose, OrganizationSettings organization)
        => Delivered.Contains(channel) || IsHooked(channel, purpose, organization) ? OutboxStatus.Waiting
            // A device is told by its push service or not at all: there is nothing that an administrator could read to it.
            : KeepsOthers && channel != Channel.Push ? OutboxStatus.Kept : null;

    /// <summary>Whether the telephony hook is asked before the providers, so that its word is waited for (contract 15.2). It is for codes: it has no place for a link.</summary>
    public static bool IsHooked(Channel channel, MessagePurpose purpose, OrganizationSettings organization)
        => channel is Channel.Sms or Channel.Call && purpose is MessagePurpose.Activation or MessagePurpose.Verification && organization.TelephonyHook is not null;
}
