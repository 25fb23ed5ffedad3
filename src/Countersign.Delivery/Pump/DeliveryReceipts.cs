using Countersign.Outbox;

namespace Countersign.Delivery.Pump;

/// <summary>Notes what providers say later, with its event.</summary>
public sealed class DeliveryReceipts(IOutbox outbox) : IDeliveryReceipts
{
    /// <inheritdoc/>
    public Task<bool> NoteAsync(string provider, string reference, ReceiptStatus status, string? reason, CancellationToken cancellationToken)
    {
        var receipt = new OutboxReceipt(provider, reference, status, reason);
        return outbox.NoteAsync(receipt, entry => DeliveryEvents.Receipt(entry, receipt), cancellationToken);
    }
}
