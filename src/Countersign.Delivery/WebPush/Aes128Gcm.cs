using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Delivery.WebPush;

/// <summary>The content coding <c>aes128gcm</c> (RFC 8188), for contents of one record.</summary>
internal static class Aes128Gcm
{
    /// <summary>The length of a salt, in bytes.</summary>
    public const int SaltLength = 16;
    /// <summary>The record size that is announced, in bytes; a push service need not take more (RFC 8030 §7.2).</summary>
    public const int RecordSize = 4_096;

    private const int KeyLength = 16, NonceLength = 12, TagLength = 16;
    private const byte LastRecord = 2;

    /// <summary>The content, encoded (§2): salt, record size, key id, and the one record.</summary>
    /// <param name="keyMaterial">What the key is derived from.</param>
    /// <param name="salt">16 bytes, for this content alone.</param>
    /// <param name="keyId">The key's name, up to 255 bytes.</param>
    /// <param name="content">The content.</param>
    /// <param name="padded">The length that content, delimiter and padding have together, so that the length says nothing; at least one more than the content's.</param>
    /// <exception cref="ArgumentException">It does not fit one record.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId, ReadOnlySpan<byte> content, int padded)
    {
        if (padded <= content.Length || padded + TagLength > RecordSize) throw new ArgumentException($"{content.Length} bytes in {padded} do not fit one record", nameof(padded));
        var headerLength = SaltLength + sizeof(uint) + 1 + keyId.Length;
        var encoded = new byte[headerLength + padded + TagLength];
        salt.CopyTo(encoded);
        BinaryPrimitives.WriteUInt32BigEndian(encoded.AsSpan(SaltLength), RecordSize);
        encoded[SaltLength + sizeof(uint)] = checked((byte)keyId.Length);
        keyId.CopyTo(encoded.AsSpan(SaltLength + sizeof(uint) + 1));

        // Behind the content a delimiter, then zeros (§2).
        Span<byte> record = new byte[padded];
        content.CopyTo(record);
        record[content.Length] = LastRecord;
        var (key, nonce) = Derive(keyMaterial, salt);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, record, encoded.AsSpan(headerLength, padded), encoded.AsSpan(headerLength + padded));
        return encoded;
    }

    /// <summary>The key (§2.2), and the nonce of the first record (§2.3).</summary>
    internal static (byte[] Key, byte[] Nonce) Derive(ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> salt)
    {
        Span<byte> pseudoRandom = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, keyMaterial, salt, pseudoRandom);
        var (key, nonce) = (new byte[KeyLength], new byte[NonceLength]);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, key, "Content-Encoding: aes128gcm\0"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, nonce, "Content-Encoding: nonce\0"u8);
        return (key, nonce);
    }
}
