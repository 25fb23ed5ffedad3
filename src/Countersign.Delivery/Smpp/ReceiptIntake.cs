using Countersign.Outbox;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// Notes receipts, and decides what the server is told: that a receipt was taken only once it is noted, so that none is lost when it cannot be.
/// A receipt may come before the outbox has kept the id that it names, even before the answer that tells the id. Such a receipt is refused as well, and the server sends
/// it again. One that names nothing of ours, for example a later segment, is taken and ignored.
/// </summary>
internal sealed class ReceiptIntake(string provider, string messageIds, IDeliveryReceipts receipts, TimeProvider clock, ILogger logger)
{
    // How long after its answer a message's id may still be on its way to the outbox.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);
    private const int Remembered = 4096;

    private readonly RecentNames _accepted = new(Remembered), _refused = new(Remembered);
    private int _sending;

    /// <summary>A message is being sent; its id is not known yet.</summary>
    public void Begin() => Interlocked.Increment(ref _sending);

    /// <summary>It was sent, or not. To be called after <see cref="Accepted"/>.</summary>
    public void End() => Interlocked.Decrement(ref _sending);

    /// <summary>Remembers the reference of a message that was just accepted.</summary>
    public void Accepted(string reference) => _accepted.Add(reference, clock.GetTimestamp());

    /// <summary>Notes a receipt, and gives the status of the answer to it.</summary>
    public async Task<uint> TakeAsync(DeliveryReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            var isOurs = false;
            foreach (var reference in MessageIdForms.References(receipt, messageIds))
            {
                var isSending = Volatile.Read(ref _sending) > 0;
                if (await receipts.NoteAsync(provider, reference, receipt.Status, receipt.Reason, cancellationToken)) return CommandStatus.Ok;
                isOurs |= IsExpected(reference, isSending);
            }
            return isOurs ? CommandStatus.TemporaryError : CommandStatus.Ok;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "A delivery receipt of {Provider} could not be noted; the server is asked to send it again", provider);
            return CommandStatus.TemporaryError;
        }
    }

    /// <summary>Whether the reference may yet be kept: it is of a message accepted just now, or perhaps of one whose answer is awaited. The latter is believed once.</summary>
    private bool IsExpected(string reference, bool isSending)
    {
        if (_accepted.Find(reference) is { } accepted) return clock.GetElapsedTime(accepted) < Recent;
        if (!isSending || _refused.Find(reference) is not null) return false;
        _refused.Add(reference, clock.GetTimestamp());
        return true;
    }
}
