namespace Countersign.Delivery.Radius;

/// <summary>Carries requests to one server. Thread-safe.</summary>
internal interface IRadiusTransport : IAsyncDisposable
{
    /// <summary>Asks, and waits for an answer that counts, until <paramref name="limit"/>. What goes wrong on the way is an answer too.</summary>
    Task<RadiusReply> ExchangeAsync(AccessRequest request, CancellationToken limit);
}

/// <summary>What came of asking one server.</summary>
/// <param name="Answer">Its answer; null when none came that counts.</param>
/// <param name="Reason">Why there is none, for people; empty when there is one.</param>
internal readonly record struct RadiusReply(AccessAnswer? Answer, string Reason)
{
    /// <summary>No answer.</summary>
    public static RadiusReply None(string reason) => new(null, reason);
}
