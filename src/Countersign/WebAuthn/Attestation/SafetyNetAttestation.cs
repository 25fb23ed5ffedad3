using System.Security.Cryptography;
using System.Text.Json;
using Countersign.WebAuthn.Metadata;

namespace Countersign.WebAuthn.Attestation;

/// <summary>Android's SafetyNet (WebAuthn L3 §8.5), which Google ended; only for keys that had it, and off unless a setting says otherwise.</summary>
internal sealed class SafetyNetAttestation : AttestationFormat
{
    private const string Host = "attest.android.com";
    private const int LongestVersion = 100;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public override string Name => "android-safetynet";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement is not { Version: { Length: > 0 and <= LongestVersion }, Response: { } response } || SignedJson.TryParse(response) is not { } signed)
            return Fault(WebAuthnFault.AttestationMalformed);
        if (!signed.IsSigned) return Fault(WebAuthnFault.AttestationSignature);
        if (!signed.Certificates[0].MatchesHostname(Host, allowWildcards: false)) return Fault(WebAuthnFault.AttestationCertificate);
        try
        {
            using var payload = JsonDocument.Parse(signed.Payload);
            var said = payload.RootElement;
            var nonce = Convert.ToBase64String(SHA256.HashData(input.Signed));
            if (said.GetProperty("nonce").GetString() != nonce) return Fault(WebAuthnFault.AttestationContent);
            var age = input.Now - DateTimeOffset.FromUnixTimeMilliseconds(said.GetProperty("timestampMs").GetInt64());
            if (age < -Life || age > Life) return Fault(WebAuthnFault.AttestationContent);
            return said.GetProperty("ctsProfileMatch").ValueKind == JsonValueKind.True ? Certified([.. signed.Certificates]) : Fault(WebAuthnFault.AttestationContent);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            return Fault(WebAuthnFault.AttestationMalformed);
        }
    }
}
