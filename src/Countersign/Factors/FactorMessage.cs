using Countersign.Outbox;

namespace Countersign.Factors;

/// <summary>A message that a kind wants sent with what it decided. One that cannot be sent is left out, and what was decided stands all the same.</summary>
/// <param name="Channel">How it travels.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Lifetime">How long it may be sent.</param>
public abstract record FactorMessage(Channel Channel, MessagePurpose Purpose, TimeSpan Lifetime)
{
    /// <summary>The channel alone: codes, links and recipients do not get into logs by accident.</summary>
    public sealed override string ToString() => Channel.Name;
}

/// <summary>
/// A message that a person needs in order to go on. Without it nothing is decided: it keeps the limits on sends, and where it may not be sent the operation is refused. A newer one of
/// the same factor ends it.
/// </summary>
/// <param name="Channel">How it travels.</param>
/// <param name="Recipient">The phone number (E.164) or the address.</param>
/// <param name="Country">The number's country (ISO 3166); null for mail.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Lifetime">How long it holds.</param>
/// <param name="Request">What the client asks of the message.</param>
public abstract record PersonMessage(Channel Channel, string Recipient, string? Country, MessagePurpose Purpose, TimeSpan Lifetime, MessageRequest Request)
    : FactorMessage(Channel, Purpose, Lifetime);
