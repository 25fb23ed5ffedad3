using System.Formats.Asn1;

namespace Countersign.WebAuthn.Attestation;

/// <summary>The format of Android's key store (WebAuthn L3 §8.4).</summary>
internal sealed class AndroidKeyAttestation : AttestationFormat
{
    private const string KeyDescription = "1.3.6.1.4.1.11129.2.1.17";
    private const int Purpose = 1, AllApplications = 600, Origin = 702;
    private const int PurposeSign = 2, OriginGenerated = 0;

    public override string Name => "android-key";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement is not { Algorithm: { } algorithm, Signature: { } signature } || input.Statement.Open() is not { } path) return Fault(WebAuthnFault.AttestationMalformed);
        if (!path[0].Verify(algorithm, input.Signed, signature)) return Fault(WebAuthnFault.AttestationSignature);
        if (!input.Key.IsKeyOf(path[0].PublicKey)) return Fault(WebAuthnFault.AttestationContent);
        if (path[0].Extensions[KeyDescription] is not { } extension) return Fault(WebAuthnFault.AttestationCertificate);
        return Check(extension.RawData, input.ClientDataHash.Span) is var fault and not WebAuthnFault.None ? Fault(fault) : Certified(path);
    }

    /// <summary>The extension's challenge and what the key may be used for (§8.4.1).</summary>
    private static WebAuthnFault Check(ReadOnlyMemory<byte> extension, ReadOnlySpan<byte> clientDataHash)
    {
        var description = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        description.ReadInteger();          // attestationVersion
        description.ReadEncodedValue();     // attestationSecurityLevel
        description.ReadInteger();          // keymasterVersion
        description.ReadEncodedValue();     // keymasterSecurityLevel
        if (!description.ReadOctetString().AsSpan().SequenceEqual(clientDataHash)) return WebAuthnFault.AttestationContent;
        description.ReadOctetString();      // uniqueId
        // What the lists say must be right. The specification's own test vector has empty lists, so that what they do not say is no fault.
        bool? signs = null, isGenerated = null;
        for (var list = 0; list < 2; list++)   // softwareEnforced, teeEnforced
        {
            var entries = description.ReadSequence();
            while (entries.HasData)
            {
                var tag = entries.PeekTag();
                if (tag.TagClass != TagClass.ContextSpecific) return WebAuthnFault.AttestationCertificate;
                var entry = entries.ReadSequence(tag);
                switch (tag.TagValue)
                {
                    // The key would be bound to no application.
                    case AllApplications: return WebAuthnFault.AttestationCertificate;
                    case Purpose:
                        var purposes = entry.ReadSetOf(skipSortOrderValidation: true);
                        while (purposes.HasData) signs = purposes.ReadInteger() == PurposeSign || signs == true;
                        break;
                    case Origin: isGenerated = entry.ReadInteger() == OriginGenerated && isGenerated != false; break;
                }
            }
        }
        return signs == false || isGenerated == false ? WebAuthnFault.AttestationCertificate : WebAuthnFault.None;
    }
}
