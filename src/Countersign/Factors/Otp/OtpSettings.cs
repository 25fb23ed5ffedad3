using System.Text.Json.Serialization;

namespace Countersign.Factors.Otp;

/// <summary>How an authenticator computes its passcodes, and how far they may be off.</summary>
/// <param name="Digits">Digits of a passcode, 6 to 10.</param>
/// <param name="SecondsPerStep">Seconds of a time step; 0 for counter-based passcodes.</param>
/// <param name="Algorithm">The hash.</param>
/// <param name="Tolerance">Steps accepted before and after the clock's, or counters looked ahead.</param>
internal readonly record struct OtpSettings(int Digits, int SecondsPerStep, OtpAlgorithm Algorithm, int Tolerance)
{
    /// <summary>By time (RFC 6238) or by counter (RFC 4226).</summary>
    [JsonIgnore]
    public bool IsTimeBased => SecondsPerStep > 0;
}
