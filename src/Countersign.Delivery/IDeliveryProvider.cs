using Countersign.Outbox;

namespace Countersign.Delivery;

/// <summary>
/// One configured way of getting messages to people. A provider says what became of a message as a value; it is given a time limit by the cancellation token, and
/// may be called many times at once. What it throws counts as <see cref="DeliveryResult.Failed"/>.
/// </summary>
public interface IDeliveryProvider
{
    /// <summary>The name that it is configured under; in the log, in the outbox and in measurements.</summary>
    string Name { get; }

    /// <summary>Hands a message over. The same message may come again, with the same id, when it is not known whether it was accepted.</summary>
    ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken);

    /// <summary>Asks the provider whether it would take messages now.</summary>
    ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>What a provider did with a message. Closed: nothing outside this file can add a case.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult() { }

    /// <summary>It is the provider's now.</summary>
    /// <param name="Reference">The provider's id of the message, by which its receipts name it; null when it gives none. At most 200 characters.</param>
    public sealed record Accepted(string? Reference) : DeliveryResult;

    /// <summary>The recipient or the message is refused for good: no other try and no other provider would help.</summary>
    /// <param name="Reason">The provider's code or word for it, without code and address. At most 200 characters.</param>
    public sealed record Rejected(string Reason) : DeliveryResult;

    /// <summary>It did not work this time: another provider, or another time, may.</summary>
    /// <param name="Reason">What went wrong, without code and address. At most 200 characters.</param>
    /// <param name="RetryAfter">How long the provider asks to be left alone; null when it says nothing.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : DeliveryResult;
}

/// <summary>Whether a provider would take messages.</summary>
/// <param name="IsHealthy">Whether it would.</param>
/// <param name="Detail">What it said, or what is wrong; without secrets.</param>
public readonly record struct ProviderHealth(bool IsHealthy, string Detail);
