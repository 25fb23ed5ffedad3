using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Webhook;

/// <summary>Signs as the Standard Webhooks specification says (https://github.com/standard-webhooks/standard-webhooks, "Signature scheme", symmetric).</summary>
internal sealed class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    private readonly byte[] _key;

    private WebhookSignature(byte[] key) => _key = key;

    /// <summary>Reads a secret: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public static bool TryParse(string? secret, [NotNullWhen(true)] out WebhookSignature? signature)
    {
        signature = null;
        if (secret?.StartsWith(Prefix, StringComparison.Ordinal) != true) return false;
        Span<byte> key = stackalloc byte[MostBytes];
        if (!Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) || length < LeastBytes) return false;
        signature = new WebhookSignature(key[..length].ToArray());
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, unix seconds.</param>
    /// <param name="body">The body, to the byte.</param>
    public string Of(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp.ToString(CultureInfo.InvariantCulture)}."));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
