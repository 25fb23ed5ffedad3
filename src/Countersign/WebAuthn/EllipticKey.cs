using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn;

/// <summary>ES256, ES384 and ES512.</summary>
internal sealed class EllipticKey : CredentialPublicKey
{
    private const int LongestHash = 64;
    private const byte Uncompressed = 4;

    private readonly ECDsa _key;
    private readonly byte[] _point;

    private EllipticKey(CoseAlgorithm algorithm, ECDsa key, byte[] point) : base(algorithm) => (_key, _point) = (key, point);

    /// <summary>The key; null when the curve is not the algorithm's or a coordinate has not its length.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static EllipticKey? TryMake(CoseAlgorithm algorithm, CoseParameters parameters)
    {
        var (number, length) = CurveOf(algorithm);
        return parameters.Curve == number && parameters is { X: { } x, Y: { } y } && x.Length == length && y.Length == length ? Make(algorithm, [Uncompressed, .. x, .. y]) : null;
    }

    /// <summary>An ES256 key from an uncompressed point (SEC 1 §2.3.3), as U2F has it; null when it is not one.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static EllipticKey? TryMake(ReadOnlySpan<byte> uncompressed)
        => uncompressed.Length == 1 + 2 * CurveOf(CoseAlgorithm.ES256).Length && uncompressed[0] == Uncompressed ? Make(CoseAlgorithm.ES256, uncompressed.ToArray()) : null;

    public override byte[] UncompressedPoint => _point;

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> buffer = stackalloc byte[LongestHash];
        var hash = AlgorithmName switch
        {
            CoseAlgorithm.ES256 => buffer[..SHA256.HashData(data, buffer)],
            CoseAlgorithm.ES384 => buffer[..SHA384.HashData(data, buffer)],
            _ => buffer[..SHA512.HashData(data, buffer)],
        };
        return _key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Whether an ES256 signature, r and s one after the other (IEEE P1363), is over these bytes.</summary>
    public bool VerifyConcatenated(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return _key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    internal override bool IsKeyOf(PublicKey key)
    {
        using var other = key.GetECDsaPublicKey();
        if (other is null || other.KeySize != _key.KeySize) return false;
        var point = other.ExportParameters(includePrivateParameters: false).Q;
        return point.X.AsSpan().SequenceEqual(X) && point.Y.AsSpan().SequenceEqual(Y);
    }

    internal override bool HasParameters(CoseParameters parameters)
        => parameters.Curve == CurveOf(AlgorithmName).Number && IsSame(parameters.X, X) && IsSame(parameters.Y, Y);

    public override void Dispose() => _key.Dispose();

    private ReadOnlySpan<byte> X => _point.AsSpan(1, _point.Length / 2);

    private ReadOnlySpan<byte> Y => _point.AsSpan(1 + _point.Length / 2);

    private static bool IsSame(byte[]? number, ReadOnlySpan<byte> coordinate) => number is not null && number.AsSpan().TrimStart((byte)0).SequenceEqual(coordinate.TrimStart((byte)0));

    private static EllipticKey Make(CoseAlgorithm algorithm, byte[] point) => new(algorithm, OpenSslPoints.TryOpen(OpenSslName(algorithm), point) ?? Create(algorithm, point), point);

    private static ECDsa Create(CoseAlgorithm algorithm, byte[] point)
    {
        var length = CurveOf(algorithm).Length;
        var curve = algorithm switch
        {
            CoseAlgorithm.ES256 => ECCurve.NamedCurves.nistP256,
            CoseAlgorithm.ES384 => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        return ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = point[1..(1 + length)], Y = point[(1 + length)..] } });
    }

    /// <summary>The curve's number in COSE and the length of a coordinate, in bytes.</summary>
    private static (int Number, int Length) CurveOf(CoseAlgorithm algorithm) => algorithm switch
    {
        CoseAlgorithm.ES256 => (1, 32),
        CoseAlgorithm.ES384 => (2, 48),
        _ => (3, 66),
    };

    private static ReadOnlySpan<byte> OpenSslName(CoseAlgorithm algorithm) => algorithm switch
    {
        CoseAlgorithm.ES256 => "prime256v1\0"u8,
        CoseAlgorithm.ES384 => "secp384r1\0"u8,
        _ => "secp521r1\0"u8,
    };
}
