using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Attestation;

/// <summary>The format of U2F keys (WebAuthn L3 §8.6).</summary>
internal sealed class FidoU2fAttestation : AttestationFormat
{
    public override string Name => "fido-u2f";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement is not { Signature: { } signature, Certificates.Count: 1 } || input.Statement.Open() is not { } path) return Fault(WebAuthnFault.AttestationMalformed);
        if (!IsP256(path[0])) return Fault(WebAuthnFault.AttestationCertificate);
        if (input.Key.AlgorithmName != CoseAlgorithm.ES256) return Fault(WebAuthnFault.Algorithm);
        byte[] signed = [0, .. input.Data.RpIdHash, .. input.ClientDataHash.Span, .. input.Data.CredentialId.Span, .. input.Key.UncompressedPoint!];
        return path[0].Verify((long)CoseAlgorithm.ES256, signed, signature) ? Certified(path) : Fault(WebAuthnFault.AttestationSignature);
    }

    /// <summary>Whether the certificate's key is on P-256.</summary>
    public static bool IsP256(X509Certificate2 certificate)
    {
        try
        {
            using var key = certificate.GetECDsaPublicKey();
            return key is not null && key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true } curve && curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
