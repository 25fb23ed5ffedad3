using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Attestation;

/// <summary>The format of most security keys (WebAuthn L3 §8.2).</summary>
internal sealed class PackedAttestation : AttestationFormat
{
    private const string Country = "2.5.4.6", Organization = "2.5.4.10", Unit = "2.5.4.11", CommonName = "2.5.4.3";

    public override string Name => "packed";

    private protected override AttestationVerdict Check(in AttestationInput input)
    {
        if (input.Statement is not { Algorithm: { } algorithm, Signature: { } signature }) return Fault(WebAuthnFault.AttestationMalformed);
        if (input.Statement.Certificates is null)
        {
            // Self attestation.
            if (algorithm != (long)input.Key.AlgorithmName) return Fault(WebAuthnFault.Algorithm);
            return input.Key.Verify(input.Signed, signature) ? new(WebAuthnFault.None, AttestationType.Self, []) : Fault(WebAuthnFault.AttestationSignature);
        }
        if (input.Statement.Open() is not { } path) return Fault(WebAuthnFault.AttestationMalformed);
        if (!path[0].Verify(algorithm, input.Signed, signature)) return Fault(WebAuthnFault.AttestationSignature);
        if (!MeetsRequirements(path[0])) return Fault(WebAuthnFault.AttestationCertificate);
        return path[0].IsForModel(input.Data.Aaguid) ? Certified(path) : Fault(WebAuthnFault.Aaguid);
    }

    /// <summary>§8.2.1.</summary>
    private static bool MeetsRequirements(X509Certificate2 certificate)
    {
        if (certificate.Version != 3 || !certificate.IsLeaf()) return false;
        string? country = null, organization = null, unit = null, name = null;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            switch (part.GetSingleElementType().Value)
            {
                case Country: country = part.GetSingleElementValue(); break;
                case Organization: organization = part.GetSingleElementValue(); break;
                case Unit: unit = part.GetSingleElementValue(); break;
                case CommonName: name = part.GetSingleElementValue(); break;
            }
        }
        return country is { Length: 2 } && !string.IsNullOrEmpty(organization) && unit == "Authenticator Attestation" && !string.IsNullOrEmpty(name);
    }
}
