using System.Security.Cryptography;

namespace Countersign.Factors.Otp;

/// <summary>The hash of a one-time-passcode generator (RFC 6238 §1.2; contract 12.2 <c>hmacAlgorithm</c>).</summary>
public enum OtpAlgorithm
{
    /// <summary>HMAC-SHA-1, 20 bytes.</summary>
    Sha1,
    /// <summary>HMAC-SHA-256, 32 bytes.</summary>
    Sha256,
    /// <summary>HMAC-SHA-512, 64 bytes.</summary>
    Sha512,
}

internal static class OtpAlgorithms
{
    public static HashAlgorithmName HashName(this OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        OtpAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        OtpAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "not an OTP hash"),
    };
}
