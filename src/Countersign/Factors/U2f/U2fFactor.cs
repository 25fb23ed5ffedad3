using System.Buffers.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.WebAuthn;
using Countersign.Organization;
using Countersign.Users;
using Countersign.WebAuthn;
using Countersign.WebAuthn.U2f;

namespace Countersign.Factors.U2f;

/// <summary>
/// Security keys by U2F (contract 9.9), which browsers no longer speak: its keys answer by U2F where a client still does, and by WebAuthn with the app id in every other.
/// </summary>
internal sealed class U2fFactor(WebAuthnSettings settings, RelyingParty party) : KeyFactor(settings)
{
    private const string Version = "U2F_V2";
    private const int TimeoutSeconds = 20;

    // U2F keys verify nobody.
    private readonly RelyingParty _byBrowser = party with { RequiresUserVerification = false };

    public override string FactorType => "u2f";
    public override string OrgFactor => "fido_u2f";
    public override string IdPrefix => "fuf";
    public override int ListOrder => 110;
    public override string DisplayName => "Security Key (U2F)";
    public override string LogName => "FIDO_U2F_FACTOR";

    public override JsonObject? ViewActivation(Factor factor, UserState user, OrganizationSettings organization)
        => KeyData.Read(factor).Challenge is { } challenge
            ? new JsonObject { ["version"] = Version, ["nonce"] = challenge.Value, ["timeoutSeconds"] = TimeoutSeconds, ["appId"] = party.AppId } : null;

    protected override RegistrationQuestion? ReadRegistration(KeyData data, VerifyRequest request)
        => KeyData.TryDecode(request.ClientData, ClientData.MaxLength, out var client) && KeyData.TryDecode(request.RegistrationData, U2fRegistration.MaxLength, out var registration)
            ? new RegistrationQuestion(data, client, registration) : null;

    protected override AssertionQuestion? ReadAssertion(KeyData data, VerifyRequest request)
    {
        byte[]? authenticator = null;
        if (request.AuthenticatorData is not null && !KeyData.TryDecode(request.AuthenticatorData, AuthenticatorData.MaxLength, out authenticator)) return null;
        return KeyData.TryDecode(request.ClientData, ClientData.MaxLength, out var client) && KeyData.TryDecode(request.SignatureData, U2fRegistration.MaxLength, out var signature)
            ? new AssertionQuestion(data, client, authenticator, signature) : null;
    }

    protected override (WebAuthnFault Fault, KeyData? Key) Verify(RegistrationQuestion question)
    {
        var (fault, key) = U2fRegistration.Verify(question.Asked.Challenge!.Value, question.ClientData, question.Registration, party, question.Now);
        return key is null ? (fault, null)
            : (WebAuthnFault.None, new KeyData { CredentialId = Base64Url.EncodeToString(key.KeyHandle.Span), PublicKey = Base64Url.EncodeToString(key.PublicKey.Span) });
    }

    protected override AssertionVerdict Verify(AssertionQuestion question)
    {
        var data = question.Asked;
        using var key = U2fRegistration.Open(Base64Url.DecodeFromChars(data.PublicKey));
        if (key is null) return new(WebAuthnFault.PublicKey, 0, 0, false);
        if (question.AuthenticatorData is null) return U2fAssertion.Verify(data.Challenge!.Value, question.ClientData, question.Signature, key, data.SignCount, party);
        return Assertion.Verify(new AssertionInput
        {
            Challenge = data.Challenge!.Value,
            ClientData = question.ClientData,
            AuthenticatorData = question.AuthenticatorData,
            Signature = question.Signature,
            RpId = party.AppId!,
            SignCount = data.SignCount,
            IsBackupEligible = null,
        }, key, _byBrowser);
    }

    protected override JsonObject Profile(KeyData data) => new() { ["credentialId"] = data.CredentialId, ["version"] = Version };

    protected override JsonObject Challenge(KeyData data) => new()
    {
        ["nonce"] = data.Challenge!.Value,
        ["timeoutSeconds"] = TimeoutSeconds,
        ["appId"] = party.AppId,
        // What a browser asks the key by (WebAuthn L3 §10.1.1).
        ["challenge"] = data.Challenge.Value,
        ["extensions"] = new JsonObject { ["appid"] = party.AppId },
    };
}
