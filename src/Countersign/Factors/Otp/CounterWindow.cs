namespace Countersign.Factors.Otp;

/// <summary>
/// Judges counter-based passcodes (RFC 4226 §7.2, §7.4). The authenticator's counter runs ahead when its button is pressed for nothing; it never runs back.
/// </summary>
/// <param name="LookAhead">Counters after the next one whose passcodes are accepted.</param>
/// <param name="Resynchronization">Counters ahead that are searched for two consecutive passcodes.</param>
public readonly record struct CounterWindow(int LookAhead, int Resynchronization)
{
    /// <summary>
    /// Judges <paramref name="code"/>; with <paramref name="nextCode"/>, both as the passcodes of two consecutive counters, further ahead.
    /// </summary>
    /// <param name="generator">The secret's passcodes.</param>
    /// <param name="code">The passcode.</param>
    /// <param name="nextCode">The passcode after it, or null.</param>
    /// <param name="lastCounter">The highest counter used; -1 before the first.</param>
    public OtpVerdict Judge(OtpGenerator generator, long code, long? nextCode, long lastCounter)
    {
        var expected = lastCounter + 1;
        var found = nextCode is { } next
            ? generator.FindPair(code, next, expected, lastCounter + Resynchronization) + 1
            : generator.Find(code, expected, expected + LookAhead, expected);
        if (found is { } counter) return new OtpVerdict(OtpOutcome.Accepted, counter, 0);
        var used = lastCounter >= 0 && generator.Find(code, lastCounter - LookAhead, lastCounter, lastCounter) is not null;
        return new OtpVerdict(used ? OtpOutcome.Replayed : OtpOutcome.Wrong, lastCounter, 0);
    }
}
