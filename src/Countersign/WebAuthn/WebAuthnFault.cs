namespace Countersign.WebAuthn;

/// <summary>Why a registration or an assertion was refused. Goes to the log; the client is told that the answer was wrong and no more.</summary>
public enum WebAuthnFault
{
    /// <summary>Nothing is wrong.</summary>
    None,
    /// <summary>The client data is not JSON with a type, a challenge and an origin (WebAuthn L3 §5.8.1).</summary>
    ClientDataMalformed,
    /// <summary>The client data belongs to another ceremony.</summary>
    Type,
    /// <summary>The challenge is not the one that was issued.</summary>
    Challenge,
    /// <summary>The origin is none of those that are accepted.</summary>
    Origin,
    /// <summary>The page was framed by another origin, which is not accepted.</summary>
    CrossOrigin,
    /// <summary>The origin of the outermost page is none of those that are accepted.</summary>
    TopOrigin,
    /// <summary>The attestation object is not CBOR of its shape (§6.5.4).</summary>
    AttestationObjectMalformed,
    /// <summary>The authenticator data is too short, too long or badly put together (§6.1).</summary>
    AuthenticatorDataMalformed,
    /// <summary>The data is about another relying party.</summary>
    RpIdHash,
    /// <summary>Nobody was present.</summary>
    UserNotPresent,
    /// <summary>The user was not verified by the authenticator.</summary>
    UserNotVerified,
    /// <summary>Backed up without being eligible for backup.</summary>
    BackupState,
    /// <summary>The credential's eligibility for backup changed, which it never does.</summary>
    BackupEligibility,
    /// <summary>A registration without a credential, or an assertion with one.</summary>
    AttestedCredentialData,
    /// <summary>The credential id is empty or longer than 1,023 bytes.</summary>
    CredentialId,
    /// <summary>The credential belongs to a factor already.</summary>
    CredentialTaken,
    /// <summary>The public key is malformed, off its curve, or too weak.</summary>
    PublicKey,
    /// <summary>The algorithm is none of those that were asked for.</summary>
    Algorithm,
    /// <summary>The attestation's format is unknown or not accepted.</summary>
    AttestationFormat,
    /// <summary>The attestation statement is not of its format's shape.</summary>
    AttestationMalformed,
    /// <summary>The attestation's signature is wrong.</summary>
    AttestationSignature,
    /// <summary>The attestation's certificate does not meet its format's requirements.</summary>
    AttestationCertificate,
    /// <summary>The attestation is about another authenticator model than the data.</summary>
    Aaguid,
    /// <summary>The attestation is about other data than was signed.</summary>
    AttestationContent,
    /// <summary>The policy wants an attestation that leads to a trusted root, and this one does not.</summary>
    AttestationUntrusted,
    /// <summary>The policy does not accept this authenticator model.</summary>
    AuthenticatorNotAllowed,
    /// <summary>The metadata service says that this authenticator model is compromised or revoked.</summary>
    AuthenticatorCompromised,
    /// <summary>The assertion's signature is wrong.</summary>
    Signature,
    /// <summary>The signature counter did not grow: the authenticator may have been cloned (§6.1.1).</summary>
    SignCount,
    /// <summary>A U2F message is not of its shape (FIDO U2F raw message formats).</summary>
    U2fMessageMalformed,
}
