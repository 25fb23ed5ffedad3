using Countersign.Factors.Otp;

namespace Countersign.Organization;

/// <summary>A custom TOTP profile: how the tokens of <c>token:hotp</c> factors compute their passcodes (contract 12.2).</summary>
public sealed record HotpProfile
{
    /// <summary>The prefix of every profile id.</summary>
    public const string IdPrefix = "fpr";

    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>The name, also the factors' <c>vendorName</c>; 1 to 100 characters.</summary>
    public required string Name { get; init; }
    /// <summary>The contract's <c>default</c>.</summary>
    public bool IsDefault { get; init; }
    /// <summary>Time-based (RFC 6238) or counter-based (RFC 4226).</summary>
    public required bool TimeBased { get; init; }
    /// <summary>Digits of a passcode: 6, 8 or 10.</summary>
    public required int OtpLength { get; init; }
    /// <summary>Seconds of a time step: 15, 30 or 60.</summary>
    public required int TimeStep { get; init; }
    /// <summary>Steps of tolerance each way, or counters looked ahead: 3, 5 or 10.</summary>
    public required int AcceptableAdjacentIntervals { get; init; }
    /// <summary>The encoding of <c>sharedSecret</c>: <c>base32</c>, <c>base64</c>, <c>hexadecimal</c>.</summary>
    public required string Encoding { get; init; }
    /// <summary>The hash.</summary>
    public required OtpAlgorithm Algorithm { get; init; }
}
