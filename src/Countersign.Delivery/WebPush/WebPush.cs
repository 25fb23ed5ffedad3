using System.Net;
using Countersign.Factors.Push;

namespace Countersign.Delivery.WebPush;

/// <summary>Web Push as it is set up: the key that devices subscribe by, and the push services that are allowed. Thread-safe.</summary>
public sealed class WebPush : IWebPush, IDisposable
{
    /// <summary>The name of the key among the shared secrets.</summary>
    public const string KeyName = "web-push";

    private readonly PushServices _services;
    private readonly Vapid _vapid;

    /// <summary>Opens it with a key.</summary>
    /// <param name="key">The private key, as <see cref="NewKey"/> makes it.</param>
    /// <param name="settings">Its settings, which must not change any more.</param>
    /// <param name="publicUrl">Countersign's public address; null when it is not configured.</param>
    /// <param name="clock">The time.</param>
    public WebPush(ReadOnlySpan<byte> key, WebPushSettings settings, Uri? publicUrl, TimeProvider clock)
        => (_services, _vapid) = (new PushServices(settings.Services), new Vapid(key, settings.ContactAt(publicUrl), clock));

    /// <summary>A new private key, PKCS #8.</summary>
    public static byte[] NewKey() => Vapid.NewKey();

    /// <inheritdoc/>
    public string PublicKey => _vapid.PublicKey;

    /// <inheritdoc/>
    public bool Accepts(PushSubscription subscription)
    {
        using var keys = SubscriptionKeys.TryRead(subscription);
        return keys is not null && AddressOf(subscription) is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _vapid.Dispose();

    /// <summary>Where messages for a subscription are posted to; null where they may not be.</summary>
    internal Uri? AddressOf(PushSubscription subscription) => _services.TryRead(subscription.Endpoint);

    /// <summary>Whether what the name in an address leads to may be called.</summary>
    internal bool Allows(Uri endpoint, IPAddress address) => _services.Allows(endpoint, address);

    /// <summary>The value of <c>Authorization</c> for an address.</summary>
    internal string Authorization(Uri endpoint) => _vapid.Authorization(endpoint);
}
