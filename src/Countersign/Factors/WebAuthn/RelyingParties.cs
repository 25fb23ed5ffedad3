using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Settings;
using Countersign.WebAuthn;
using Countersign.WebAuthn.Metadata;

namespace Countersign.Factors.WebAuthn;

/// <summary>Makes the relying party of the settings, with the files that they name.</summary>
public static class RelyingParties
{
    private const int LargestFile = 64 * 1024 * 1024;

    /// <summary>The relying party.</summary>
    /// <exception cref="SettingsException">A setting or file is not what it must be.</exception>
    public static RelyingParty Make(WebAuthnSettings settings, DateTimeOffset now)
    {
        string[] origins = settings.Origins.Length > 0 ? settings.Origins : settings.PublicUrl is { } url ? [url.GetLeftPart(UriPartial.Authority)] : [];
        foreach (var (key, origin) in All(("Origins", origins), ("RelatedOrigins", settings.RelatedOrigins), ("TopOrigins", [.. settings.TopOrigins.Where(origin => origin != "*")]))) CheckOrigin(key, origin);
        // A public address without a name is good for everything but keys, which nobody can use then.
        string[] rpIds = settings.RpIds.Length > 0 ? settings.RpIds : origins.Length > 0 ? [.. origins.Select(HostOf).OfType<string>().Where(IsName).Distinct()] : ["localhost"];
        foreach (var rpId in rpIds)
            if (!IsName(rpId)) throw Wrong("RpIds", $"found '{rpId}', allowed are host names in lower case, for example example.com");
        foreach (var origin in settings.Origins)
            if (HostOf(origin) is { } host && !rpIds.Any(rpId => host == rpId || host.EndsWith("." + rpId, StringComparison.Ordinal)))
                throw Wrong("Origins", $"found '{origin}', allowed are origins on one of the hosts of RpIds ({string.Join(", ", rpIds)}) or below it; others belong into RelatedOrigins");
        return new RelyingParty
        {
            RpIds = rpIds,
            Origins = ImmutableHashSet.Create<string>(StringComparer.Ordinal, [.. origins, .. settings.RelatedOrigins]),
            AllowsLocalhost = origins.Length == 0,
            TopOrigins = settings.TopOrigins.Length == 0 ? null : settings.TopOrigins.Contains("*") ? ImmutableHashSet<string>.Empty : ImmutableHashSet.Create(StringComparer.Ordinal, settings.TopOrigins),
            AppId = settings.AppId ?? origins.FirstOrDefault() ?? "http://localhost",
            RequiresUserPresence = settings.RequireUserPresence,
            RequiresUserVerification = settings.UserVerification == "required",
            AcceptsPossibleClones = settings.AcceptPossibleClones,
            Attestation = new AttestationPolicy
            {
                RequiresTrust = settings.RequireTrustedAttestation,
                AllowedModels = Models("AllowedAaguids", settings.AllowedAaguids),
                DeniedModels = Models("DeniedAaguids", settings.DeniedAaguids),
                Roots = settings.AttestationRootsFile is { } roots ? ReadCertificates("AttestationRootsFile", roots) : [],
                Metadata = settings.MetadataFile is { } metadata ? ReadMetadata(metadata, settings.MetadataRootFile, now) : null,
                AllowsSafetyNet = settings.AllowSafetyNet,
            },
        };
    }

    private static IEnumerable<(string Key, string Origin)> All(params (string Key, string[] Origins)[] lists) => lists.SelectMany(list => list.Origins.Select(origin => (list.Key, origin)));

    private static void CheckOrigin(string key, string origin)
    {
        // An app's origin is compared as it is (§13.4.9).
        var isApp = origin.StartsWith("android:apk-key-hash:", StringComparison.Ordinal) || origin.StartsWith("ios:bundle-id:", StringComparison.Ordinal);
        if (!isApp && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin || uri.Scheme is not ("http" or "https")))
            throw Wrong(key, $"found '{origin}', allowed are origins as a browser writes them, for example https://login.example.com or https://login.example.com:8443, without a path, and those of apps (android:apk-key-hash:…)");
    }

    private static bool IsName(string host) => Uri.CheckHostName(host) == UriHostNameType.Dns && !host.Any(char.IsAsciiLetterUpper);

    private static string? HostOf(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new Uri(origin).Host : null;

    private static HashSet<Guid> Models(string key, string[] aaguids)
        => aaguids.Select(text => Guid.TryParseExact(text, "D", out var aaguid) ? aaguid : throw Wrong(key, $"found '{text}', allowed are AAGUIDs, for example 2fc0579f-8113-47ea-b116-bb5a8db9202a")).ToHashSet();

    private static MetadataBlob ReadMetadata(string file, string? rootFile, DateTimeOffset now)
    {
        var roots = rootFile is not null ? ReadCertificates("MetadataRootFile", rootFile) : throw Wrong("MetadataRootFile", "found nothing, needed with MetadataFile: the root that its signature must lead to");
        try
        {
            return MetadataBlob.Read(ReadFile("MetadataFile", file), roots, now);
        }
        catch (FormatException exception)
        {
            throw Wrong("MetadataFile", $"the file '{file}' cannot be relied on: {exception.Message}", exception);
        }
    }

    private static X509Certificate2Collection ReadCertificates(string key, string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(System.Text.Encoding.ASCII.GetString(ReadFile(key, file)));
        }
        catch (CryptographicException exception)
        {
            throw Wrong(key, $"the file '{file}' is not one of certificates in PEM: {exception.Message}", exception);
        }
        return certificates.Count > 0 ? certificates : throw Wrong(key, $"the file '{file}' holds no certificate in PEM");
    }

    private static byte[] ReadFile(string key, string file)
    {
        try
        {
            return new FileInfo(file).Length <= LargestFile ? File.ReadAllBytes(file) : throw Wrong(key, $"the file '{file}' is larger than {LargestFile} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(key, $"the file '{file}' cannot be read: {exception.Message}", exception);
        }
    }

    private static SettingsException Wrong(string key, string what, Exception? inner = null) => new($"{WebAuthnSettings.Section}:{key}: {what}", inner);
}
