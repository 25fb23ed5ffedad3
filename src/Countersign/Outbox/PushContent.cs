using Countersign.Factors.Push;
using Countersign.Sealing;

namespace Countersign.Outbox;

/// <summary>What a message to a device consists of. It is for the sender alone: nobody is shown any of it.</summary>
/// <param name="Subscription">Where the device's push service takes messages for it.</param>
/// <param name="Transaction">The transaction that waits.</param>
/// <param name="Origin">The request that asked for it.</param>
public sealed record PushContent(PushSubscription Subscription, string Transaction, MessageOrigin Origin)
{
    /// <summary>The content, sealed so that it opens only for the message with this id.</summary>
    public byte[] Seal(IVault vault, string messageId) => MessageContent.Seal(vault, messageId, this, OutboxJson.Default.PushContent);

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    public static PushContent Open(IVault vault, string messageId, ReadOnlySpan<byte> content) => MessageContent.Open(vault, messageId, content, OutboxJson.Default.PushContent);

    /// <summary>Nothing of it.</summary>
    public override string ToString() => nameof(PushContent);
}
