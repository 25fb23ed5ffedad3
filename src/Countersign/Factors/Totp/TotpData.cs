using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Sealing;

namespace Countersign.Factors.Totp;

/// <summary>The state of a software TOTP factor.</summary>
/// <param name="Secret">The shared secret, sealed.</param>
/// <param name="Fingerprint">By which the same secret is recognised when it returns.</param>
/// <param name="CredentialId">The name shown in the profile.</param>
/// <param name="LastStep">The highest time step whose passcode was accepted; -1 before the first.</param>
/// <param name="Drift">The authenticator's clock offset in steps, as last seen.</param>
/// <param name="QrToken">Opens the QR picture while pending; null once active.</param>
internal sealed record TotpData(SealedSecret Secret, string Fingerprint, string CredentialId, long LastStep, int Drift, string? QrToken)
{
    public static TotpData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, TotpJson.Default.TotpData)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, TotpJson.Default.TotpData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TotpData))]
internal sealed partial class TotpJson : JsonSerializerContext;
