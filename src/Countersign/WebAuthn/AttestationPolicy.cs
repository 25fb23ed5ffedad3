using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.WebAuthn.Attestation;
using Countersign.WebAuthn.Metadata;

namespace Countersign.WebAuthn;

/// <summary>Which attestations, and so which models of authenticators, are accepted (WebAuthn L3 §7.1 steps 21 to 24).</summary>
public sealed record AttestationPolicy
{
    private static readonly AttestationFormat[] Usual =
        [new NoneAttestation(), new PackedAttestation(), new FidoU2fAttestation(), new TpmAttestation(), new AndroidKeyAttestation(), new AppleAttestation()];

    /// <summary>Whether an attestation must lead to a trusted root; when not, none and any are as good.</summary>
    public bool RequiresTrust { get; init; }
    /// <summary>The only models that are accepted; empty: any. Without trust anybody could name them, so this requires it.</summary>
    public IReadOnlySet<Guid> AllowedModels { get; init; } = new HashSet<Guid>();
    /// <summary>Models that are not accepted.</summary>
    public IReadOnlySet<Guid> DeniedModels { get; init; } = new HashSet<Guid>();
    /// <summary>Roots that attestations may lead to, beside those of the metadata.</summary>
    public X509Certificate2Collection Roots { get; init; } = [];
    /// <summary>What the FIDO Metadata Service says; null when there is none.</summary>
    public MetadataBlob? Metadata { get; init; }
    /// <summary>Whether the legacy format <c>android-safetynet</c> is accepted.</summary>
    public bool AllowsSafetyNet { get; init; }

    /// <summary>The format of this name; null for one that is not known or not accepted.</summary>
    public AttestationFormat? Format(string name)
    {
        foreach (var format in Usual)
            if (format.Name == name) return format;
        return AllowsSafetyNet && name == "android-safetynet" ? new SafetyNetAttestation() : null;
    }

    /// <summary>Judges an attestation that is in order.</summary>
    /// <param name="aaguid">The model that it is about; zeros for U2F keys.</param>
    /// <param name="verdict">What its format's procedure found.</param>
    /// <param name="now">The time.</param>
    public AttestationTrust Judge(Guid aaguid, in AttestationVerdict verdict, DateTimeOffset now)
    {
        try
        {
            return JudgePath(aaguid, verdict, now);
        }
        catch (CryptographicException)
        {
            return new(WebAuthnFault.AttestationCertificate, false, null);   // a piece of it cannot be read
        }
    }

    private AttestationTrust JudgePath(Guid aaguid, in AttestationVerdict verdict, DateTimeOffset now)
    {
        var entry = aaguid != Guid.Empty ? Metadata?.Find(aaguid) : verdict.TrustPath.Count > 0 ? Metadata?.Find(verdict.TrustPath[0]) : null;
        if (DeniedModels.Contains(aaguid)) return new(WebAuthnFault.AuthenticatorNotAllowed, false, entry);
        if (entry is { IsCompromised: true }) return new(WebAuthnFault.AuthenticatorCompromised, false, entry);
        X509Certificate2Collection roots = [.. Roots];
        if (entry is not null) foreach (var root in entry.Roots) roots.Add(root);
        var isTrusted = verdict.Type == AttestationType.Certified && TrustPaths.LeadsTo(verdict.TrustPath, roots, now);
        if (!isTrusted && (RequiresTrust || AllowedModels.Count > 0)) return new(WebAuthnFault.AttestationUntrusted, false, entry);
        return new(AllowedModels.Count > 0 && !AllowedModels.Contains(aaguid) ? WebAuthnFault.AuthenticatorNotAllowed : WebAuthnFault.None, isTrusted, entry);
    }
}

/// <summary>What the policy says to an attestation.</summary>
/// <param name="Fault">Why it is not accepted; <see cref="WebAuthnFault.None"/> when it is.</param>
/// <param name="IsTrusted">Whether it leads to a trusted root.</param>
/// <param name="Entry">What the metadata service knows of the model; null for nothing.</param>
public readonly record struct AttestationTrust(WebAuthnFault Fault, bool IsTrusted, MetadataEntry? Entry);
