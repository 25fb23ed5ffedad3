using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Delivery.Http;

namespace Countersign.Delivery.Duo;

/// <summary>
/// JSON Web Tokens with HMAC-SHA-512 (RFC 7515, RFC 7518 §3.2), the one algorithm that Duo signs with. Nothing else is written or read: a token that names another
/// algorithm, none among them, is no token.
/// </summary>
internal static class HmacToken
{
    private const string Algorithm = "HS512";
    private const int LongestToken = 16 * 1024;
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS512","typ":"JWT"}"""u8);

    /// <summary>Writes and signs a token.</summary>
    public static string Sign(byte[] secret, Action<Utf8JsonWriter> claims)
    {
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonBody.Write(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims of a token that was signed with this secret; null for anything else.</summary>
    public static JsonElement? Read(string token, byte[] secret)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var header, var claims, var signature]) return null;
        if (Decode(header) is not { } headerBytes || Decode(claims) is not { } claimBytes || Decode(signature) is not { } signatureBytes) return null;
        // RFC 7515 §4.1.11: what a critical header asks for must be understood, and none is here.
        if (JsonBody.ReadObject(headerBytes) is not { } named || named.Text("alg") != Algorithm || named.TryGetProperty("crit", out _)) return null;
        var expected = HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return CryptographicOperations.FixedTimeEquals(expected, signatureBytes) ? JsonBody.ReadObject(claimBytes) : null;
    }

    private static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text, out var length)) return null;
        var bytes = new byte[length];
        return Base64Url.TryDecodeFromChars(text, bytes, out var written) ? bytes[..written] : null;
    }
}
