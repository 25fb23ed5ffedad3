namespace Countersign.Hooks;

/// <summary>Puts events of the system log into the outbox for the event hooks that want them (contract 15.3).</summary>
public interface IEventFeed
{
    /// <summary>
    /// Goes through the next events and puts those that a verified and active hook wants into the outbox, each of them once, however many nodes do so at the same time.
    /// Nothing is written while no hook wants anything, except now and then.
    /// </summary>
    Task<EventFeedStep> MoveAsync(CancellationToken cancellationToken);
}

/// <summary>What a step of the feed did.</summary>
/// <param name="Messages">Messages that it put into the outbox.</param>
/// <param name="HasMore">Whether further events are there already.</param>
public readonly record struct EventFeedStep(int Messages, bool HasMore);
