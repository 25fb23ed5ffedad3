using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing.Mail;

/// <summary>A certificate authority that only a test trusts, and its certificates. Its files live in a folder of its own until it is disposed.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-authority-");
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Countersign tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddYears(-2), now.AddYears(2));
        CertificateFile = Write("ca.pem", _root.ExportCertificatePem());
    }

    /// <summary>The authority's certificate as a PEM file, for whoever is to trust it.</summary>
    public string CertificateFile { get; }

    /// <summary>A certificate with its key for a server, or for a client. It is valid for a day around now unless it is to have expired.</summary>
    public X509Certificate2 Issue(string host = "localhost", bool hasExpired = false, bool forClient = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(host, key, forClient);
        var from = TimeProvider.System.GetUtcNow().AddDays(hasExpired ? -9 : -1);
        using var certificate = request.Create(_root, from, from.AddDays(2), RandomNumberGenerator.GetBytes(12));
        return WithKey(certificate, key);
    }

    /// <summary>A certificate that nobody but itself speaks for.</summary>
    public static X509Certificate2 SelfSigned(string host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = Request(host, key).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CertificateRequest Request(string host, ECDsa key, bool forClient = false)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forClient ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        return request;
    }

    // A server's TLS wants a key that did not come into being in this process's memory alone.
    private static X509Certificate2 WithKey(X509Certificate2 certificate, ECDsa key)
    {
        using var both = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(both.Export(X509ContentType.Pkcs12), null);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
