using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Countersign.WebAuthn;

/// <summary>
/// A credential's public key (COSE_Key, RFC 9052 §7; WebAuthn L3 §5.8.5): one algorithm with its one curve, a point that is on it, an RSA modulus of a decent size. Used by
/// one caller at a time.
/// </summary>
public abstract class CredentialPublicKey : IDisposable
{
    private const int LeastRsaBits = 2_048, MostRsaBits = 8_192;
    private const int KeyType = 1, Algorithm = 3;

    private protected CredentialPublicKey(CoseAlgorithm algorithm) => AlgorithmName = algorithm;

    /// <summary>The algorithm.</summary>
    public CoseAlgorithm AlgorithmName { get; }

    /// <summary>Whether the signature is this key's over the data.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>The point of a key on a NIST curve, uncompressed as in SEC 1 §2.3.3; null for other keys.</summary>
    public virtual byte[]? UncompressedPoint => null;

    /// <summary>Whether a certificate is for this key.</summary>
    internal abstract bool IsKeyOf(System.Security.Cryptography.X509Certificates.PublicKey key);

    /// <summary>Whether these are this key's parameters; leading zeros of numbers do not matter.</summary>
    internal abstract bool HasParameters(CoseParameters parameters);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads a COSE key.</summary>
    /// <param name="cose">One CBOR map.</param>
    /// <param name="key">The key; the caller disposes of it.</param>
    /// <returns><see cref="WebAuthnFault.None"/>, <see cref="WebAuthnFault.Algorithm"/> for one that is not known, or <see cref="WebAuthnFault.PublicKey"/>.</returns>
    public static WebAuthnFault TryRead(ReadOnlyMemory<byte> cose, out CredentialPublicKey? key)
    {
        key = null;
        if (Cbor.Read(cose, ReadParameters) is not { } parameters) return WebAuthnFault.PublicKey;
        if (parameters.Algorithm is not { } number) return WebAuthnFault.PublicKey;
        try
        {
            switch ((CoseAlgorithm)number, parameters.KeyType)
            {
                case (CoseAlgorithm.ES256, 2): key = EllipticKey.TryMake(CoseAlgorithm.ES256, parameters); break;
                case (CoseAlgorithm.ES384, 2): key = EllipticKey.TryMake(CoseAlgorithm.ES384, parameters); break;
                case (CoseAlgorithm.ES512, 2): key = EllipticKey.TryMake(CoseAlgorithm.ES512, parameters); break;
                case (CoseAlgorithm.EdDsa, 1): key = EdwardsKey.TryMake(parameters); break;
                case (CoseAlgorithm.RS256, 3): key = RsaKey.TryMake(CoseAlgorithm.RS256, parameters, LeastRsaBits, MostRsaBits); break;
                case (CoseAlgorithm.PS256, 3): key = RsaKey.TryMake(CoseAlgorithm.PS256, parameters, LeastRsaBits, MostRsaBits); break;
                default: return Enum.IsDefined((CoseAlgorithm)number) ? WebAuthnFault.PublicKey : WebAuthnFault.Algorithm;
            }
        }
        catch (CryptographicException)
        {
            return WebAuthnFault.PublicKey;   // off its curve
        }
        return key is null ? WebAuthnFault.PublicKey : WebAuthnFault.None;
    }

    private static CoseParameters? ReadParameters(CborReader reader)
    {
        var parameters = new CoseParameters();
        var count = reader.ReadStartMap();
        for (var i = 0; count is null ? reader.PeekState() != CborReaderState.EndMap : i < count; i++)
        {
            if (reader.PeekState() is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger))
            {
                reader.SkipValue();
                reader.SkipValue();
                continue;
            }
            switch (reader.ReadInt64())
            {
                case KeyType: parameters.KeyType = reader.ReadInt32(); break;
                case Algorithm: parameters.Algorithm = reader.ReadInt32(); break;
                case -1 when reader.PeekState() == CborReaderState.ByteString: parameters.Modulus = reader.ReadByteString(); break;
                case -1: parameters.Curve = reader.ReadInt32(); break;
                case -2: parameters.X = reader.ReadByteString(); break;
                // A compressed point has a boolean here, which WebAuthn forbids (§5.8.5).
                case -3: parameters.Y = reader.ReadByteString(); break;
                default: reader.SkipValue(); break;
            }
        }
        reader.ReadEndMap();
        return parameters;
    }
}

/// <summary>The parameters of a COSE key that matter here, by what their labels mean for each type of key.</summary>
internal sealed class CoseParameters
{
    public int? KeyType { get; set; }
    public int? Algorithm { get; set; }
    /// <summary>Label -1 of curves.</summary>
    public int? Curve { get; set; }
    /// <summary>Label -1 of RSA.</summary>
    public byte[]? Modulus { get; set; }
    /// <summary>Label -2: x, or RSA's exponent.</summary>
    public byte[]? X { get; set; }
    /// <summary>Label -3.</summary>
    public byte[]? Y { get; set; }
}
