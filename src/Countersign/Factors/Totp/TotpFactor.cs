using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Identifiers;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Totp;

/// <summary>Software TOTP (contract 9.2): a secret shared with an authenticator app, HMAC-SHA-1, 6 digits, steps of 30 seconds.</summary>
internal sealed class TotpFactor(string provider, IVault vault, OtpLimits limits) : OtpFactor(vault, limits)
{
    private const int Digits = 6;
    private const int SecondsPerStep = 30;
    /// <summary>RFC 4226 §4 R6 recommends 160 bits; 32 base32 characters.</summary>
    private const int SecretLength = 20;

    private readonly OtpSettings _settings = new(Digits, SecondsPerStep, OtpAlgorithm.Sha1, limits.TotpTolerance);

    public override string FactorType => "token:software:totp";
    public override string Provider => provider;
    public override string OrgFactor => provider == "GOOGLE" ? "google_otp" : "okta_otp";
    public override string IdPrefix => "ost";
    public override int ListOrder => 30;
    public override string DisplayName => provider == "GOOGLE" ? "Google Authenticator" : "Software TOTP";
    public override string LogName => provider == "GOOGLE" ? "GOOGLE_OTP_FACTOR" : "OKTA_SOFT_TOKEN_FACTOR";
    public override bool LimitsActivations => true;

    protected override OtpSettings SettingsOf(OtpData data) => _settings;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (!TryReadSecret(request.Profile, out var secret) || !request.Profile.TryReadText("credentialId", 1, 100, out var credentialId))
            return FactorDecision.Refuse(Refusal.InvalidProfile);
        var factor = NewFactor(FactorStatus.PendingActivation, default, context.Now, pending?.Id);
        if (Share(secret, _settings, factor.Id, pending, context) is not { } data) return FactorDecision.Refuse(Refusal.InvalidProfile);
        data = data with { CredentialId = credentialId ?? context.User.Login, QrToken = Identifier.NewSecret(32) };
        return new FactorDecision.Becomes(factor with { Data = data.Write(), Created = pending?.Created ?? factor.Created });
    }

    /// <summary>A new active factor and its secret in base32, for a device that computes its codes; null when the user may have none.</summary>
    public (Factor Factor, string Secret)? Twin(in FactorContext context)
    {
        foreach (var other in context.User.Factors)
            if (other.FactorType == FactorType && other.Provider == Provider) return null;
        var factor = NewFactor(FactorStatus.Active, default, context.Now);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        var text = Base32.Encode(secret);
        return Share(secret, _settings, factor.Id, pending: null, context) is { } data
            ? (factor with { Data = (data with { CredentialId = context.User.Login }).Write() }, text) : null;
    }

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var judged = Verify(factor, request, context);
        return judged is not FactorDecision.Answered right ? judged : new FactorDecision.Becomes(right.Factor with
        {
            Status = FactorStatus.Active,
            LastUpdated = context.Now.ToWholeSeconds(),
            Data = (OtpData.Read(right.Factor) with { QrToken = null }).Write(),
        });
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = OtpData.Read(factor);
        var profile = new JsonObject { ["credentialId"] = data.CredentialId };
        if (factor.Status != FactorStatus.PendingActivation) return new FactorView { Profile = profile };
        return new FactorView
        {
            Profile = profile,
            Activation = new JsonObject
            {
                ["timeStep"] = SecondsPerStep,
                ["sharedSecret"] = Secret(factor, data, new UserId(urls.UserId)),
                ["encoding"] = "base32",
                ["keyLength"] = provider == "GOOGLE" ? 16 : Digits,   // contract 9.2: the number of digits for one, the secret's length for the other
                ["_links"] = new JsonObject { ["qrcode"] = Hal.Image($"{urls.Factor(factor.Id.Value)}/qr/{data.QrToken}") },
            },
        };
    }

    public override string? QrContent(Factor factor, string token, UserState user, OrganizationSettings organization, UserUrls urls)
    {
        var data = OtpData.Read(factor);
        if (factor.Status != FactorStatus.PendingActivation || data.QrToken is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(data.QrToken), Encoding.UTF8.GetBytes(token))) return null;
        var issuer = Uri.EscapeDataString(organization.Name);
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(data.CredentialId!)}?secret={Secret(factor, data, user.Id)}&issuer={issuer}&algorithm=SHA1&digits={Digits}&period={SecondsPerStep}";
    }

    /// <summary>The secret to share: a new one, or with the GOOGLE provider the one that the client brings (16 to 32 base32 characters).</summary>
    private bool TryReadSecret(JsonObject? profile, out byte[] secret)
    {
        secret = [];
        if (!profile.TryReadText("sharedSecret", 16, 32, out var imported)) return false;
        if (imported is not null) return provider == "GOOGLE" && Base32.TryDecode(imported, out secret);
        secret = RandomNumberGenerator.GetBytes(SecretLength);
        return true;
    }

    private string Secret(Factor factor, OtpData data, UserId user)
    {
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        return Base32.Encode(Open(data, user, factor.Id, buffer));
    }
}
