using System.Security.Cryptography;

namespace Countersign.Delivery.WebPush;

/// <summary>Points on P-256 in uncompressed form (SEC 1 §2.3.3): a 4, then both coordinates.</summary>
internal static class P256Points
{
    /// <summary>The length of a point, in bytes.</summary>
    public const int Length = 65;

    private const int CoordinateLength = 32;
    private const byte Uncompressed = 4;

    /// <summary>A point as bytes.</summary>
    public static byte[] Write(in ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];

    /// <summary>A key to agree with; null when the bytes are no point of the curve.</summary>
    public static ECDiffieHellman? TryOpen(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length || bytes[0] != Uncompressed) return null;
        try
        {
            return ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = bytes.Slice(1, CoordinateLength).ToArray(), Y = bytes[(1 + CoordinateLength)..].ToArray() },
            });
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
