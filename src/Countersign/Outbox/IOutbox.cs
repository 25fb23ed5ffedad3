using Countersign.SystemLog;

namespace Countersign.Outbox;

/// <summary>Keeps the messages that are to be sent. They come into it with the commits that cause them (<see cref="Users.Transition{T}"/>).</summary>
public interface IOutbox
{
    /// <summary>Takes up messages that are due: until the lease ends nobody else does. Oldest first.</summary>
    Task<IReadOnlyList<OutboxEntry>> LeaseAsync(int count, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Notes what became of messages that were taken up, with their events. What somebody else took up in the meantime is left to them.</summary>
    Task FinishAsync(IReadOnlyList<OutboxOutcome> outcomes, CancellationToken cancellationToken);

    /// <summary>Notes what a provider said later. False when none of its messages has the reference.</summary>
    Task<bool> NoteAsync(OutboxReceipt receipt, Func<OutboxEntry, LogEvent?> eventOf, CancellationToken cancellationToken);

    /// <summary>One message, or null.</summary>
    Task<OutboxEntry?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Messages, newest first, before a place in the list.</summary>
    Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxQuery query, CancellationToken cancellationToken);

    /// <summary>How many messages wait, counted up to <paramref name="most"/>.</summary>
    Task<long> CountWaitingAsync(int most, CancellationToken cancellationToken);

    /// <summary>Removes ended messages that were made before an instant, and counters of sends that nobody needs any more, in small transactions.</summary>
    Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Which messages to list.</summary>
/// <param name="Recipient">Only those to this number or address; null: all.</param>
/// <param name="Before">Only those whose id is smaller; null: from the newest on.</param>
/// <param name="Limit">At most so many.</param>
public sealed record OutboxQuery(string? Recipient, string? Before, int Limit);

/// <summary>What became of a message that was taken up.</summary>
public sealed record OutboxOutcome
{
    /// <summary>The message as it was taken up.</summary>
    public required OutboxEntry Entry { get; init; }
    /// <summary>What it is now.</summary>
    public required OutboxStatus Status { get; init; }
    /// <summary>When it is taken up again, while it waits.</summary>
    public DateTimeOffset? Due { get; init; }
    /// <summary>The provider.</summary>
    public string? Provider { get; init; }
    /// <summary>The provider's id of it.</summary>
    public string? Reference { get; init; }
    /// <summary>What went wrong.</summary>
    public string? Reason { get; init; }
    /// <summary>The events of it.</summary>
    public IReadOnlyList<LogEvent> Events { get; init; } = [];
}

/// <summary>What a provider said of a message that it had accepted.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Reference">Its id of the message.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Its code or word for it.</param>
public sealed record OutboxReceipt(string Provider, string Reference, ReceiptStatus Status, string? Reason);

/// <summary>Told when messages were committed, so that they need not wait for the next look.</summary>
public sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>There is something to send.</summary>
    public void Wake()
    {
        if (_signal.CurrentCount > 0) return;
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it at the same moment.
        }
    }

    /// <summary>Waits until there is something to send, or the time has passed.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _signal.WaitAsync(most, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();
}
