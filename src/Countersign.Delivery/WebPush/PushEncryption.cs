using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Factors.Push;

namespace Countersign.Delivery.WebPush;

/// <summary>A device's keys for messages (RFC 8291 §2), read and checked.</summary>
internal sealed class SubscriptionKeys : IDisposable
{
    private const int SecretLength = 16;

    private SubscriptionKeys(ECDiffieHellman key, byte[] point, byte[] secret) => (Key, Point, Secret) = (key, point, secret);

    /// <summary>The device's public key.</summary>
    public ECDiffieHellman Key { get; }
    /// <summary>The same as an uncompressed point.</summary>
    public byte[] Point { get; }
    /// <summary>The secret that proves a message to come from who was given the subscription.</summary>
    public byte[] Secret { get; }

    /// <summary>Reads a subscription's keys; null when they are none.</summary>
    public static SubscriptionKeys? TryRead(PushSubscription subscription)
        => Decode(subscription.P256dh, P256Points.Length) is { } point && Decode(subscription.Auth, SecretLength) is { } secret && P256Points.TryOpen(point) is { } key
            ? new SubscriptionKeys(key, point, secret) : null;

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    private static byte[]? Decode(string text, int length)
    {
        // Padding and white space are not ours to forgive: what is stored is what a browser wrote.
        if (text.Length != Base64Url.GetEncodedLength(length)) return null;
        var bytes = new byte[length];
        return Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == length ? bytes : null;
    }
}

/// <summary>Encrypts messages so that only their device reads them (RFC 8291).</summary>
internal static class PushEncryption
{
    // Contents differ by a few bytes at most; all messages have one length.
    private const int Padded = 256;

    /// <summary>A message, encrypted with a key and a salt of its own.</summary>
    /// <param name="content">The message; at most 255 bytes.</param>
    /// <param name="device">The device's keys.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> content, SubscriptionKeys device)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(content, device, own, RandomNumberGenerator.GetBytes(Aes128Gcm.SaltLength), Padded);
    }

    /// <summary>A message, encrypted with this key and this salt, which must never be used again.</summary>
    internal static byte[] Encrypt(ReadOnlySpan<byte> content, SubscriptionKeys device, ECDiffieHellman own, ReadOnlySpan<byte> salt, int padded)
    {
        var point = P256Points.Write(own.ExportParameters(includePrivateParameters: false).Q);
        return Aes128Gcm.Encode(KeyMaterial(device, own, point), salt, point, content, padded);
    }

    /// <summary>What the content's key is derived from (§3.4): the agreed secret, combined with the subscription's and bound to both keys.</summary>
    internal static byte[] KeyMaterial(SubscriptionKeys device, ECDiffieHellman own, ReadOnlySpan<byte> point)
    {
        using var other = device.Key.PublicKey;
        var agreed = own.DeriveRawSecretAgreement(other);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, SHA256.HashSizeInBytes, device.Secret, [.. "WebPush: info\0"u8, .. device.Point, .. point]);
    }
}
