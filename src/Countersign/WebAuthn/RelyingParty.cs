using System.Security.Cryptography;
using System.Text;

namespace Countersign.WebAuthn;

/// <summary>What is accepted of clients and authenticators: the relying party and its policy.</summary>
public sealed record RelyingParty
{
    private readonly IReadOnlyList<string> _rpIds = [];
    private readonly List<byte[]> _rpIdHashes = [];

    /// <summary>The RP ids that credentials may be scoped to, for example <c>example.com</c>.</summary>
    public required IReadOnlyList<string> RpIds
    {
        get => _rpIds;
        init
        {
            _rpIds = value;
            _rpIdHashes = [.. value.Select(Hash)];
        }
    }

    /// <summary>The origins of the pages (or apps) that may use them, for example <c>https://login.example.com</c>.</summary>
    public required IReadOnlySet<string> Origins { get; init; }
    /// <summary>Whether pages of <c>http://localhost</c> on any port may, for trying out.</summary>
    public bool AllowsLocalhost { get; init; }
    /// <summary>The origins of pages that may frame those pages; null: none may, empty: any may.</summary>
    public IReadOnlySet<string>? TopOrigins { get; init; }
    /// <summary>The app id of keys that were enrolled by U2F; null for none.</summary>
    public string? AppId { get; init; }
    /// <summary>Whether somebody must be present (UP).</summary>
    public bool RequiresUserPresence { get; init; } = true;
    /// <summary>Whether the authenticator must verify the user (UV).</summary>
    public bool RequiresUserVerification { get; init; }
    /// <summary>Whether a signature counter that did not grow is accepted, and only told.</summary>
    public bool AcceptsPossibleClones { get; init; }
    /// <summary>The algorithms that new credentials may have.</summary>
    public IReadOnlyList<CoseAlgorithm> Algorithms { get; init; } =
        [CoseAlgorithm.ES256, CoseAlgorithm.EdDsa, CoseAlgorithm.ES384, CoseAlgorithm.ES512, CoseAlgorithm.PS256, CoseAlgorithm.RS256];
    /// <summary>Which attestations are accepted.</summary>
    public AttestationPolicy Attestation { get; init; } = new();

    /// <summary>Whether client data comes from where it may (§7.1 steps 9 to 11, §7.2 steps 12 to 14).</summary>
    internal WebAuthnFault CheckOrigin(in ClientData client)
    {
        if (!Origins.Contains(client.Origin) && !(AllowsLocalhost && IsLocalhost(client.Origin))) return WebAuthnFault.Origin;
        if (!client.CrossOrigin && client.TopOrigin is null) return WebAuthnFault.None;
        if (TopOrigins is null) return WebAuthnFault.CrossOrigin;
        return client.TopOrigin is null || TopOrigins.Count == 0 || TopOrigins.Contains(client.TopOrigin) ? WebAuthnFault.None : WebAuthnFault.TopOrigin;
    }

    /// <summary>The RP id with this hash; null when it is none of ours.</summary>
    internal string? FindRpId(ReadOnlySpan<byte> hash)
    {
        for (var i = 0; i < _rpIdHashes.Count; i++)
            if (hash.SequenceEqual(_rpIdHashes[i])) return _rpIds[i];
        return null;
    }

    /// <summary>SHA-256 of an RP id or app id.</summary>
    internal static byte[] Hash(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    private static bool IsLocalhost(string origin)
        => origin == "http://localhost" || origin.StartsWith("http://localhost:", StringComparison.Ordinal) && ushort.TryParse(origin.AsSpan("http://localhost:".Length), out _);
}
