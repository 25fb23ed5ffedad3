namespace Countersign.WebAuthn;

/// <summary>The signature algorithms that credentials may have, by their numbers in the IANA registry of COSE algorithms.</summary>
public enum CoseAlgorithm
{
    /// <summary>ECDSA with SHA-256, on P-256 alone (WebAuthn L3 §5.8.5).</summary>
    ES256 = -7,
    /// <summary>EdDSA, on Ed25519 alone (§5.8.5).</summary>
    EdDsa = -8,
    /// <summary>ECDSA with SHA-384, on P-384 alone.</summary>
    ES384 = -35,
    /// <summary>ECDSA with SHA-512, on P-521 alone.</summary>
    ES512 = -36,
    /// <summary>RSASSA-PSS with SHA-256.</summary>
    PS256 = -37,
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RS256 = -257,
}
