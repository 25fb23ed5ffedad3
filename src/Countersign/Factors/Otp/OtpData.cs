using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Sealing;

namespace Countersign.Factors.Otp;

/// <summary>The state of a factor that shares a secret with an authenticator.</summary>
internal sealed record OtpData
{
    /// <summary>The shared secret, sealed.</summary>
    public SealedSecret Secret { get; set; }
    /// <summary>By which the same secret is recognised when it returns.</summary>
    public string Fingerprint { get; set; } = "";
    /// <summary>The highest time step or counter whose passcode was accepted; -1 before the first.</summary>
    public long Counter { get; set; } = -1;
    /// <summary>The authenticator's clock offset in steps, as last seen.</summary>
    public int Drift { get; set; }
    /// <summary>The name shown in the profile; null when it is the login.</summary>
    public string? CredentialId { get; set; }
    /// <summary>Opens the QR picture while pending; null once active.</summary>
    public string? QrToken { get; set; }
    /// <summary>The id of the custom TOTP profile.</summary>
    public string? ProfileId { get; set; }
    /// <summary>How passcodes are computed, where that is not fixed for the kind.</summary>
    public OtpSettings? Settings { get; set; }
    /// <summary>The key of the claim on the secret of a token of the inventory; null for other secrets.</summary>
    public string? ClaimKey { get; set; }
    /// <summary>The serial number of a token of the inventory.</summary>
    public string? Serial { get; set; }
    /// <summary>Who made that token, where it is known.</summary>
    public string? Manufacturer { get; set; }

    /// <summary>Reads a factor's data.</summary>
    public static OtpData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, OtpJson.Default.OtpData)!;

    /// <summary>The data to store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, OtpJson.Default.OtpData);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OtpData))]
internal sealed partial class OtpJson : JsonSerializerContext;
