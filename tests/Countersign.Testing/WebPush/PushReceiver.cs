using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Factors.Push;

namespace Countersign.Testing.WebPush;

/// <summary>
/// A browser's side of Web Push, written from RFC 8188 and RFC 8291 alone: it makes the keys of a subscription and reads messages, of any number of records. HKDF is written out by HMAC, so that
/// nothing of it is shared with who sends.
/// </summary>
public sealed class PushReceiver : IDisposable
{
    private const int SaltLength = 16, PointLength = 65, TagLength = 16;

    private readonly ECDiffieHellman _key;
    private readonly byte[] _point, _secret;

    /// <summary>Makes keys.</summary>
    public PushReceiver() : this(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(16))
    {
    }

    /// <summary>Has these keys.</summary>
    public PushReceiver(ECDiffieHellman key, byte[] secret) => (_key, _point, _secret) = (key, PointOf(key), secret);

    /// <summary>A subscription with these keys at an endpoint.</summary>
    public PushSubscription At(string endpoint) => new(endpoint, Base64Url.EncodeToString(_point), Base64Url.EncodeToString(_secret));

    /// <summary>Reads a message.</summary>
    /// <exception cref="CryptographicException">It was not made for this subscription, or was changed.</exception>
    public byte[] Read(ReadOnlySpan<byte> message) => Decode(message, KeyMaterial);

    /// <summary>Reads a content in the coding <c>aes128gcm</c> (RFC 8188 §2).</summary>
    /// <param name="encoded">The content.</param>
    /// <param name="keyOf">Finds what the key is derived from by its name.</param>
    public static byte[] Decode(ReadOnlySpan<byte> encoded, Func<byte[], byte[]> keyOf)
    {
        var salt = encoded[..SaltLength].ToArray();
        var size = checked((int)BinaryPrimitives.ReadUInt32BigEndian(encoded[SaltLength..]));
        var keyIdLength = encoded[SaltLength + 4];
        var keyId = encoded.Slice(SaltLength + 5, keyIdLength).ToArray();
        var rest = encoded[(SaltLength + 5 + keyIdLength)..];

        var pseudoRandom = HMACSHA256.HashData(salt, keyOf(keyId));
        var key = Expand(pseudoRandom, "Content-Encoding: aes128gcm\0"u8.ToArray())[..16];
        var nonce = Expand(pseudoRandom, "Content-Encoding: nonce\0"u8.ToArray())[..12];
        using var cipher = new AesGcm(key, TagLength);
        var content = new List<byte>();
        for (var number = 0ul; ; number++)
        {
            var record = rest[..Math.Min(size, rest.Length)];
            rest = rest[record.Length..];
            var clear = new byte[record.Length - TagLength];
            cipher.Decrypt(NonceOf(nonce, number), record[..^TagLength], record[^TagLength..], clear);
            var end = clear.AsSpan().TrimEnd((byte)0).Length - 1;
            // 2 ends the last record, 1 every other.
            if (clear[end] != (rest.IsEmpty ? 2 : 1)) throw new CryptographicException("a record does not end with its delimiter");
            content.AddRange(clear[..end]);
            if (rest.IsEmpty) return [.. content];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>An uncompressed point as a key.</summary>
    internal static ECParameters Point(byte[] point) => point is [4, ..] && point.Length == PointLength
        ? new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } }
        : throw new CryptographicException("not an uncompressed point");

    // RFC 8291 §3.4.
    private byte[] KeyMaterial(byte[] sender)
    {
        using var other = ECDiffieHellman.Create(Point(sender));
        using var otherKey = other.PublicKey;
        var agreed = _key.DeriveRawSecretAgreement(otherKey);
        return Expand(HMACSHA256.HashData(_secret, agreed), [.. "WebPush: info\0"u8, .. _point, .. sender]);
    }

    // RFC 5869 §2.3, for one block.
    private static byte[] Expand(byte[] pseudoRandom, byte[] info) => HMACSHA256.HashData(pseudoRandom, (byte[])[.. info, 1]);

    private static byte[] NonceOf(byte[] nonce, ulong number)
    {
        var own = (byte[])nonce.Clone();
        for (var i = 0; i < 8; i++) own[11 - i] ^= (byte)(number >> (8 * i));
        return own;
    }

    private static byte[] PointOf(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }
}
