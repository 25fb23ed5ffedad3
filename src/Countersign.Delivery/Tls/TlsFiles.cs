using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Settings;

namespace Countersign.Delivery.Tls;

/// <summary>Makes the client's side of TLS from files: whom to trust, and which certificate to show.</summary>
internal static class TlsFiles
{
    /// <summary>The options of a client. The server's certificate is verified whatever is set: by the system's authorities or by those of a file alone.</summary>
    /// <param name="host">The name that the certificate must be for.</param>
    /// <param name="caFile">A PEM file with the authorities; empty for the system's.</param>
    /// <param name="certificate">The certificate to show; null for none.</param>
    /// <exception cref="SettingsException">The file cannot be read, or holds no authority.</exception>
    public static SslClientAuthenticationOptions Client(string host, string caFile, X509Certificate2? certificate)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = System.Security.Authentication.SslProtocols.None };
        if (certificate is not null) options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        if (caFile.Length == 0) return options;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        Read("CaFile", caFile, () => policy.CustomTrustStore.ImportFromPemFile(caFile));
        if (policy.CustomTrustStore.Count == 0) throw new SettingsException($"CaFile: '{caFile}' holds no certificate in PEM form");
        options.CertificateChainPolicy = policy;
        return options;
    }

    /// <summary>Reads a certificate with its key: from a PFX file, or from PEM files.</summary>
    /// <param name="file">The certificate; empty: there is none.</param>
    /// <param name="keyFile">The key, where it is in a PEM file of its own; else empty.</param>
    /// <param name="password">The password of the PFX file or of the PEM file's key; empty for none.</param>
    /// <exception cref="SettingsException">It cannot be read, or has no key.</exception>
    public static X509Certificate2? Certificate(string file, string keyFile, string password)
    {
        if (file.Length == 0) return null;
        X509Certificate2? certificate = null;
        Read("CertificateFile", file, () => certificate = IsPem(file)
            ? password.Length > 0 ? X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile.Length > 0 ? keyFile : null)
                : X509Certificate2.CreateFromPemFile(file, keyFile.Length > 0 ? keyFile : null)
            : X509CertificateLoader.LoadPkcs12FromFile(file, password));
        return certificate!.HasPrivateKey ? certificate : throw new SettingsException($"CertificateFile: '{file}' holds no private key");
    }

    private static bool IsPem(string file)
    {
        using var reader = File.OpenRead(file);
        Span<byte> beginning = stackalloc byte[4096];
        return beginning[..reader.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)].IndexOf("-----BEGIN "u8) >= 0;
    }

    private static void Read(string setting, string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"{setting}: '{file}' cannot be read: {fault.Message}", fault);
        }
    }
}
