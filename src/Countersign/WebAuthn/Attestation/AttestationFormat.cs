using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Attestation;

/// <summary>What an attestation vouches with (WebAuthn L3 §6.5.3).</summary>
public enum AttestationType
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>The new credential itself.</summary>
    Self,
    /// <summary>A certificate of the model, of an attestation CA, or of an anonymization CA: which of them, only its root tells.</summary>
    Certified,
}

/// <summary>One format of attestation statements (§8): its verification procedure, pure and without trust; whether its certificates are trusted is the policy's.</summary>
public abstract class AttestationFormat
{
    /// <summary>The format's registered name, for example <c>packed</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Runs the format's verification procedure.</summary>
    public AttestationVerdict Verify(in AttestationInput input)
    {
        try
        {
            return Check(input);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            // Certificates are read piece by piece, and complain when a piece is looked at.
            return Fault(WebAuthnFault.AttestationCertificate);
        }
    }

    /// <summary>The format's verification procedure; certificates that cannot be read may be complained about by exceptions.</summary>
    private protected abstract AttestationVerdict Check(in AttestationInput input);

    /// <summary>A statement that is not in order.</summary>
    private protected static AttestationVerdict Fault(WebAuthnFault fault) => new(fault, AttestationType.None, []);

    /// <summary>Vouched for by certificates, the attestation's own first.</summary>
    private protected static AttestationVerdict Certified(X509Certificate2[] path) => new(WebAuthnFault.None, AttestationType.Certified, path);
}

/// <summary>What a verification procedure is given.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Data">The authenticator data, with a credential in it.</param>
/// <param name="Key">The credential's key.</param>
/// <param name="ClientDataHash">SHA-256 of the client data.</param>
/// <param name="Now">The time.</param>
public readonly record struct AttestationInput(
    AttestationStatement Statement, AuthenticatorData Data, CredentialPublicKey Key, ReadOnlyMemory<byte> ClientDataHash, DateTimeOffset Now)
{
    /// <summary>The authenticator data and then the hash: what most formats sign.</summary>
    public byte[] Signed => [.. Data.Bytes.Span, .. ClientDataHash.Span];
}

/// <summary>What a verification procedure found.</summary>
/// <param name="Fault">What is wrong; the rest means nothing then.</param>
/// <param name="Type">What the attestation vouches with.</param>
/// <param name="TrustPath">The certificates, the attestation's own first.</param>
public readonly record struct AttestationVerdict(WebAuthnFault Fault, AttestationType Type, IReadOnlyList<X509Certificate2> TrustPath);
