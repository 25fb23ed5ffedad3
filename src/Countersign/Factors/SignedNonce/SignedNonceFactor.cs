using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Factors.Push;
using Countersign.Links;
using Countersign.Organization;

namespace Countersign.Factors.SignedNonce;

/// <summary>The key of a device, as clients see it beside its push factor (contract 9.7): it is listed, shown and removed; nothing else.</summary>
internal sealed class SignedNonceFactor : FactorKind
{
    public override string FactorType => "signed_nonce";
    public override string Provider => "OKTA";
    // It comes and goes with push.
    public override string OrgFactor => "okta_push";
    public override string IdPrefix => "crp";
    public override int ListOrder => 65;
    public override string DisplayName => "Countersign Authenticator key";
    public override string LogName => "SIGNED_NONCE_FACTOR";
    public override bool AllowsSeveral => true;
    /// <summary>A device brings it; nobody enrolls it.</summary>
    public override bool IsAvailable => false;

    /// <summary>The factor of a device.</summary>
    public Factor New(Factor push, string credentialId, BoundDevice device, DateTimeOffset now)
        => NewFactor(FactorStatus.Active, new SignedNonceData(credentialId, device.Description, device.Key, push.Id.Value).Write(), now);

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context) => FactorDecision.Refuse(Refusal.NotEnabled);

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context) => FactorDecision.Refuse(Refusal.NotEnabled);

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context) => FactorDecision.Refuse(Refusal.NotEnabled);

    public override IReadOnlyList<FactorId> CompanionsOf(Factor factor) => [new FactorId(SignedNonceData.Read(factor).Push)];

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = SignedNonceData.Read(factor);
        var key = PushFactor.KeyOf(data.Key);
        key["jwkType"] = "proofOfPossession";
        return new FactorView
        {
            Profile = new JsonObject
            {
                ["credentialId"] = data.CredentialId,
                ["deviceType"] = data.Device.DeviceType,
                ["name"] = data.Device.Name,
                ["platform"] = data.Device.Platform,
                ["version"] = data.Device.Version,
                ["keys"] = new JsonArray(key),
            },
            Links = new JsonObject { ["self"] = Hal.Link(urls.Factor(factor.Id.Value), "GET", "DELETE"), ["user"] = Hal.Link(urls.User, "GET") },
        };
    }
}

/// <summary>The state of a device's key as a factor.</summary>
/// <param name="CredentialId">The user's login at the time of the enrollment.</param>
/// <param name="Device">What the device said of itself then.</param>
/// <param name="Key">Its key.</param>
/// <param name="Push">The id of its push factor.</param>
internal sealed record SignedNonceData(string CredentialId, DeviceDescription Device, DeviceKey Key, string Push)
{
    public static SignedNonceData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, SignedNonceJson.Default.SignedNonceData)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SignedNonceJson.Default.SignedNonceData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignedNonceData))]
internal sealed partial class SignedNonceJson : JsonSerializerContext;
