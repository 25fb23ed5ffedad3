namespace Countersign.Outbox;

/// <summary>What a provider said later of a message that it had accepted.</summary>
public enum ReceiptStatus
{
    /// <summary>It is on its way.</summary>
    Pending,
    /// <summary>It arrived.</summary>
    Delivered,
    /// <summary>It did not arrive, and will not.</summary>
    Undelivered,
}

/// <summary>Takes delivery receipts: they are noted on the outbox row and in the system log.</summary>
public interface IDeliveryReceipts
{
    /// <summary>Notes a receipt. False when no message of this provider has the reference.</summary>
    /// <param name="provider">The provider's configured name.</param>
    /// <param name="reference">The provider's own id of the message, as it gave it when it accepted.</param>
    /// <param name="status">What became of the message.</param>
    /// <param name="reason">The provider's code or word for it; null for none. Bounded by the caller to 200 characters.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<bool> NoteAsync(string provider, string reference, ReceiptStatus status, string? reason, CancellationToken cancellationToken);
}
