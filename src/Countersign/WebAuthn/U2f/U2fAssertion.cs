using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.WebAuthn.U2f;

/// <summary>Verifies an answer of a U2F key (FIDO U2F raw message formats v1.2 §5.4).</summary>
public static class U2fAssertion
{
    /// <summary>The type of the client data of answers.</summary>
    public const string Type = "navigator.id.getAssertion";

    private const int HeaderLength = 1 + 4;
    private const byte UserPresent = 1;

    /// <summary>Verifies an answer.</summary>
    /// <param name="nonce">The nonce that was issued.</param>
    /// <param name="clientData">The client data.</param>
    /// <param name="message">User presence, counter and signature.</param>
    /// <param name="key">The key.</param>
    /// <param name="signCount">The counter that was seen last.</param>
    /// <param name="party">The relying party.</param>
    public static AssertionVerdict Verify(string nonce, ReadOnlySpan<byte> clientData, ReadOnlySpan<byte> message, CredentialPublicKey key, uint signCount, RelyingParty party)
    {
        if (U2fClientData.Check(clientData, Type, nonce, party) is var fault and not WebAuthnFault.None) return new(fault, 0, 0, false);
        if (message.Length <= HeaderLength || message.Length > U2fRegistration.MaxLength) return new(WebAuthnFault.U2fMessageMalformed, 0, 0, false);
        if (party.RequiresUserPresence && (message[0] & UserPresent) == 0) return new(WebAuthnFault.UserNotPresent, 0, 0, false);
        byte[] signed = [.. RelyingParty.Hash(party.AppId ?? ""), .. message[..HeaderLength], .. SHA256.HashData(clientData)];
        if (!key.Verify(signed, message[HeaderLength..])) return new(WebAuthnFault.Signature, 0, 0, false);
        var counter = BinaryPrimitives.ReadUInt32BigEndian(message[1..]);
        var grew = counter > signCount || counter == 0 && signCount == 0;
        return grew || party.AcceptsPossibleClones
            ? new(WebAuthnFault.None, Math.Max(counter, signCount), AuthenticatorFlags.UserPresent, !grew)
            : new(WebAuthnFault.SignCount, 0, 0, false);
    }
}
