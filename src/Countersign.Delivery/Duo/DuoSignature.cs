using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Duo;

/// <summary>Signs requests to Duo's Auth API (https://duo.com/docs/authapi, "Authentication"): an HMAC over date, method, host, path and parameters.</summary>
internal static class DuoSignature
{
    /// <summary>An instant as the header <c>Date</c> says it and the signature covers it (RFC 2822).</summary>
    public static string Date(DateTimeOffset instant) => instant.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " -0000";

    /// <summary>The parameters as they are signed and sent: sorted by name, everything but the unreserved characters of RFC 3986 escaped.</summary>
    public static string Parameters(IEnumerable<KeyValuePair<string, string>> parameters)
        => string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}").Order(StringComparer.Ordinal));

    /// <summary>What is signed.</summary>
    public static string Canonical(string date, string method, string host, string path, string parameters)
        => string.Join('\n', date, method.ToUpperInvariant(), host.ToLowerInvariant(), path, parameters);

    /// <summary>The content of the header <c>Authorization</c>, after <c>Basic</c>.</summary>
    public static string Credentials(string integrationKey, byte[] secretKey, string canonical, HashAlgorithmName algorithm)
    {
        var signature = Convert.ToHexStringLower(CryptographicOperations.HmacData(algorithm, secretKey, Encoding.UTF8.GetBytes(canonical)));
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{integrationKey}:{signature}"));
    }
}
