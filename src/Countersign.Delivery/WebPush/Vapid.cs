using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.Http;

namespace Countersign.Delivery.WebPush;

/// <summary>
/// Says to push services who sends (VAPID, RFC 8292): a token, signed with the key that devices subscribe by. A token is for one push service and is used again while half of its life is left, as the
/// RFC advises (§2.2). Thread-safe.
/// </summary>
internal sealed class Vapid : IDisposable
{
    /// <summary>How long a token counts; a day is the most (§2).</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromHours(12);

    private const int MostTokens = 1_000;
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);

    private readonly ECDsa _key;
    private readonly string? _contact;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, (string Authorization, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _signing = new();

    /// <summary>Signs with a key.</summary>
    /// <param name="key">The private key, PKCS #8.</param>
    /// <param name="contact">Whom a push service may turn to, a <c>mailto:</c> or <c>https:</c> address; null for nobody.</param>
    /// <param name="clock">The time.</param>
    public Vapid(ReadOnlySpan<byte> key, string? contact, TimeProvider clock)
    {
        (_key, _contact, _clock) = (ECDsa.Create(), contact, clock);
        _key.ImportPkcs8PrivateKey(key, out _);
        PublicKey = Base64Url.EncodeToString(P256Points.Write(_key.ExportParameters(includePrivateParameters: false).Q));
    }

    /// <summary>The public key (§3.2): an uncompressed point, base64url.</summary>
    public string PublicKey { get; }

    /// <summary>A new private key, PKCS #8.</summary>
    public static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>The value of <c>Authorization</c> for the push service of an address (§3).</summary>
    public string Authorization(Uri endpoint)
    {
        var (origin, now) = (endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), _clock.GetUtcNow());
        if (_tokens.TryGetValue(origin, out var token) && now < token.Until) return token.Authorization;
        if (_tokens.Count >= MostTokens) _tokens.Clear();
        var authorization = $"vapid t={Token(origin, now + TokenLife)}, k={PublicKey}";
        _tokens[origin] = (authorization, now + (TokenLife / 2));
        return authorization;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private string Token(string origin, DateTimeOffset expires)
    {
        var claims = JsonBody.Write(json =>
        {
            json.WriteString("aud", origin);
            json.WriteNumber("exp", expires.ToUnixTimeSeconds());
            if (_contact is not null) json.WriteString("sub", _contact);
        });
        var signed = $"{Header}.{Base64Url.EncodeToString(claims)}";
        // A key is for one thread at a time. The signature is r and s, one after the other (RFC 7518 §3.4).
        lock (_signing) return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }
}
