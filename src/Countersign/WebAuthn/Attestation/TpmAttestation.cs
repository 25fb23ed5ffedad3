using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Attestation;

/// <summary>The format of Trusted Platform Modules (WebAuthn L3 §8.3; TPM 2.0 Library part 2).</summary>
internal sealed class TpmAttestation : AttestationFormat
{
    private const string AttestationKeyUsage = "2.23.133.8.3", SubjectAlternativeName = "2.5.29.17";
    private const string Manufacturer = "2.23.133.2.1", Model = "2.23.133.2.2", FirmwareVersion = "2.23.133.2.3";

    public override string Name => "tpm";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement is not { Version: "2.0", Algorithm: { } algorithm, Signature: { } signature, CertInfo: { } certInfo, PubArea: { } pubArea }
            || input.Statement.Open() is not { } path
            || CertificateKeys.HashOf(algorithm) is not { } hash) return Fault(WebAuthnFault.AttestationMalformed);
        if (!TpmPublicArea.TryParse(pubArea, out var area) || !TpmCertifyInfo.TryParse(certInfo, out var certified)) return Fault(WebAuthnFault.AttestationMalformed);
        if (!area.IsAreaOf(input.Key)) return Fault(WebAuthnFault.AttestationContent);
        if (!certified.ExtraData.Span.SequenceEqual(CryptographicOperations.HashData(hash, input.Signed))) return Fault(WebAuthnFault.AttestationContent);
        if (!certified.Name.Span.SequenceEqual(area.Name(pubArea))) return Fault(WebAuthnFault.AttestationContent);
        if (!path[0].Verify(algorithm, certInfo, signature)) return Fault(WebAuthnFault.AttestationSignature);
        if (!MeetsRequirements(path[0])) return Fault(WebAuthnFault.AttestationCertificate);
        return path[0].IsForModel(input.Data.Aaguid) ? Certified(path) : Fault(WebAuthnFault.Aaguid);
    }

    /// <summary>§8.3.1.</summary>
    private static bool MeetsRequirements(X509Certificate2 certificate)
        => certificate.Version == 3
            && certificate.SubjectName.RawData.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0x30, 0x00])
            && certificate.IsLeaf()
            && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == AttestationKeyUsage))
            && NamesTpm(certificate);

    /// <summary>Whether the alternative name holds a directory name with the TPM's maker, model and version (TPMv2-EK-Profile §3.2.9).</summary>
    private static bool NamesTpm(X509Certificate2 certificate)
    {
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension) return false;
        var found = new HashSet<string>(StringComparer.Ordinal);
        var directoryName = new Asn1Tag(TagClass.ContextSpecific, 4, isConstructed: true);
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (!names.PeekTag().HasSameClassAndValue(directoryName))
            {
                names.ReadEncodedValue();
                continue;
            }
            var parts = names.ReadSequence(directoryName).ReadSequence();
            while (parts.HasData)
            {
                var values = parts.ReadSetOf(skipSortOrderValidation: true);
                while (values.HasData) found.Add(values.ReadSequence().ReadObjectIdentifier());
            }
        }
        return found.Contains(Manufacturer) && found.Contains(Model) && found.Contains(FirmwareVersion);
    }
}
