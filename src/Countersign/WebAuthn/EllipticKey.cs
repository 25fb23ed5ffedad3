using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn;

/// <summary>ES256, ES384 and ES512.</summary>
internal sealed class EllipticKey : CredentialPublicKey
{
    private const int LongestHash = 64;

    private readonly ECDsa _key;
    private readonly ECPoint _point;

    private EllipticKey(CoseAlgorithm algorithm, ECDsa key, ECPoint point) : base(algorithm) => (_key, _point) = (key, point);

    /// <summary>The key; null when the curve is not the algorithm's or a coordinate has not its length.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static EllipticKey? TryMake(CoseAlgorithm algorithm, CoseParameters parameters)
    {
        var (number, curve, length) = CurveOf(algorithm);
        if (parameters.Curve != number || parameters.X?.Length != length || parameters.Y?.Length != length) return null;
        return Make(algorithm, curve, new ECPoint { X = parameters.X, Y = parameters.Y });
    }

    /// <summary>An ES256 key from an uncompressed point (SEC 1 §2.3.3), as U2F has it; null when it is not one.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static EllipticKey? TryMake(ReadOnlySpan<byte> uncompressed)
        => uncompressed.Length != 65 || uncompressed[0] != 4 ? null
            : Make(CoseAlgorithm.ES256, ECCurve.NamedCurves.nistP256, new ECPoint { X = uncompressed[1..33].ToArray(), Y = uncompressed[33..].ToArray() });

    public override byte[] UncompressedPoint => [4, .. _point.X!, .. _point.Y!];

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

    internal override bool IsKeyOf(PublicKey key)
    {
        using var other = key.GetECDsaPublicKey();
        if (other is null || other.KeySize != _key.KeySize) return false;
        var point = other.ExportParameters(includePrivateParameters: false).Q;
        return point.X.AsSpan().SequenceEqual(_point.X) && point.Y.AsSpan().SequenceEqual(_point.Y);
    }

    internal override bool HasParameters(CoseParameters parameters)
        => parameters.Curve == CurveOf(AlgorithmName).Number && IsSame(parameters.X, _point.X!) && IsSame(parameters.Y, _point.Y!);

    public override void Dispose() => _key.Dispose();

    private static bool IsSame(byte[]? number, byte[] coordinate) => number is not null && number.AsSpan().TrimStart((byte)0).SequenceEqual(coordinate.AsSpan().TrimStart((byte)0));

    private static EllipticKey Make(CoseAlgorithm algorithm, ECCurve curve, ECPoint point)
        => new(algorithm, ECDsa.Create(new ECParameters { Curve = curve, Q = point }), point);

    private static (int Number, ECCurve Curve, int Length) CurveOf(CoseAlgorithm algorithm) => algorithm switch
    {
        CoseAlgorithm.ES256 => (1, ECCurve.NamedCurves.nistP256, 32),
        CoseAlgorithm.ES384 => (2, ECCurve.NamedCurves.nistP384, 48),
        _ => (3, ECCurve.NamedCurves.nistP521, 66),
    };
}
