using System.Text;
using Countersign.Factors.Otp;

namespace Countersign.Tests.Factors.Otp;

public sealed class OtpVectorTests
{
    private const string Digits = "1234567890";

    // RFC 4226 appendix D.
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void Rfc_4226_appendix_D(long counter, string passcode) => Assert.Equal(passcode, Passcode(20, 6, OtpAlgorithm.Sha1, counter));

    // RFC 6238 appendix B: seconds, and the passcodes for SHA-1, SHA-256 and SHA-512, whose secrets have 20, 32 and 64 bytes.
    [Theory]
    [InlineData(59, "94287082", "46119246", "90693936")]
    [InlineData(1111111109, "07081804", "68084774", "25091201")]
    [InlineData(1111111111, "14050471", "67062674", "99943326")]
    [InlineData(1234567890, "89005924", "91819424", "93441116")]
    [InlineData(2000000000, "69279037", "90698825", "38618901")]
    [InlineData(20000000000, "65353130", "77737706", "47863826")]
    public void Rfc_6238_appendix_B(long seconds, string sha1, string sha256, string sha512)
    {
        var step = TimeWindow.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds), 30);

        Assert.Equal(sha1, Passcode(20, 8, OtpAlgorithm.Sha1, step));
        Assert.Equal(sha256, Passcode(32, 8, OtpAlgorithm.Sha256, step));
        Assert.Equal(sha512, Passcode(64, 8, OtpAlgorithm.Sha512, step));
    }

    private static string Passcode(int secretLength, int digits, OtpAlgorithm algorithm, long counter)
    {
        var secret = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Digits, 7))[..secretLength]);
        using var generator = new OtpGenerator(secret, digits, algorithm);
        return generator.Passcode(counter);
    }
}
