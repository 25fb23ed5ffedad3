using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn;

/// <summary>RS256 and PS256.</summary>
internal sealed class RsaKey : CredentialPublicKey
{
    private const int LongestExponent = 8;

    private readonly RSA _key;

    private RsaKey(CoseAlgorithm algorithm, RSA key) : base(algorithm) => _key = key;

    /// <summary>The key; null when its modulus or exponent is nothing to rely on.</summary>
    public static RsaKey? TryMake(CoseAlgorithm algorithm, CoseParameters parameters, int leastBits, int mostBits)
    {
        if (parameters is not { Modulus: { } modulus, X: { Length: <= LongestExponent } exponent }) return null;
        var (n, e) = (new BigInteger(modulus, isUnsigned: true, isBigEndian: true), new BigInteger(exponent, isUnsigned: true, isBigEndian: true));
        var bits = n.GetBitLength();
        if (bits < leastBits || bits > mostBits || n.IsEven || e < 3 || e.IsEven) return null;
        return new RsaKey(algorithm, RSA.Create(new RSAParameters
        {
            Modulus = n.ToByteArray(isUnsigned: true, isBigEndian: true),
            Exponent = e.ToByteArray(isUnsigned: true, isBigEndian: true),
        }));
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        => _key.VerifyData(data, signature, HashAlgorithmName.SHA256, AlgorithmName == CoseAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    internal override bool IsKeyOf(PublicKey key)
    {
        using var other = key.GetRSAPublicKey();
        return other is not null && other.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_key.ExportSubjectPublicKeyInfo());
    }

    internal override bool HasParameters(CoseParameters parameters)
    {
        var own = _key.ExportParameters(includePrivateParameters: false);
        return parameters is { Modulus: { } modulus, X: { } exponent }
            && modulus.AsSpan().TrimStart((byte)0).SequenceEqual(own.Modulus.AsSpan().TrimStart((byte)0))
            && exponent.AsSpan().TrimStart((byte)0).SequenceEqual(own.Exponent.AsSpan().TrimStart((byte)0));
    }

    public override void Dispose() => _key.Dispose();
}
