using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Identifiers;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Totp;

/// <summary>Software TOTP (contract 9.2): a secret shared with an authenticator app, HMAC-SHA-1, 6 digits, steps of 30 seconds.</summary>
internal sealed class TotpFactor(string provider, IVault vault, OtpLimits limits) : FactorKind
{
    private const int Digits = 6;
    private const int SecondsPerStep = 30;
    /// <summary>RFC 4226 §4 R6 recommends 160 bits; 32 base32 characters.</summary>
    private const int SecretLength = 20;

    public override string FactorType => "token:software:totp";
    public override string Provider => provider;
    public override string OrgFactor => provider == "GOOGLE" ? "google_otp" : "okta_otp";
    public override string IdPrefix => "ost";
    public override int ListOrder => 30;
    public override string DisplayName => provider == "GOOGLE" ? "Google Authenticator" : "Software TOTP";
    public override string LogName => provider == "GOOGLE" ? "GOOGLE_OTP_FACTOR" : "OKTA_SOFT_TOKEN_FACTOR";
    public override bool LimitsActivations => true;

    private TimeWindow Window => new(limits.TotpTolerance, limits.Margin, limits.MaxDrift);

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        byte[] secret;
        if (request.Profile?["sharedSecret"] is { } imported)
        {
            if (provider != "GOOGLE" || imported is not JsonValue value || !value.TryGetValue(out string? text)
                || text.Length is < 16 or > 32 || !Base32.TryDecode(text, out secret))
                return FactorDecision.Refuse(Refusal.InvalidProfile);
        }
        else
        {
            secret = RandomNumberGenerator.GetBytes(SecretLength);
        }

        var credentialId = context.User.Login;
        if (request.Profile?["credentialId"] is { } sent)
        {
            if (sent is not JsonValue name || !name.TryGetValue(out string? given) || given.Length is < 1 or > 100)
                return FactorDecision.Refuse(Refusal.InvalidProfile);
            credentialId = given;
        }

        var fingerprint = vault.Fingerprint(secret);
        if (context.User.Factors.Any(other => other.Id != pending?.Id && other.FactorType == FactorType && TotpData.Read(other).Fingerprint == fingerprint))
            return FactorDecision.Refuse(Refusal.InvalidProfile);   // one secret in two factors would let one passcode in twice
        var factor = NewFactor(FactorStatus.PendingActivation, default, context.Now, pending?.Id);
        var usedUntil = Math.Max(context.User.SpentUntil(fingerprint), pending is null ? -1 : SameSecret(pending, fingerprint));
        var data = new TotpData(vault.Seal(secret, context.User.Id, factor.Id), fingerprint, credentialId, usedUntil, 0, Identifier.NewSecret(32));
        CryptographicOperations.ZeroMemory(secret);
        return new FactorDecision.Becomes(factor with { Data = data.Write(), Created = pending?.Created ?? factor.Created });

        static long SameSecret(Factor pending, string fingerprint)
            => TotpData.Read(pending) is { } data && data.Fingerprint == fingerprint ? data.LastStep : -1;
    }

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
        => Judge(factor, request, context) switch
        {
            { } wrong and FactorDecision.Refused => wrong,
            FactorDecision.Answered right => new FactorDecision.Becomes(right.Factor with
            {
                Status = FactorStatus.Active,
                LastUpdated = context.Now.ToWholeSeconds(),
                Data = (TotpData.Read(right.Factor) with { QrToken = null }).Write(),
            }),
            var other => other,
        };

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context) => Judge(factor, request, context);

    public override SpentSecret? Spend(Factor factor)
    {
        var data = TotpData.Read(factor);
        return data.LastStep < 0 ? null
            : new SpentSecret(data.Fingerprint, data.LastStep, (data.LastStep + limits.MaxDrift + limits.TotpTolerance + 1) * SecondsPerStep);
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = TotpData.Read(factor);
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

    public override string? QrContent(Factor factor, string token, UserState user, OrganizationSettings organization)
    {
        var data = TotpData.Read(factor);
        if (factor.Status != FactorStatus.PendingActivation || data.QrToken is null
            || !CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(data.QrToken), System.Text.Encoding.UTF8.GetBytes(token))) return null;
        var issuer = Uri.EscapeDataString(organization.Name);
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(data.CredentialId)}?secret={Secret(factor, data, user.Id)}&issuer={issuer}&algorithm=SHA1&digits={Digits}&period={SecondsPerStep}";
    }

    private FactorDecision Judge(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        var isPasscode = OtpGenerator.TryParse(request.PassCode, Digits, out var code);
        var data = TotpData.Read(factor);
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        var secret = vault.Open(data.Secret, context.User.Id, factor.Id, buffer);
        using var generator = new OtpGenerator(secret, Digits, OtpAlgorithm.Sha1);
        CryptographicOperations.ZeroMemory(secret);
        // What is no passcode at all is looked for like one, as -1, which matches nothing: it costs the same.
        var verdict = Window.Judge(generator, isPasscode ? code : -1, TimeWindow.StepAt(context.Now, SecondsPerStep), data.Drift, data.LastStep);
        return verdict.Outcome switch
        {
            OtpOutcome.Accepted => new FactorDecision.Answered(
                factor with { Data = (data with { LastStep = verdict.Counter, Drift = verdict.Drift }).Write() }, Verification.Success),
            var refused => FactorDecision.Wrong(refused.ToRefusal()),
        };
    }

    private string Secret(Factor factor, TotpData data, UserId user)
    {
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        return Base32.Encode(vault.Open(data.Secret, user, factor.Id, buffer));
    }
}
