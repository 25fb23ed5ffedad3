namespace Countersign.Organization;

/// <summary>An organisation factor: a kind that the organisation switches on and off (contract 12.1).</summary>
/// <param name="Name">The contract's name and id, for example <c>okta_sms</c>.</param>
/// <param name="FactorType">The factor type.</param>
/// <param name="Provider">The provider.</param>
public sealed record OrgFactor(string Name, string FactorType, string Provider);

/// <summary>The contract's organisation factors.</summary>
public static class OrgFactors
{
    /// <summary>All of them, by name.</summary>
    public static readonly IReadOnlyList<OrgFactor> All =
    [
        new("duo", "web", "DUO"),
        new("fido_u2f", "u2f", "FIDO"),
        new("fido_webauthn", "webauthn", "FIDO"),
        new("google_otp", "token:software:totp", "GOOGLE"),
        new("hotp", "token:hotp", "CUSTOM"),
        new("okta_call", "call", "OKTA"),
        new("okta_email", "email", "OKTA"),
        new("okta_otp", "token:software:totp", "OKTA"),
        new("okta_password", "password", "OKTA"),
        new("okta_push", "push", "OKTA"),
        new("okta_question", "question", "OKTA"),
        new("okta_sms", "sms", "OKTA"),
        new("rsa_token", "token", "RSA"),
        new("symantec_vip", "token", "SYMANTEC"),
        new("yubikey_token", "token:hardware", "YUBICO"),
    ];

    /// <summary>The organisation factor of this name, or null.</summary>
    public static OrgFactor? Find(string name)
    {
        foreach (var factor in All)
            if (factor.Name == name) return factor;
        return null;
    }
}
