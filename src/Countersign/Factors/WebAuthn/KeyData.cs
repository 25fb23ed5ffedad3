using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Factors.WebAuthn;

/// <summary>The state of a factor whose owner has a key: while pending the challenge alone.</summary>
internal sealed record KeyData
{
    private const int ChallengeBytes = 15;   // 20 characters (contract 9.8)

    /// <summary>The challenge that is out; null when none is. A newer one takes its place.</summary>
    public KeyChallenge? Challenge { get; set; }
    /// <summary>The credential id or key handle, base64url; null while pending.</summary>
    public string? CredentialId { get; set; }
    /// <summary>The credential id or key handle.</summary>
    [JsonIgnore]
    public byte[] CredentialBytes => Base64Url.DecodeFromChars(CredentialId);
    /// <summary>The public key, base64url: a COSE key, or U2F's uncompressed point.</summary>
    public string? PublicKey { get; set; }
    /// <summary>The highest signature counter that was seen.</summary>
    public uint SignCount { get; set; }
    /// <summary>The RP id that the credential is scoped to; null for U2F.</summary>
    public string? RpId { get; set; }
    /// <summary>The authenticator's model; null for U2F.</summary>
    public Guid? Aaguid { get; set; }
    /// <summary>The model's name; null when it is not known.</summary>
    public string? Name { get; set; }
    /// <summary>The attestation's format.</summary>
    public string? Format { get; set; }
    /// <summary>Whether the attestation led to a trusted root.</summary>
    public bool IsTrusted { get; set; }
    /// <summary>Whether the credential can be backed up; null for U2F.</summary>
    public bool? IsBackupEligible { get; set; }
    /// <summary>Whether it was backed up when it was last used; null for U2F.</summary>
    public bool? IsBackedUp { get; set; }

    /// <summary>Reads a factor's data.</summary>
    public static KeyData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, KeyJson.Default.KeyData)!;

    /// <summary>The data to store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, KeyJson.Default.KeyData);

    /// <summary>The data with a new challenge.</summary>
    public KeyData Challenged(DateTimeOffset now, TimeSpan lifetime)
        => this with { Challenge = new KeyChallenge(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ChallengeBytes)), (now + lifetime).ToUnixTimeMilliseconds()) };

    /// <summary>The challenge that can be answered now; null when there is none.</summary>
    public string? OpenChallenge(DateTimeOffset now) => Challenge is { } challenge && now.ToUnixTimeMilliseconds() < challenge.Expires ? challenge.Value : null;

    /// <summary>What a credential is claimed by: no two factors have the same.</summary>
    public static string ClaimOf(ReadOnlySpan<byte> credentialId) => "key/" + Base64Url.EncodeToString(SHA256.HashData(credentialId));

    /// <summary>Reads bytes that clients send in base64, of either alphabet, padded or not (contract 9.8). False when they are none, or too many.</summary>
    public static bool TryDecode(string? text, int maxLength, out byte[] bytes)
    {
        bytes = [];
        if (string.IsNullOrEmpty(text) || text.Length > Base64.GetMaxEncodedToUtf8Length(maxLength)) return false;
        Span<char> plain = text.Length <= 1_024 ? stackalloc char[text.Length] : new char[text.Length];
        text.CopyTo(plain);
        plain.Replace('+', '-');
        plain.Replace('/', '_');
        plain = plain.TrimEnd('=');
        try
        {
            bytes = Base64Url.DecodeFromChars(plain);
            return bytes.Length <= maxLength;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>A challenge that was issued and not yet answered.</summary>
/// <param name="Value">20 characters of base64url.</param>
/// <param name="Expires">Unix milliseconds at which it ends.</param>
internal sealed record KeyChallenge(string Value, long Expires);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(KeyData))]
internal sealed partial class KeyJson : JsonSerializerContext;
