using System.Security.Cryptography;
using Countersign.WebAuthn.Attestation;

namespace Countersign.WebAuthn;

/// <summary>A new credential's answer, as the client sent it.</summary>
/// <param name="Challenge">The challenge that was issued, in base64url.</param>
/// <param name="ClientData"><c>clientDataJSON</c>.</param>
/// <param name="AttestationObject"><c>attestationObject</c>.</param>
public readonly record struct RegistrationInput(string Challenge, ReadOnlyMemory<byte> ClientData, ReadOnlyMemory<byte> AttestationObject);

/// <summary>A credential that was registered (WebAuthn L3 §4, credential record).</summary>
public sealed record RegisteredCredential
{
    /// <summary>Its id.</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }
    /// <summary>Its public key: a COSE key.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }
    /// <summary>The signature counter.</summary>
    public required uint SignCount { get; init; }
    /// <summary>The flags.</summary>
    public required AuthenticatorFlags Flags { get; init; }
    /// <summary>The authenticator's model; zeros when it says none.</summary>
    public required Guid Aaguid { get; init; }
    /// <summary>The RP id that it is scoped to.</summary>
    public required string RpId { get; init; }
    /// <summary>The attestation's format.</summary>
    public required string Format { get; init; }
    /// <summary>Whether the attestation leads to a trusted root.</summary>
    public required bool IsTrusted { get; init; }
    /// <summary>The model's name as the metadata service has it; null when it is not known.</summary>
    public string? ModelName { get; init; }
}

/// <summary>Registers a credential: the relying party's part of WebAuthn L3 §7.1, in its order.</summary>
public static class Registration
{
    /// <summary>Verifies a registration.</summary>
    /// <returns>The credential, or why it is refused.</returns>
    public static (WebAuthnFault Fault, RegisteredCredential? Credential) Verify(in RegistrationInput input, RelyingParty party, DateTimeOffset now)
    {
        // Steps 5 and 6: the client data.
        if (!ClientData.TryParse(input.ClientData.Span, out var client)) return Refuse(WebAuthnFault.ClientDataMalformed);
        // Step 7.
        if (client.Type != "webauthn.create") return Refuse(WebAuthnFault.Type);
        // Step 8.
        if (client.Challenge != input.Challenge) return Refuse(WebAuthnFault.Challenge);
        // Steps 9 to 11.
        if (party.CheckOrigin(client) is var origin and not WebAuthnFault.None) return Refuse(origin);
        // Step 12.
        var clientDataHash = SHA256.HashData(input.ClientData.Span);
        // Step 13.
        if (Attestation.AttestationObject.TryParse(input.AttestationObject) is not { } attestation) return Refuse(WebAuthnFault.AttestationObjectMalformed);
        if (!AuthenticatorData.TryParse(attestation.AuthenticatorData, out var data)) return Refuse(WebAuthnFault.AuthenticatorDataMalformed);
        // Step 14.
        if (party.FindRpId(data.RpIdHash) is not { } rpId) return Refuse(WebAuthnFault.RpIdHash);
        // Steps 15 and 16.
        if (party.RequiresUserPresence && !data.Flags.HasFlag(AuthenticatorFlags.UserPresent)) return Refuse(WebAuthnFault.UserNotPresent);
        if (party.RequiresUserVerification && !data.Flags.HasFlag(AuthenticatorFlags.UserVerified)) return Refuse(WebAuthnFault.UserNotVerified);
        // Step 17.
        if (data.Flags.HasFlag(AuthenticatorFlags.BackedUp) && !data.Flags.HasFlag(AuthenticatorFlags.BackupEligible)) return Refuse(WebAuthnFault.BackupState);
        if (!data.HasCredential) return Refuse(WebAuthnFault.AttestedCredentialData);
        // Step 20.
        if (CredentialPublicKey.TryRead(data.PublicKey, out var key) is var unreadable and not WebAuthnFault.None) return Refuse(unreadable);
        using (key)
        {
            if (!party.Algorithms.Contains(key!.AlgorithmName)) return Refuse(WebAuthnFault.Algorithm);
            // Step 21.
            if (party.Attestation.Format(attestation.Format) is not { } format) return Refuse(WebAuthnFault.AttestationFormat);
            // Step 22.
            var verdict = format.Verify(new AttestationInput(attestation.Statement, data, key, clientDataHash, now));
            if (verdict.Fault != WebAuthnFault.None) return Refuse(verdict.Fault);
            // Steps 23 and 24.
            var trust = party.Attestation.Judge(data.Aaguid, verdict, now);
            foreach (var certificate in verdict.TrustPath) certificate.Dispose();
            if (trust.Fault != WebAuthnFault.None) return Refuse(trust.Fault);
            // Step 25. Whether somebody has the credential already (step 26) is decided by the commit that keeps it.
            if (data.CredentialId.Length is 0 or > AuthenticatorData.MaxCredentialIdLength) return Refuse(WebAuthnFault.CredentialId);
            // Step 27.
            return (WebAuthnFault.None, new RegisteredCredential
            {
                Id = data.CredentialId,
                PublicKey = data.PublicKey,
                SignCount = data.SignCount,
                Flags = data.Flags,
                Aaguid = data.Aaguid,
                RpId = rpId,
                Format = attestation.Format,
                IsTrusted = trust.IsTrusted,
                ModelName = trust.Entry?.Description,
            });
        }
    }

    private static (WebAuthnFault, RegisteredCredential?) Refuse(WebAuthnFault fault) => (fault, null);
}
