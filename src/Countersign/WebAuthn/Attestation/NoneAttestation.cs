namespace Countersign.WebAuthn.Attestation;

/// <summary>No attestation (WebAuthn L3 §8.7).</summary>
internal sealed class NoneAttestation : AttestationFormat
{
    public override string Name => "none";

    private protected override AttestationVerdict Check(in AttestationInput input)
        => input.Statement.Count == 0 ? new(WebAuthnFault.None, AttestationType.None, []) : Fault(WebAuthnFault.AttestationMalformed);
}
