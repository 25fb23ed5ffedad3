using Countersign.Settings;

namespace Countersign.Factors.Otp;

/// <summary>How far one-time passcodes may be off (contract 11.3, 11.5). Section <c>Countersign:Otp</c>.</summary>
public sealed class OtpLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Otp";

    /// <summary>Steps of a software TOTP accepted before and after the clock's. Default 1; 0 to 10.</summary>
    [Setting(0, 10)]
    public int TotpTolerance { get; set; } = 1;
    /// <summary>Further steps, each way, answered as outside the time window (E0000083) instead of wrong. Default 2; 0 to 20.</summary>
    [Setting(0, 20)]
    public int Margin { get; set; } = 2;
    /// <summary>The largest clock offset of an authenticator, in steps each way, that is remembered. Default 4; 0 to 20.</summary>
    [Setting(0, 20)]
    public int MaxDrift { get; set; } = 4;
    /// <summary>Counters searched for two consecutive passcodes when a counter-based token is resynchronised. Default 1,000; 0 to 100,000.</summary>
    [Setting(0, 100_000)]
    public int ResynchronizationWindow { get; set; } = 1_000;
}
