using Countersign.Outbox;

namespace Countersign.Delivery.Pump;

/// <summary>Tells devices of requests.</summary>
public interface IPushSender
{
    /// <summary>How long it may take over one message.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>Sends a message to its device.</summary>
    ValueTask<DeliveryResult> SendAsync(OutboxEntry entry, PushContent content, CancellationToken cancellationToken);
}

/// <summary>Nobody sends: what waited for a device when Web Push was switched off is ended.</summary>
public sealed class NoPushSender : IPushSender
{
    /// <inheritdoc/>
    public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ValueTask<DeliveryResult> SendAsync(OutboxEntry entry, PushContent content, CancellationToken cancellationToken)
        => new(new DeliveryResult.Rejected("Web Push is switched off"));
}
