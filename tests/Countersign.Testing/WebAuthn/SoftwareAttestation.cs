using System.Buffers.Text;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.WebAuthn;

namespace Countersign.Testing.WebAuthn;

/// <summary>How an attestation certificate is made; spoiled in one place by who tests that.</summary>
public sealed record AttestationCertificate
{
    /// <summary>The subject.</summary>
    public string Subject { get; init; } = "CN=Test Authenticator 1, OU=Authenticator Attestation, O=Countersign, C=AT";
    /// <summary>The model in the certificate's extension; null: none.</summary>
    public Guid? Aaguid { get; init; }
    /// <summary>Whether that extension is critical.</summary>
    public bool IsCritical { get; init; }
    /// <summary>Whether the certificate says that it is a CA's.</summary>
    public bool IsAuthority { get; init; }
    /// <summary>A host name that it is for; null: none.</summary>
    public string? Host { get; init; }
}

/// <summary>An attestation key with its certificate, and the root that it leads to.</summary>
public sealed class SoftwareAttestation : IDisposable
{
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), _key;

    /// <summary>Makes a root and a certificate, good for ten years around <paramref name="now"/>.</summary>
    public SoftwareAttestation(DateTimeOffset now, AttestationCertificate? with = null, CoseAlgorithm algorithm = CoseAlgorithm.ES256)
    {
        with ??= new AttestationCertificate();
        Algorithm = algorithm;
        Now = now;
        _key = ECDsa.Create(algorithm switch
        {
            CoseAlgorithm.ES384 => ECCurve.NamedCurves.nistP384,
            CoseAlgorithm.ES512 => ECCurve.NamedCurves.nistP521,
            _ => ECCurve.NamedCurves.nistP256,
        });
        var root = new CertificateRequest("CN=Test Authenticators", _rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = root.CreateSelfSigned(now.AddYears(-5), now.AddYears(5));
        var request = new CertificateRequest(with.Subject, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(with.IsAuthority, false, 0, true));
        if (with.Aaguid is { } aaguid)
        {
            var value = new AsnWriter(AsnEncodingRules.DER);
            value.WriteOctetString(aaguid.ToByteArray(bigEndian: true));
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.45724.1.1.4", value.Encode(), with.IsCritical));
        }
        if (with.Host is { } host)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }
        Certificate = request.Create(Root, now.AddYears(-5), now.AddYears(5), RandomNumberGenerator.GetBytes(12));
    }

    /// <summary>The attestation key's algorithm.</summary>
    public CoseAlgorithm Algorithm { get; }
    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }
    /// <summary>The root.</summary>
    public X509Certificate2 Root { get; }
    /// <summary>The time that it was made for.</summary>
    public DateTimeOffset Now { get; }
    /// <summary>What SafetyNet says of the device.</summary>
    public bool CtsProfileMatch { get; set; } = true;

    /// <summary>Signs, in DER.</summary>
    public byte[] Sign(byte[] data) => _key.SignData(data, SoftwareAuthenticator.HashOf(Algorithm), DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>A JWS in compact form that carries the certificate.</summary>
    public byte[] SignJson(string payload)
    {
        var header = $$"""{"alg":"ES256","typ":"JWT","x5c":["{{Convert.ToBase64String(Certificate.RawData)}}"]}""";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return Encoding.ASCII.GetBytes($"{signed}.{Base64Url.EncodeToString(signature)}");
    }

    /// <summary>SafetyNet's answer over a nonce.</summary>
    public byte[] SafetyNet(byte[] nonce) => SignJson(string.Create(CultureInfo.InvariantCulture,
        $$"""{"nonce":"{{Convert.ToBase64String(nonce)}}","timestampMs":{{Now.ToUnixTimeMilliseconds()}},"ctsProfileMatch":{{(CtsProfileMatch ? "true" : "false")}},"basicIntegrity":true}"""));

    /// <inheritdoc/>
    public void Dispose()
    {
        _rootKey.Dispose();
        _key.Dispose();
        Certificate.Dispose();
        Root.Dispose();
    }
}
