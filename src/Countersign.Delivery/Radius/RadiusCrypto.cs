using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Countersign.Delivery.Radius;

/// <summary>RADIUS's own use of MD5. Pure.</summary>
[SuppressMessage("Security", "CA5351", Justification = "RFC 2865 and RFC 3579 know nothing else; the Message-Authenticator keeps what is known of MD5 from being of use (docs/radius.md).")]
internal static class RadiusCrypto
{
    /// <summary>Octets of an authenticator, of a hash and of the blocks of a hidden password.</summary>
    public const int Size = 16;
    /// <summary>RFC 2865 §5.2: the longest password, in octets.</summary>
    public const int LongestPassword = 128;

    /// <summary>The length of a password of so many octets when it is hidden: filled up to whole blocks, one at least.</summary>
    public static int HiddenLength(int length) => Math.Max(1, (length + Size - 1) / Size) * Size;

    /// <summary>Hides a password (RFC 2865 §5.2).</summary>
    /// <param name="password">The password, at most <see cref="LongestPassword"/> octets.</param>
    /// <param name="secret">The secret shared with the server.</param>
    /// <param name="authenticator">The Request Authenticator.</param>
    /// <param name="hidden">Where it goes; <see cref="HiddenLength"/> octets.</param>
    public static void Hide(ReadOnlySpan<byte> password, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator, Span<byte> hidden)
    {
        hidden.Clear();
        password.CopyTo(hidden);
        Span<byte> pad = stackalloc byte[Size];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var before = authenticator;
        for (var at = 0; at < hidden.Length; at += Size)
        {
            hash.AppendData(secret);
            hash.AppendData(before);
            hash.GetHashAndReset(pad);
            var block = hidden.Slice(at, Size);
            for (var i = 0; i < Size; i++) block[i] ^= pad[i];
            before = block;
        }
        CryptographicOperations.ZeroMemory(pad);
    }

    /// <summary>The Response Authenticator (RFC 2865 §3): MD5 over the answer with the request's authenticator in place of its own, and the secret.</summary>
    public static void ResponseAuthenticator(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret, Span<byte> authenticator)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(answer[..4]);
        hash.AppendData(requestAuthenticator);
        hash.AppendData(answer[RadiusPacket.HeaderLength..]);
        hash.AppendData(secret);
        hash.GetHashAndReset(authenticator);
    }

    /// <summary>The Message-Authenticator (RFC 3579 §3.2): HMAC-MD5 over the packet with the request's authenticator, its own value taken as zeros.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="valueAt">Where in it the attribute's value begins.</param>
    /// <param name="requestAuthenticator">The Request Authenticator.</param>
    /// <param name="secret">The secret shared with the server.</param>
    /// <param name="value">Where it goes.</param>
    public static void MessageAuthenticator(ReadOnlySpan<byte> packet, int valueAt, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret, Span<byte> value)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, secret);
        hash.AppendData(packet[..4]);
        hash.AppendData(requestAuthenticator);
        hash.AppendData(packet[RadiusPacket.HeaderLength..valueAt]);
        hash.AppendData([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        hash.AppendData(packet[(valueAt + Size)..]);
        hash.GetHashAndReset(value);
    }
}
