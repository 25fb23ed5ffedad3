namespace Countersign.Factors.Push;

/// <summary>Where a device's push service takes messages for it (W3C Push API, <c>PushSubscription</c>).</summary>
/// <param name="Endpoint">The address to post to.</param>
/// <param name="P256dh">The device's public key for messages (RFC 8291 §3.1): an uncompressed P-256 point of 65 bytes, base64url.</param>
/// <param name="Auth">The secret that proves messages to be of its server (RFC 8291 §3.2): 16 bytes, base64url.</param>
public sealed record PushSubscription(string Endpoint, string P256dh, string Auth)
{
    /// <summary>The host alone: whoever has the rest can send to the device.</summary>
    public override string ToString() => Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) ? address.Host : "";
}
