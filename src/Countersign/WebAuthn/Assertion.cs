using System.Security.Cryptography;

namespace Countersign.WebAuthn;

/// <summary>An answer with a credential, as the client sent it, and what is known of the credential.</summary>
public readonly ref struct AssertionInput
{
    /// <summary>The challenge that was issued, in base64url.</summary>
    public required string Challenge { get; init; }
    /// <summary><c>clientDataJSON</c>.</summary>
    public required ReadOnlySpan<byte> ClientData { get; init; }
    /// <summary><c>authenticatorData</c>.</summary>
    public required ReadOnlyMemory<byte> AuthenticatorData { get; init; }
    /// <summary>The signature.</summary>
    public required ReadOnlySpan<byte> Signature { get; init; }
    /// <summary>The RP id that the credential is scoped to, or the app id of a key that was enrolled by U2F.</summary>
    public required string RpId { get; init; }
    /// <summary>The signature counter that was seen last.</summary>
    public required uint SignCount { get; init; }
    /// <summary>Whether the credential can be backed up; null when that is not known.</summary>
    public required bool? IsBackupEligible { get; init; }
}

/// <summary>What was found of an assertion.</summary>
/// <param name="Fault">Why it is refused; <see cref="WebAuthnFault.None"/> when it is not.</param>
/// <param name="SignCount">The signature counter to keep: it never goes back.</param>
/// <param name="Flags">The flags.</param>
/// <param name="IsPossibleClone">Whether the counter did not grow, which was accepted.</param>
public readonly record struct AssertionVerdict(WebAuthnFault Fault, uint SignCount, AuthenticatorFlags Flags, bool IsPossibleClone);

/// <summary>Verifies an assertion: the relying party's part of WebAuthn L3 §7.2, in its order. Steps 5 and 6 (whose credential it is) are the factor's.</summary>
public static class Assertion
{
    /// <summary>Verifies an assertion.</summary>
    public static AssertionVerdict Verify(in AssertionInput input, CredentialPublicKey key, RelyingParty party)
    {
        // Steps 8 and 9: the client data.
        if (!ClientData.TryParse(input.ClientData, out var client)) return Refuse(WebAuthnFault.ClientDataMalformed);
        // Step 10.
        if (client.Type != "webauthn.get") return Refuse(WebAuthnFault.Type);
        // Step 11.
        if (client.Challenge != input.Challenge) return Refuse(WebAuthnFault.Challenge);
        // Steps 12 to 14.
        if (party.CheckOrigin(client) is var origin and not WebAuthnFault.None) return Refuse(origin);
        if (!AuthenticatorData.TryParse(input.AuthenticatorData, out var data)) return Refuse(WebAuthnFault.AuthenticatorDataMalformed);
        // Step 15. A credential is good for the RP id that it was made for alone.
        if (!IsHashOf(data.RpIdHash, input.RpId, party)) return Refuse(WebAuthnFault.RpIdHash);
        // Steps 16 and 17.
        if (party.RequiresUserPresence && !data.Flags.HasFlag(AuthenticatorFlags.UserPresent)) return Refuse(WebAuthnFault.UserNotPresent);
        if (party.RequiresUserVerification && !data.Flags.HasFlag(AuthenticatorFlags.UserVerified)) return Refuse(WebAuthnFault.UserNotVerified);
        // Steps 18 and 19.
        var isEligible = data.Flags.HasFlag(AuthenticatorFlags.BackupEligible);
        if (data.Flags.HasFlag(AuthenticatorFlags.BackedUp) && !isEligible) return Refuse(WebAuthnFault.BackupState);
        if (input.IsBackupEligible is { } was && was != isEligible) return Refuse(WebAuthnFault.BackupEligibility);
        if (data.HasCredential) return Refuse(WebAuthnFault.AttestedCredentialData);
        // Steps 21 and 22.
        if (!IsSigned(input, key)) return Refuse(WebAuthnFault.Signature);
        // Step 23. Synced passkeys always say 0, which is no counter.
        var grew = data.SignCount > input.SignCount || data.SignCount == 0 && input.SignCount == 0;
        if (!grew && !party.AcceptsPossibleClones) return Refuse(WebAuthnFault.SignCount);
        return new AssertionVerdict(WebAuthnFault.None, Math.Max(data.SignCount, input.SignCount), data.Flags, !grew);
    }

    private static bool IsSigned(in AssertionInput input, CredentialPublicKey key)
    {
        var length = input.AuthenticatorData.Length;
        Span<byte> signed = length <= 480 ? stackalloc byte[length + SHA256.HashSizeInBytes] : new byte[length + SHA256.HashSizeInBytes];
        input.AuthenticatorData.Span.CopyTo(signed);
        SHA256.HashData(input.ClientData, signed[length..]);
        return key.Verify(signed, input.Signature);
    }

    private static bool IsHashOf(ReadOnlySpan<byte> hash, string rpId, RelyingParty party)
        => party.FindRpId(hash) is { } known ? known == rpId : party.AppId == rpId && hash.SequenceEqual(RelyingParty.Hash(rpId));

    private static AssertionVerdict Refuse(WebAuthnFault fault) => new(fault, 0, 0, false);
}
