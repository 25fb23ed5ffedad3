using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Metadata;

/// <summary>Chains of certificates to roots of our own choosing; nothing is fetched.</summary>
internal static class TrustPaths
{
    /// <summary>Whether the first certificate leads to one of the roots, or is one of them.</summary>
    public static bool LeadsTo(IReadOnlyList<X509Certificate2> path, X509Certificate2Collection roots, DateTimeOffset now)
    {
        if (path.Count == 0 || roots.Count == 0) return false;
        var leaf = path[0];
        // The metadata service names the certificates of some authenticators themselves.
        if (roots.Any(root => root.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))) return leaf.NotBefore <= now && now <= leaf.NotAfter;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        foreach (var intermediate in path.Skip(1)) chain.ChainPolicy.ExtraStore.Add(intermediate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return chain.Build(leaf);
    }
}
