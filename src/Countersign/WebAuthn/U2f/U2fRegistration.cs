using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.WebAuthn.Attestation;

namespace Countersign.WebAuthn.U2f;

/// <summary>A key that was registered by U2F.</summary>
/// <param name="KeyHandle">Its handle: what WebAuthn calls the credential id.</param>
/// <param name="PublicKey">Its point on P-256, uncompressed.</param>
public sealed record RegisteredU2fKey(ReadOnlyMemory<byte> KeyHandle, ReadOnlyMemory<byte> PublicKey);

/// <summary>Registers a key by U2F (FIDO U2F raw message formats v1.2 §4.3).</summary>
public static class U2fRegistration
{
    /// <summary>The longest registration that is read, in bytes.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The type of the client data of registrations.</summary>
    public const string Type = "navigator.id.finishEnrollment";

    private const byte Reserved = 5;
    private const int PublicKeyLength = 65, HeaderLength = 1 + PublicKeyLength + 1;

    /// <summary>Verifies a registration.</summary>
    /// <param name="nonce">The nonce that was issued.</param>
    /// <param name="clientData">The client data.</param>
    /// <param name="registration">The registration message.</param>
    /// <param name="party">The relying party; its app id is what the key is bound to.</param>
    /// <param name="now">The time.</param>
    public static (WebAuthnFault Fault, RegisteredU2fKey? Key) Verify(string nonce, ReadOnlySpan<byte> clientData, ReadOnlyMemory<byte> registration, RelyingParty party, DateTimeOffset now)
    {
        if (U2fClientData.Check(clientData, Type, nonce, party) is var fault and not WebAuthnFault.None) return (fault, null);
        if (!TryParse(registration, out var publicKey, out var handle, out var certificate, out var signature)) return (WebAuthnFault.U2fMessageMalformed, null);
        if (handle.Length is 0 or > AuthenticatorData.MaxCredentialIdLength) return (WebAuthnFault.CredentialId, null);
        using var key = Open(publicKey.Span);
        if (key is null) return (WebAuthnFault.PublicKey, null);
        using (certificate)
        {
            if (!FidoU2fAttestation.IsP256(certificate!)) return (WebAuthnFault.AttestationCertificate, null);
            byte[] signed = [0, .. RelyingParty.Hash(party.AppId ?? ""), .. SHA256.HashData(clientData), .. handle.Span, .. publicKey.Span];
            if (!certificate!.Verify((long)CoseAlgorithm.ES256, signed, signature.Span)) return (WebAuthnFault.AttestationSignature, null);
            var trust = party.Attestation.Judge(Guid.Empty, new AttestationVerdict(WebAuthnFault.None, AttestationType.Certified, [certificate!]), now);
            return trust.Fault != WebAuthnFault.None ? (trust.Fault, null) : (WebAuthnFault.None, new RegisteredU2fKey(handle, publicKey));
        }
    }

    /// <summary>A point as a key; null when it is none of P-256.</summary>
    internal static CredentialPublicKey? Open(ReadOnlySpan<byte> point)
    {
        try
        {
            return EllipticKey.TryMake(point);
        }
        catch (CryptographicException)
        {
            return null;   // off the curve
        }
    }

    private static bool TryParse(
        ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> publicKey, out ReadOnlyMemory<byte> handle, out X509Certificate2? certificate, out ReadOnlyMemory<byte> signature)
    {
        (publicKey, handle, certificate, signature) = (default, default, null, default);
        if (message.Length is < HeaderLength or > MaxLength || message.Span[0] != Reserved) return false;
        publicKey = message.Slice(1, PublicKeyLength);
        var handleLength = message.Span[HeaderLength - 1];
        if (message.Length < HeaderLength + handleLength) return false;
        handle = message.Slice(HeaderLength, handleLength);
        var rest = message[(HeaderLength + handleLength)..];
        try
        {
            AsnDecoder.ReadEncodedValue(rest.Span, AsnEncodingRules.DER, out _, out _, out var length);
            signature = rest[length..];
            certificate = X509CertificateLoader.LoadCertificate(rest.Span[..length]);
            return true;
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>What U2F's client data must say (FIDO U2F raw message formats v1.2 §7).</summary>
internal static class U2fClientData
{
    public static WebAuthnFault Check(ReadOnlySpan<byte> json, string type, string nonce, RelyingParty party)
        => !ClientData.TryParse(json, out var client) ? WebAuthnFault.ClientDataMalformed
            : client.Type != type ? WebAuthnFault.Type
            : client.Challenge != nonce ? WebAuthnFault.Challenge
            : party.CheckOrigin(client);
}
