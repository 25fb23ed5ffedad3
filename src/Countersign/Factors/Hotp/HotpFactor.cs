using Countersign.Claims;
using Countersign.Factors.Otp;
using Countersign.HardwareTokens;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;

namespace Countersign.Factors.Hotp;

/// <summary>
/// Custom TOTP (contract 9.10): tokens whose secrets the organisation knows, computing passcodes by time or by counter: as a profile says (12.2) when the secret is enrolled,
/// as the token itself does when one of the inventory is. Active at once; the secret is never shown.
/// </summary>
internal sealed class HotpFactor(IVault vault, OtpLimits limits, IHardwareTokenStore tokens) : OtpFactor(vault, limits)
{
    /// <summary>80 bits: the shortest secret that is used in practice (contract 9.10's example).</summary>
    private const int MinSecretLength = 10;
    private const int MaxSecretLength = 128;
    /// <summary>Steps each way, or counters ahead, of a token without a profile: the smallest that profiles have (contract 12.2).</summary>
    private const int UsualTolerance = 3;

    private readonly IVault _vault = vault;

    public override string FactorType => "token:hotp";
    public override string Provider => "CUSTOM";
    public override string OrgFactor => "hotp";
    public override string IdPrefix => "chf";
    public override int ListOrder => 90;
    public override string DisplayName => "Custom TOTP";
    public override string LogName => "CUSTOM_HOTP_FACTOR";

    protected override OtpSettings SettingsOf(OtpData data) => data.Settings!.Value;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (!request.Activate) return FactorDecision.Refuse(Refusal.MustActivate);
        if (request.Profile?["serialNumber"] is not null) return EnrollToken(request, context);
        if (request.FactorProfileId is null || !context.Organization.HotpProfiles.TryGetValue(request.FactorProfileId, out var profile))
            return FactorDecision.Refuse(Refusal.FactorProfileNotFound);
        if (!request.Profile.TryReadText("sharedSecret", 1, 4 * MaxSecretLength, out var text) || text is null
            || !TryDecode(text, profile.Encoding, out var secret) || secret.Length is < MinSecretLength or > MaxSecretLength)
            return FactorDecision.Refuse(Refusal.InvalidProfile);
        var settings = new OtpSettings(profile.OtpLength, profile.TimeBased ? profile.TimeStep : 0, profile.Algorithm, profile.AcceptableAdjacentIntervals);
        var factor = NewFactor(FactorStatus.Active, default, context.Now);
        return Share(secret, settings, factor.Id, pending: null, context) is { } data
            ? new FactorDecision.Becomes(factor with { Data = (data with { ProfileId = profile.Id, Settings = settings }).Write() })
            : FactorDecision.Refuse(Refusal.InvalidProfile);
    }

    /// <summary>Takes a token out of the inventory. A profile may name it and say how far it may be off, and must agree with it otherwise.</summary>
    private FactorDecision EnrollToken(EnrollRequest request, in FactorContext context)
    {
        if (!request.Profile.TryReadText("serialNumber", 1, TokenSeed.MaxName, out var serial) || !TokenSeed.IsName(serial)
            || !request.Profile.TryReadText("keyId", 1, TokenSeed.MaxName, out var keyId) || !(keyId is null || TokenSeed.IsName(keyId))
            || request.Profile!["sharedSecret"] is not null)
            return FactorDecision.Refuse(Refusal.InvalidProfile);
        HotpProfile? profile = null;
        if (request.FactorProfileId is { } profileId && !context.Organization.HotpProfiles.TryGetValue(profileId, out profile)) return FactorDecision.Refuse(Refusal.FactorProfileNotFound);
        var question = new FindToken(serial, keyId);
        if (context.Answer is not FoundToken found || found.Question != question) return new FactorDecision.Ask(question);
        if (found.Token is not { Holder: null, Oath: { } oath } token) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var settings = new OtpSettings(oath.Digits, oath.SecondsPerStep, oath.Algorithm, profile?.AcceptableAdjacentIntervals ?? UsualTolerance);
        if (profile is not null && (profile.TimeBased != oath.IsTimeBased || profile.OtpLength != oath.Digits || profile.Algorithm != oath.Algorithm
            || (oath.IsTimeBased && profile.TimeStep != oath.SecondsPerStep)))
            return FactorDecision.Refuse(Refusal.InvalidProfile);
        var factor = NewFactor(FactorStatus.Active, default, context.Now);
        // The decision may be made again with the same answer, and the secret that is given is cleared.
        if (Share([.. found.Secret], settings, factor.Id, pending: null, context) is not { } data) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var usedUntil = Math.Max(Math.Max(token.UsedUntil, data.Counter), oath.FirstCounter - 1);
        data = data with
        {
            Counter = usedUntil,
            Drift = oath.Drift,
            ProfileId = profile?.Id,
            Settings = settings,
            ClaimKey = token.ClaimKey,
            Serial = token.Serial,
            Manufacturer = oath.Manufacturer,
        };
        return new FactorDecision.Becomes(factor with { Data = data.Write() })
        {
            Claim = new FactorClaim(new ClaimChange.Take(token.ClaimKey, factor.Id, token.UsedUntil, usedUntil), new FactorDecision.Ask(question)),
        };
    }

    /// <summary>Looks for a token in the inventory, and opens its secret. Of a device with several keys none is meant, unless one is named.</summary>
    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
    {
        var wanted = (FindToken)question;
        if (await tokens.FindBySerialAsync(wanted.Serial, wanted.KeyId, cancellationToken) is not [var token]) return new FoundToken(wanted, null, []);
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        var length = _vault.Open(token.Secret.Span, HardwareToken.Owner(token.Id), buffer);
        return new FoundToken(wanted, token, buffer[..length].ToArray());
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = OtpData.Read(factor);
        return new()
        {
            VendorName = organization.HotpProfiles.GetValueOrDefault(data.ProfileId ?? "")?.Name ?? data.Manufacturer,
            Profile = data.Serial is { } serial ? new System.Text.Json.Nodes.JsonObject { ["serialNumber"] = serial } : null,
        };
    }

    private static bool TryDecode(string text, string encoding, out byte[] secret)
    {
        secret = [];
        if (encoding == "base32") return Base32.TryDecode(text, out secret);
        try
        {
            secret = encoding == "base64" ? Convert.FromBase64String(text) : Convert.FromHexString(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private sealed record FindToken(string Serial, string? KeyId);

    private sealed record FoundToken(FindToken Question, HardwareToken? Token, byte[] Secret);
}
