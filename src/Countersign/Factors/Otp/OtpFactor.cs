using System.Security.Cryptography;
using Countersign.Claims;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Otp;

/// <summary>What all kinds share whose authenticators compute passcodes from a shared secret: judging, and never accepting a passcode twice.</summary>
internal abstract class OtpFactor(IVault vault, OtpLimits limits) : FactorKind
{
    /// <summary>How passcodes of this factor are computed.</summary>
    protected abstract OtpSettings SettingsOf(OtpData data);

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        var data = OtpData.Read(factor);
        var verdict = Judge(factor, data, request, context);
        return verdict.Outcome switch
        {
            OtpOutcome.Accepted => new FactorDecision.Answered(
                factor with { Data = (data with { Counter = verdict.Counter, Drift = verdict.Drift }).Write() }, Verification.Success)
            {
                Claim = data.ClaimKey is not { } key ? null
                    : new FactorClaim(new ClaimChange.Touch(key, factor.Id, verdict.Counter), FactorDecision.Wrong(Refusal.WrongPasscode)),
            },
            OtpOutcome.Replayed => FactorDecision.Wrong(Refusal.Replayed),
            OtpOutcome.OutsideWindow => FactorDecision.Wrong(Refusal.OutsideTimeWindow),
            _ => FactorDecision.Wrong(Refusal.WrongPasscode),
        };
    }

    public override IReadOnlyList<SpentSecret> Spend(Factor factor)
    {
        var data = OtpData.Read(factor);
        var settings = SettingsOf(data);
        if (data.Counter < 0) return [];
        // A time step falls out of every window; a counter never does.
        long? forgetAfter = settings.IsTimeBased ? (data.Counter + limits.MaxDrift + settings.Tolerance + 1) * settings.SecondsPerStep : null;
        return [new SpentSecret(data.Fingerprint, data.Counter, forgetAfter)];
    }

    /// <summary>
    /// The data of a new factor with this secret, which is cleared; null when another factor of the user has the same secret already, because then one passcode would
    /// count twice. Passcodes that the secret was used for before stay used.
    /// </summary>
    protected OtpData? Share(byte[] secret, OtpSettings settings, FactorId id, Factor? pending, in FactorContext context)
    {
        // The same secret computes other passcodes under other settings, so they are part of what is recognised.
        var fingerprint = vault.Fingerprint([.. secret, (byte)settings.Digits, (byte)settings.SecondsPerStep, (byte)settings.Algorithm]);
        var usedUntil = context.User.SpentUntil(fingerprint);
        foreach (var other in context.User.Factors)
        {
            if (other.FactorType is not ("token:software:totp" or "token:hotp")) continue;
            var data = OtpData.Read(other);
            if (data.Fingerprint != fingerprint) continue;
            if (other.Id != pending?.Id) return null;
            usedUntil = Math.Max(usedUntil, data.Counter);
        }
        var shared = new OtpData { Secret = vault.Seal(secret, context.User.Id, id), Fingerprint = fingerprint, Counter = usedUntil };
        CryptographicOperations.ZeroMemory(secret);
        return shared;
    }

    /// <summary>Opens the secret into <paramref name="buffer"/> and returns the part used.</summary>
    protected Span<byte> Open(OtpData data, UserId user, FactorId factor, Span<byte> buffer) => vault.Open(data.Secret, user, factor, buffer);

    private OtpVerdict Judge(Factor factor, OtpData data, VerifyRequest request, in FactorContext context)
    {
        var settings = SettingsOf(data);
        // What is no passcode at all is looked for like one, as -1, which matches nothing: it costs the same.
        var code = OtpGenerator.TryParse(request.PassCode, settings.Digits, out var parsed) ? parsed : -1;
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        var secret = Open(data, context.User.Id, factor.Id, buffer);
        using var generator = new OtpGenerator(secret, settings.Digits, settings.Algorithm);
        CryptographicOperations.ZeroMemory(secret);
        if (settings.IsTimeBased)
        {
            return new TimeWindow(settings.Tolerance, limits.Margin, limits.MaxDrift)
                .Judge(generator, code, TimeWindow.StepAt(context.Now, settings.SecondsPerStep), data.Drift, data.Counter);
        }
        long? next = string.IsNullOrEmpty(request.NextPassCode) ? null
            : OtpGenerator.TryParse(request.NextPassCode.PadLeft(settings.Digits, '0'), settings.Digits, out var nextCode) ? nextCode : -1;
        return new CounterWindow(settings.Tolerance, limits.ResynchronizationWindow).Judge(generator, code, next, data.Counter);
    }
}
