using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Testing.Authenticator;

/// <summary>The keys of a browser's subscription, and what reads the messages that are encrypted to them (RFC 8291).</summary>
public sealed class PushReceiver : IDisposable
{
    private const int SaltLength = 16, SizeLength = 4, PointLength = 65, TagLength = 16, KeyLength = 16, NonceLength = 12;

    private readonly ECDiffieHellman _key;
    private readonly byte[] _auth;

    /// <summary>Draws keys.</summary>
    public PushReceiver() : this(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(16))
    {
    }

    /// <summary>Takes keys.</summary>
    /// <param name="key">The key that messages are encrypted to.</param>
    /// <param name="auth">The secret of 16 bytes that only the server is told.</param>
    public PushReceiver(ECDiffieHellman key, byte[] auth) => (_key, _auth) = (key, auth);

    /// <summary>What a browser's subscription says of itself.</summary>
    public JsonObject Subscription(string endpoint) => new()
    {
        ["endpoint"] = endpoint,
        ["keys"] = new JsonObject { ["p256dh"] = Base64Url.EncodeToString(Point(_key)), ["auth"] = Base64Url.EncodeToString(_auth) },
    };

    /// <summary>Decrypts a message of one record (RFC 8188 §2, RFC 8291 §3 and §4).</summary>
    /// <exception cref="CryptographicException">It was encrypted to another, or changed on the way.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> message)
    {
        var salt = message[..SaltLength];
        if (message[SaltLength + SizeLength] != PointLength) throw new CryptographicException("the key of the message is no point");
        var sender = message.Slice(SaltLength + SizeLength + 1, PointLength).ToArray();
        var record = message[(SaltLength + SizeLength + 1 + PointLength)..];
        using var senderKey = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var shared = _key.DeriveRawSecretAgreement(senderKey.PublicKey);
        var secret = Derive(_auth, shared, [.. "WebPush: info\0"u8, .. Point(_key), .. sender], 32);
        using var gcm = new AesGcm(Derive(salt.ToArray(), secret, "Content-Encoding: aes128gcm\0"u8.ToArray(), KeyLength), TagLength);
        var nonce = Derive(salt.ToArray(), secret, "Content-Encoding: nonce\0"u8.ToArray(), NonceLength);
        var padded = new byte[record.Length - TagLength];
        gcm.Decrypt(nonce, record[..^TagLength], record[^TagLength..], padded);
        var end = padded.AsSpan().LastIndexOfAnyExcept((byte)0);
        return end >= 0 && padded[end] == 2 ? padded[..end] : throw new CryptographicException("the last record does not say that it is the last");
    }

    /// <summary>Decrypts a message and reads it.</summary>
    public JsonNode Read(ReadOnlySpan<byte> message) => JsonNode.Parse(Encoding.UTF8.GetString(Decrypt(message)))!;

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static byte[] Derive(byte[] salt, byte[] secret, byte[] info, int length) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, salt, info);

    private static byte[] Point(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }
}
