using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Sealing;

namespace Countersign.Factors.YubiKey;

/// <summary>The state of a YubiKey factor.</summary>
internal sealed record YubiKeyData
{
    /// <summary>The token in the inventory.</summary>
    public string TokenId { get; set; } = "";
    /// <summary>Its serial number as it is shown.</summary>
    public string Serial { get; set; } = "";
    /// <summary>Its public id, modhex.</summary>
    public string PublicId { get; set; } = "";
    /// <summary>The private id and the AES key, sealed.</summary>
    public SealedSecret Secret { get; set; }
    /// <summary>The key of the claim on the secret.</summary>
    public string ClaimKey { get; set; } = "";
    /// <summary>The highest counter that was used.</summary>
    public long Counter { get; set; } = -1;

    /// <summary>Reads a factor's data.</summary>
    public static YubiKeyData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, YubiKeyJson.Default.YubiKeyData)!;

    /// <summary>The data to store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, YubiKeyJson.Default.YubiKeyData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(YubiKeyData))]
internal sealed partial class YubiKeyJson : JsonSerializerContext;
