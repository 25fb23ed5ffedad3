using System.Buffers.Text;
using System.Text.Json.Nodes;
using Countersign.Organization;
using Countersign.Users;
using Countersign.WebAuthn;
using Countersign.WebAuthn.Attestation;

namespace Countersign.Factors.WebAuthn;

/// <summary>Security keys and passkeys by WebAuthn (contract 9.8).</summary>
internal sealed class WebAuthnFactor(WebAuthnSettings settings, RelyingParty party) : KeyFactor(settings)
{
    private const int LongestSignature = 2_048;

    private readonly WebAuthnSettings _settings = settings;

    public override string FactorType => "webauthn";
    public override string OrgFactor => "fido_webauthn";
    public override string IdPrefix => "fwf";
    public override int ListOrder => 100;
    public override string DisplayName => "Security Key or Biometric";
    public override string LogName => "FIDO_WEBAUTHN_FACTOR";

    public override JsonObject? ViewActivation(Factor factor, UserState user, OrganizationSettings organization)
    {
        if (KeyData.Read(factor).Challenge is not { } challenge) return null;
        var rp = new JsonObject { ["name"] = organization.Name };
        if (_settings.RpIds is [var rpId, ..]) rp["id"] = rpId;
        var activation = new JsonObject
        {
            ["attestation"] = _settings.Attestation,
            ["authenticatorSelection"] = new JsonObject
            {
                ["userVerification"] = _settings.UserVerification,
                ["requireResidentKey"] = _settings.ResidentKey == "required",
                ["residentKey"] = _settings.ResidentKey,
            },
            ["challenge"] = challenge.Value,
            ["excludeCredentials"] = new JsonArray([.. KnownTo(user).Select(id => (JsonNode)new JsonObject { ["type"] = "public-key", ["id"] = id })]),
            ["pubKeyCredParams"] = new JsonArray([.. party.Algorithms.Select(algorithm => (JsonNode)new JsonObject { ["type"] = "public-key", ["alg"] = (int)algorithm })]),
            ["rp"] = rp,
            ["user"] = new JsonObject { ["displayName"] = user.DisplayName, ["name"] = user.Login, ["id"] = user.Id.Value },
        };
        if (party.AppId is { } appId) activation["u2fParams"] = new JsonObject { ["appid"] = appId };
        return activation;
    }

    protected override RegistrationQuestion? ReadRegistration(KeyData data, VerifyRequest request)
        => KeyData.TryDecode(request.ClientData, ClientData.MaxLength, out var client) && KeyData.TryDecode(request.Attestation, AttestationObject.MaxLength, out var attestation)
            ? new RegistrationQuestion(data, client, attestation) : null;

    protected override AssertionQuestion? ReadAssertion(KeyData data, VerifyRequest request)
        => KeyData.TryDecode(request.ClientData, ClientData.MaxLength, out var client)
            && KeyData.TryDecode(request.AuthenticatorData, AuthenticatorData.MaxLength, out var authenticator)
            && KeyData.TryDecode(request.SignatureData, LongestSignature, out var signature)
            ? new AssertionQuestion(data, client, authenticator, signature) : null;

    protected override (WebAuthnFault Fault, KeyData? Key) Verify(RegistrationQuestion question)
    {
        var (fault, registered) = Registration.Verify(new RegistrationInput(question.Asked.Challenge!.Value, question.ClientData, question.Registration), party, question.Now);
        if (registered is null) return (fault, null);
        return (WebAuthnFault.None, new KeyData
        {
            CredentialId = Base64Url.EncodeToString(registered.Id.Span),
            PublicKey = Base64Url.EncodeToString(registered.PublicKey.Span),
            SignCount = registered.SignCount,
            RpId = registered.RpId,
            Aaguid = registered.Aaguid,
            Name = registered.ModelName,
            Format = registered.Format,
            IsTrusted = registered.IsTrusted,
            IsBackupEligible = registered.Flags.HasFlag(AuthenticatorFlags.BackupEligible),
            IsBackedUp = registered.Flags.HasFlag(AuthenticatorFlags.BackedUp),
        });
    }

    protected override AssertionVerdict Verify(AssertionQuestion question)
    {
        var data = question.Asked;
        if (CredentialPublicKey.TryRead(Base64Url.DecodeFromChars(data.PublicKey), out var key) is var fault and not WebAuthnFault.None) return new(fault, 0, 0, false);
        using (key)
        {
            return Assertion.Verify(new AssertionInput
            {
                Challenge = data.Challenge!.Value,
                ClientData = question.ClientData,
                AuthenticatorData = question.AuthenticatorData,
                Signature = question.Signature,
                RpId = data.RpId!,
                SignCount = data.SignCount,
                IsBackupEligible = data.IsBackupEligible,
            }, key!, party);
        }
    }

    protected override JsonObject Profile(KeyData data) => new() { ["credentialId"] = data.CredentialId, ["authenticatorName"] = NameOf(data) };

    protected override JsonObject FullProfile(KeyData data)
    {
        var profile = Profile(data);
        profile["backupEligible"] = data.IsBackupEligible;
        profile["backupState"] = data.IsBackedUp;
        if (data.Aaguid is { } aaguid && aaguid != Guid.Empty) profile["aaguid"] = aaguid.ToString();
        return profile;
    }

    protected override JsonObject Challenge(KeyData data) => new()
    {
        ["challenge"] = data.Challenge!.Value,
        ["userVerification"] = _settings.UserVerification,
        ["extensions"] = new JsonObject(),
    };

    /// <summary>What the metadata calls the model; otherwise what a person would.</summary>
    private static string NameOf(KeyData data) => data.Name ?? (data.IsBackupEligible == true ? "Passkey" : "Security Key");

    private static IEnumerable<string> KnownTo(UserState user)
        => user.Factors.Where(factor => factor is { Status: FactorStatus.Active, FactorType: "webauthn" or "u2f" }).Select(factor => KeyData.Read(factor).CredentialId).OfType<string>();
}
