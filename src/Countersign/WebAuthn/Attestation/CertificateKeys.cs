using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NSec.Cryptography;

namespace Countersign.WebAuthn.Attestation;

/// <summary>Signatures by the keys of certificates, and what their extensions say.</summary>
internal static class CertificateKeys
{
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-1, which TPMs of old have and credentials may not.</summary>
    public const long RS1 = -65535;

    private const string AaguidExtension = "1.3.6.1.4.1.45724.1.1.4";   // id-fido-gen-ce-aaguid (§8.2.1)
    private const string Ed25519 = "1.3.101.112";

    /// <summary>The hash that an algorithm signs; null for an algorithm that is not known.</summary>
    public static HashAlgorithmName? HashOf(long algorithm) => algorithm switch
    {
        (long)CoseAlgorithm.ES256 or (long)CoseAlgorithm.RS256 or (long)CoseAlgorithm.PS256 => HashAlgorithmName.SHA256,
        (long)CoseAlgorithm.ES384 => HashAlgorithmName.SHA384,
        (long)CoseAlgorithm.ES512 => HashAlgorithmName.SHA512,
        RS1 => HashAlgorithmName.SHA1,
        _ => null,
    };

    /// <summary>Whether a signature is by the certificate's key, with an algorithm that the key can.</summary>
    public static bool Verify(this X509Certificate2 certificate, long algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, DSASignatureFormat format = DSASignatureFormat.Rfc3279DerSequence)
    {
        try
        {
            if (algorithm == (long)CoseAlgorithm.EdDsa) return VerifyEdwards(certificate, data, signature);
            if (HashOf(algorithm) is not { } hash) return false;
            if (algorithm is (long)CoseAlgorithm.ES256 or (long)CoseAlgorithm.ES384 or (long)CoseAlgorithm.ES512)
            {
                using var elliptic = certificate.GetECDsaPublicKey();
                return elliptic is not null && elliptic.VerifyData(data, signature, hash, format);
            }
            using var rsa = certificate.GetRSAPublicKey();
            return rsa is not null && rsa.VerifyData(data, signature, hash, algorithm == (long)CoseAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;   // a key that the base library does not know
        }
    }

    /// <summary>Whether the certificate is for no other model than this: it names the AAGUID, or none, and marks that as not critical.</summary>
    public static bool IsForModel(this X509Certificate2 certificate, Guid aaguid)
    {
        if (certificate.Extensions[AaguidExtension] is not { } extension) return true;
        if (extension.Critical) return false;
        var value = AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out var read);
        return read == extension.RawData.Length && value.AsSpan().SequenceEqual(aaguid.ToByteArray(bigEndian: true));
    }

    /// <summary>Whether the certificate says that it is no CA's.</summary>
    public static bool IsLeaf(this X509Certificate2 certificate)
        => certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: false };

    private static bool VerifyEdwards(X509Certificate2 certificate, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        => certificate.PublicKey.Oid.Value == Ed25519
            && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, certificate.PublicKey.EncodedKeyValue.RawData, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, data, signature);
}
