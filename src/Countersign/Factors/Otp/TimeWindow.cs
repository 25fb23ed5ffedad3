namespace Countersign.Factors.Otp;

/// <summary>
/// Judges time-based passcodes (RFC 6238 §5.2, §6; contract 11.3): which steps are within tolerance, which are known but too far off, and how the
/// authenticator's clock offset is remembered. Pure: the step of the clock is an argument.
/// </summary>
/// <param name="Tolerance">Steps accepted before and after the clock's own.</param>
/// <param name="Margin">Further steps, each way, whose codes are recognised but refused as outside the time window.</param>
/// <param name="MaxDrift">The largest offset, in steps each way, that is remembered.</param>
public readonly record struct TimeWindow(int Tolerance, int Margin, int MaxDrift)
{
    /// <summary>The step that <paramref name="now"/> falls into (RFC 6238 §4.2: T0 is the Unix epoch).</summary>
    public static long StepAt(DateTimeOffset now, int secondsPerStep) => now.ToUnixTimeSeconds() / secondsPerStep;

    /// <summary>
    /// Judges <paramref name="code"/>. Accepted are the steps around the clock and around the clock shifted by the remembered
    /// <paramref name="drift"/>; a step not after <paramref name="lastStep"/> was used before.
    /// </summary>
    public OtpVerdict Judge(OtpGenerator generator, long code, long clockStep, int drift, long lastStep)
    {
        drift = Math.Clamp(drift, -MaxDrift, MaxDrift);
        var expected = clockStep + drift;
        var first = Math.Min(clockStep, expected) - Tolerance;
        var last = Math.Max(clockStep, expected) + Tolerance;
        if (generator.Find(code, first, last, expected) is { } step)
            return step <= lastStep
                ? new OtpVerdict(OtpOutcome.Replayed, lastStep, drift)
                : new OtpVerdict(OtpOutcome.Accepted, step, (int)Math.Clamp(step - clockStep, -MaxDrift, MaxDrift));
        var outside = generator.Find(code, first - Margin, first - 1, expected) ?? generator.Find(code, last + 1, last + Margin, expected);
        return new OtpVerdict(outside is null ? OtpOutcome.Wrong : outside <= lastStep ? OtpOutcome.Replayed : OtpOutcome.OutsideWindow, lastStep, drift);
    }
}

/// <summary>What a passcode turned out to be.</summary>
public enum OtpOutcome
{
    /// <summary>Right, and not used before.</summary>
    Accepted,
    /// <summary>Not a code of any counter looked at.</summary>
    Wrong,
    /// <summary>The code of a step or counter that was used, or passed by.</summary>
    Replayed,
    /// <summary>A code of a step outside the tolerance (contract 11.3).</summary>
    OutsideWindow,
}

/// <summary>The judgement of one passcode.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Counter">The highest step or counter used from now on.</param>
/// <param name="Drift">The remembered clock offset in steps from now on; 0 for counters.</param>
public readonly record struct OtpVerdict(OtpOutcome Outcome, long Counter, int Drift);
