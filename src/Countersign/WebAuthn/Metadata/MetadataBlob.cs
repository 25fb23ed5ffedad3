using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Countersign.WebAuthn.Metadata;

/// <summary>What the FIDO Metadata Service knows of one model of authenticators (FIDO MDS v3.1 §3.1.3).</summary>
/// <param name="Description">The model's name, for example <c>YubiKey 5 Series with NFC</c>; null when it has none.</param>
/// <param name="Roots">The certificates that its attestations lead to; an attestation's own may be among them.</param>
/// <param name="Statuses">Every status that was reported of it.</param>
public sealed record MetadataEntry(string? Description, IReadOnlyList<X509Certificate2> Roots, IReadOnlyList<string> Statuses)
{
    private static readonly string[] Compromised =
        ["USER_VERIFICATION_BYPASS", "ATTESTATION_KEY_COMPROMISE", "USER_KEY_REMOTE_COMPROMISE", "USER_KEY_PHYSICAL_COMPROMISE", "REVOKED"];

    /// <summary>Whether a report says that its keys cannot be relied on (§3.1.4).</summary>
    public bool IsCompromised => Statuses.Any(Compromised.Contains);
}

/// <summary>A signed file of the FIDO Metadata Service, verified (FIDO MDS v3.1 §3.1.7).</summary>
public sealed class MetadataBlob
{
    private readonly Dictionary<Guid, MetadataEntry> _byModel = [];
    private readonly Dictionary<string, MetadataEntry> _byKey = new(StringComparer.OrdinalIgnoreCase);

    private MetadataBlob(int number, DateOnly nextUpdate) => (Number, NextUpdate) = (number, nextUpdate);

    /// <summary>Its serial number.</summary>
    public int Number { get; }
    /// <summary>When a newer one is due.</summary>
    public DateOnly NextUpdate { get; }
    /// <summary>How many models it knows.</summary>
    public int Count => _byModel.Count + _byKey.Values.Distinct().Count();

    /// <summary>The model of this AAGUID; null when it is not known.</summary>
    public MetadataEntry? Find(Guid aaguid) => _byModel.GetValueOrDefault(aaguid);

    /// <summary>The model whose attestation certificate has this key, for U2F keys, which have no AAGUID; null when it is not known.</summary>
    public MetadataEntry? Find(X509Certificate2 attestation)
        => _byKey.Count == 0 ? null : _byKey.GetValueOrDefault(new X509SubjectKeyIdentifierExtension(attestation.PublicKey, critical: false).SubjectKeyIdentifier ?? "");

    /// <summary>Verifies a blob and reads it.</summary>
    /// <param name="jws">The file: a JWS in compact form.</param>
    /// <param name="roots">What its signature must lead to.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FormatException">It is not signed by whom it must be, or not a blob; the message says which.</exception>
    public static MetadataBlob Read(ReadOnlySpan<byte> jws, X509Certificate2Collection roots, DateTimeOffset now)
    {
        var signed = SignedJson.TryParse(jws.TrimEnd(" \r\n"u8)) ?? throw new FormatException("it is not a signed metadata blob (a JWS with x5c)");
        if (!signed.IsSigned) throw new FormatException("its signature is wrong");
        if (!TrustPaths.LeadsTo(signed.Certificates, roots, now)) throw new FormatException("the certificate that it is signed with does not lead to the metadata root");
        try
        {
            using var payload = JsonDocument.Parse(signed.Payload);
            var blob = new MetadataBlob(payload.RootElement.GetProperty("no").GetInt32(),
                DateOnly.ParseExact(payload.RootElement.GetProperty("nextUpdate").GetString() ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture));
            foreach (var entry in payload.RootElement.GetProperty("entries").EnumerateArray()) blob.Add(entry);
            return blob;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or CryptographicException)
        {
            throw new FormatException($"it is not a metadata blob: {exception.Message}", exception);
        }
    }

    private void Add(JsonElement entry)
    {
        string? description = null;
        List<X509Certificate2> roots = [];
        if (entry.TryGetProperty("metadataStatement", out var statement))
        {
            if (statement.TryGetProperty("description", out var text)) description = text.GetString();
            if (statement.TryGetProperty("attestationRootCertificates", out var certificates))
                foreach (var certificate in certificates.EnumerateArray()) roots.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate.GetString() ?? "")));
        }
        var statuses = entry.TryGetProperty("statusReports", out var reports) ? reports.EnumerateArray().Select(report => report.GetProperty("status").GetString() ?? "").ToList() : [];
        var read = new MetadataEntry(description, roots, statuses);
        if (entry.TryGetProperty("aaguid", out var aaguid) && Guid.TryParse(aaguid.GetString(), out var model)) _byModel[model] = read;
        if (entry.TryGetProperty("attestationCertificateKeyIdentifiers", out var keys))
            foreach (var key in keys.EnumerateArray()) _byKey[key.GetString() ?? ""] = read;
    }
}
