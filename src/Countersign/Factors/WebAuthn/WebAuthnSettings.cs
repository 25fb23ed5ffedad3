using Countersign.Settings;

namespace Countersign.Factors.WebAuthn;

/// <summary>The relying party of <c>webauthn</c> and <c>u2f</c> factors, and what is accepted. Section <c>Countersign:WebAuthn</c>.</summary>
public sealed class WebAuthnSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:WebAuthn";

    /// <summary><c>Countersign:PublicUrl</c>: its origin counts when none is set here.</summary>
    [Setting(Key = "Countersign:PublicUrl")]
    public Uri? PublicUrl { get; set; }
    /// <summary>The origins of the pages or apps that enroll and use keys, for example <c>https://login.example.com</c> or <c>android:apk-key-hash:…</c>. Default: that of <c>Countersign:PublicUrl</c>; without it, <c>http://localhost</c> on any port.</summary>
    [Setting(1, 300)]
    public string[] Origins { get; set; } = [];
    /// <summary>The RP ids that keys may be made for, for example <c>example.com</c>; the first is told to clients. Default: the hosts of the origins, and nothing is told: the page's own host counts.</summary>
    [Setting(1, 253)]
    public string[] RpIds { get; set; } = [];
    /// <summary>Origins of other domains that may use these RP ids too (WebAuthn L3 §5.11); served at <c>/.well-known/webauthn</c>. Default none.</summary>
    [Setting(1, 300)]
    public string[] RelatedOrigins { get; set; } = [];
    /// <summary>Origins of pages that may show those pages in a frame; <c>*</c>: any. Default none: no frames.</summary>
    [Setting(1, 300)]
    public string[] TopOrigins { get; set; } = [];
    /// <summary>The app id of keys that were enrolled by U2F, for example <c>https://login.example.com</c>. Default: the first origin.</summary>
    [Setting(1, 300)]
    public string? AppId { get; set; }

    /// <summary>What is asked of authenticators (<c>attestation</c>): <c>none</c>, <c>indirect</c>, <c>direct</c>, <c>enterprise</c>. Default <c>direct</c>.</summary>
    [Setting(Allowed = ["none", "indirect", "direct", "enterprise"])]
    public string Attestation { get; set; } = "direct";
    /// <summary>Whether the authenticator verifies the user: <c>required</c>, <c>preferred</c>, <c>discouraged</c>. Default <c>preferred</c>.</summary>
    [Setting(Allowed = ["required", "preferred", "discouraged"])]
    public string UserVerification { get; set; } = "preferred";
    /// <summary>Whether keys can be found without their id (passkeys): <c>required</c>, <c>preferred</c>, <c>discouraged</c>. Default <c>discouraged</c>.</summary>
    [Setting(Allowed = ["required", "preferred", "discouraged"])]
    public string ResidentKey { get; set; } = "discouraged";
    /// <summary>Whether somebody must touch the authenticator. Default <c>true</c>.</summary>
    public bool RequireUserPresence { get; set; } = true;
    /// <summary>Whether a signature counter that did not grow is accepted and only logged. Default <c>false</c>: it is refused, because the key may have been cloned.</summary>
    public bool AcceptPossibleClones { get; set; }
    /// <summary>How long a challenge holds. Default 5 minutes; 10 seconds to 1 hour.</summary>
    [Setting(10, 3_600)]
    public TimeSpan ChallengeLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether only attestations that lead to a trusted root are accepted. Default <c>false</c>.</summary>
    public bool RequireTrustedAttestation { get; set; }
    /// <summary>The only models of authenticators that are accepted, by AAGUID; requires trusted attestations. Default: any.</summary>
    [Setting(36, 36)]
    public string[] AllowedAaguids { get; set; } = [];
    /// <summary>Models that are not accepted, by AAGUID. Default none.</summary>
    [Setting(36, 36)]
    public string[] DeniedAaguids { get; set; } = [];
    /// <summary>A PEM file with the roots that attestations may lead to. Default none.</summary>
    [Setting(1, 4_096)]
    public string? AttestationRootsFile { get; set; }
    /// <summary>A file of the FIDO Metadata Service (the signed blob), for the names, roots and status of models. Default none.</summary>
    [Setting(1, 4_096)]
    public string? MetadataFile { get; set; }
    /// <summary>A PEM file with the root that the metadata's signature must lead to. Needed with <see cref="MetadataFile"/>.</summary>
    [Setting(1, 4_096)]
    public string? MetadataRootFile { get; set; }
    /// <summary>Whether the legacy attestation format <c>android-safetynet</c> is accepted. Default <c>false</c>.</summary>
    public bool AllowSafetyNet { get; set; }
}
