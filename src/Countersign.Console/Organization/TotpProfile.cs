namespace Countersign.Console.Organization;

/// <summary>A custom TOTP profile: what a lot of hardware tokens has in common.</summary>
public sealed record TotpProfile
{
    /// <summary>The stable identifier; absent in a new one.</summary>
    public string? Id { get; set; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is offered first.</summary>
    public bool Default { get; set; }

    /// <summary>How the passcodes are made; fixed once the profile exists.</summary>
    public required TotpSettings Settings { get; init; }
}

/// <summary>How the passcodes of a profile are made.</summary>
public sealed record TotpSettings
{
    /// <summary>By the clock; otherwise by a counter.</summary>
    public bool TimeBased { get; set; } = true;

    /// <summary>Digits in a passcode.</summary>
    public int OtpLength { get; set; } = 6;

    /// <summary>Seconds for which one passcode holds.</summary>
    public int TimeStep { get; set; } = 30;

    /// <summary>Steps that a token may be fast or slow.</summary>
    public int AcceptableAdjacentIntervals { get; set; } = 3;

    /// <summary>How shared secrets are written: <c>base32</c>, <c>base64</c> or <c>hexadecimal</c>.</summary>
    public string Encoding { get; set; } = "base32";

    /// <summary><c>HMacSHA1</c>, <c>HMacSHA256</c> or <c>HMacSHA512</c>.</summary>
    public string HmacAlgorithm { get; set; } = "HMacSHA256";
}
