using Countersign.Users;

namespace Countersign.Factors.Push;

/// <summary>Web Push (RFC 8030), as far as factors need to know of it. Thread-safe.</summary>
public interface IWebPush
{
    /// <summary>The key by which devices subscribe (RFC 8292 §3.2): an uncompressed P-256 point, base64url; null: no Web Push is sent.</summary>
    string? PublicKey { get; }

    /// <summary>Whether messages to this subscription would be sent: its keys can be read, and its push service is an allowed one.</summary>
    bool Accepts(PushSubscription subscription);
}

/// <summary>The devices' subscriptions.</summary>
public interface IPushSubscriptions
{
    /// <summary>Forgets a subscription that its push service knows no more; one that replaced it in the meantime stays.</summary>
    Task ForgetAsync(UserId user, FactorId factor, string endpoint, CancellationToken cancellationToken);
}

/// <summary>Nobody sends Web Push: devices learn of requests while they are open.</summary>
public sealed class NoWebPush : IWebPush
{
    /// <summary>The only one.</summary>
    public static readonly NoWebPush Instance = new();

    private NoWebPush()
    {
    }

    /// <inheritdoc/>
    public string? PublicKey => null;

    /// <inheritdoc/>
    public bool Accepts(PushSubscription subscription) => false;
}
