using MudBlazor;

namespace Countersign.Console.Factors;

/// <summary>How the console speaks of a pair of factor type and provider, and how it enrolls one.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Icon">Its picture.</param>
/// <param name="EnrollForm">The component that asks for what enrolling needs; null when the console cannot enroll it.</param>
/// <param name="SendsCodes">Whether its codes are messages to a person, which can be sent again.</param>
internal sealed record FactorKind(string Name, string Icon, Type? EnrollForm = null, bool SendsCodes = false)
{
    private static readonly Dictionary<string, FactorKind> Known = new()
    {
        ["question/OKTA"] = new("Security question", Icons.Material.Outlined.QuestionAnswer, typeof(EnrollQuestion)),
        ["token:software:totp/OKTA"] = new("Authenticator app", Icons.Material.Outlined.Smartphone, typeof(EnrollSoftwareTotp)),
        ["token:software:totp/GOOGLE"] = new("Authenticator app (Google)", Icons.Material.Outlined.Smartphone, typeof(EnrollSoftwareTotp)),
        ["token:hotp/CUSTOM"] = new("Custom TOTP token", Icons.Material.Outlined.Pin, typeof(EnrollCustomTotp)),
        ["sms/OKTA"] = new("SMS", Icons.Material.Outlined.Sms, typeof(EnrollPhone), SendsCodes: true),
        ["call/OKTA"] = new("Voice call", Icons.Material.Outlined.Call, typeof(EnrollPhone), SendsCodes: true),
        ["email/OKTA"] = new("Email", Icons.Material.Outlined.Email, typeof(EnrollEmail), SendsCodes: true),
        ["push/OKTA"] = new("Push", Icons.Material.Outlined.NotificationsActive),
        ["push/CUSTOM"] = new("Custom push", Icons.Material.Outlined.NotificationsActive),
        ["signed_nonce/OKTA"] = new("Signed nonce", Icons.Material.Outlined.Fingerprint),
        ["webauthn/FIDO"] = new("Passkey or security key", Icons.Material.Outlined.Fingerprint),
        ["u2f/FIDO"] = new("U2F security key", Icons.Material.Outlined.Usb),
        ["token:hardware/YUBICO"] = new("YubiKey OTP", Icons.Material.Outlined.Usb),
        ["token/RSA"] = new("RSA SecurID", Icons.Material.Outlined.Token),
        ["token/SYMANTEC"] = new("Symantec VIP", Icons.Material.Outlined.Token),
        ["token:recovery/COUNTERSIGN"] = new("Recovery codes", Icons.Material.Outlined.Pin),
        ["web/DUO"] = new("Duo", Icons.Material.Outlined.VerifiedUser),
        ["claims_provider/CUSTOM"] = new("Identity provider", Icons.Material.Outlined.VerifiedUser),
        ["password/OKTA"] = new("Password", Icons.Material.Outlined.Password),
    };

    /// <summary>The kind of a pair; an unknown one is called by the contract's own words.</summary>
    public static FactorKind Of(string factorType, string provider)
        => Known.GetValueOrDefault($"{factorType}/{provider}") ?? new($"{factorType} ({provider})", Icons.Material.Outlined.Token);

    /// <summary>The kind of a factor or catalog entry.</summary>
    public static FactorKind Of(Factor factor) => Of(factor.FactorType, factor.Provider);
}
