using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Countersign.WebAuthn.Attestation;

/// <summary>Apple's anonymous format (WebAuthn L3 §8.8).</summary>
internal sealed class AppleAttestation : AttestationFormat
{
    private const string NonceExtension = "1.2.840.113635.100.8.2";

    public override string Name => "apple";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement.Open() is not { } path) return Fault(WebAuthnFault.AttestationMalformed);
        if (path[0].Extensions[NonceExtension] is not { } extension) return Fault(WebAuthnFault.AttestationCertificate);
        if (!ReadNonce(extension.RawData).AsSpan().SequenceEqual(SHA256.HashData(input.Signed))) return Fault(WebAuthnFault.AttestationContent);
        return input.Key.IsKeyOf(path[0].PublicKey) ? Certified(path) : Fault(WebAuthnFault.AttestationContent);
    }

    private static byte[] ReadNonce(ReadOnlyMemory<byte> extension)
        => new AsnReader(extension, AsnEncodingRules.DER).ReadSequence().ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true)).ReadOctetString();
}
