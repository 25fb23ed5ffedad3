using Countersign.Organization;

namespace Countersign.Outbox;

/// <summary>Who sends on which channel.</summary>
/// <param name="Delivered">The channels that a provider is configured for.</param>
/// <param name="KeepsOthers">Whether messages of other channels are kept in the outbox alone; else factors of these channels are not available.</param>
public sealed record OutboxPolicy(IReadOnlySet<Channel> Delivered, bool KeepsOthers)
{
    /// <summary>How a new message of this channel begins; null when the channel is not available.</summary>
    public OutboxStatus? Begins(Channel channel, OrganizationSettings organization)
        => Delivered.Contains(channel) || IsHooked(channel, organization) ? OutboxStatus.Waiting : KeepsOthers ? OutboxStatus.Kept : null;

    /// <summary>Whether the telephony hook is asked before the providers, so that its word is waited for (contract 15.2).</summary>
    public static bool IsHooked(Channel channel, OrganizationSettings organization)
        => channel is Channel.Sms or Channel.Call && organization.TelephonyHook is not null;
}
