using Countersign.Factors.Otp;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;

namespace Countersign.Factors.Hotp;

/// <summary>
/// Custom TOTP (contract 9.10): tokens whose secrets the organisation knows, computing passcodes as a profile says (12.2), by time or by counter. Active at once; the
/// secret is never shown.
/// </summary>
internal sealed class HotpFactor(IVault vault, OtpLimits limits) : OtpFactor(vault, limits)
{
    /// <summary>80 bits: the shortest secret that is used in practice (contract 9.10's example).</summary>
    private const int MinSecretLength = 10;
    private const int MaxSecretLength = 128;

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

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
        => new() { VendorName = organization.HotpProfiles.GetValueOrDefault(OtpData.Read(factor).ProfileId ?? "")?.Name };

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
}
