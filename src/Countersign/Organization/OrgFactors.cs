using System.Collections.Immutable;

namespace Countersign.Organization;

/// <summary>An organisation factor: a kind that the organisation switches on and off (contract 12.1).</summary>
/// <param name="Name">The contract's name and id, for example <c>okta_sms</c>.</param>
/// <param name="FactorType">The factor type.</param>
/// <param name="Provider">The provider.</param>
/// <param name="IsOurs">Whether it is none of the contract's: off, and told to nobody, until it is switched on.</param>
public sealed record OrgFactor(string Name, string FactorType, string Provider, bool IsOurs = false);

/// <summary>The contract's organisation factors, and ours.</summary>
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
        new("countersign_recovery", "token:recovery", "COUNTERSIGN", IsOurs: true),
    ];

    /// <summary>Those that are off as long as nobody switched them on.</summary>
    public static readonly ImmutableHashSet<string> FirstInactive = [.. All.Where(factor => factor.IsOurs).Select(factor => factor.Name)];

    /// <summary>The organisation factor of this name, or null.</summary>
    public static OrgFactor? Find(string name)
    {
        foreach (var factor in All)
            if (factor.Name == name) return factor;
        return null;
    }
}
