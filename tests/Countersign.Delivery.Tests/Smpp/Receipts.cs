using System.Threading.Channels;
using Countersign.Outbox;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>An outbox that notes what receipts say.</summary>
internal sealed class Receipts : IDeliveryReceipts
{
    public Channel<(string Provider, string Reference, ReceiptStatus Status, string? Reason)> Noted { get; } = System.Threading.Channels.Channel.CreateUnbounded<(string, string, ReceiptStatus, string?)>();
    /// <summary>Which references it has; all unless set.</summary>
    public Func<string, bool> Knows { get; set; } = _ => true;
    /// <summary>What it fails with.</summary>
    public Exception? Fault { get; set; }

    public Task<bool> NoteAsync(string provider, string reference, ReceiptStatus status, string? reason, CancellationToken cancellationToken)
    {
        if (Fault is not null) throw Fault;
        if (!Knows(reference)) return Task.FromResult(false);
        Noted.Writer.TryWrite((provider, reference, status, reason));
        return Task.FromResult(true);
    }
}
