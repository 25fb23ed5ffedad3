using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Countersign.WebAuthn.Attestation;

namespace Countersign.WebAuthn.Metadata;

/// <summary>A JWS in compact form that carries its certificates (RFC 7515 §3.1, §4.1.6).</summary>
/// <param name="Certificates">The certificates of <c>x5c</c>, the signer's first; at least one.</param>
/// <param name="Payload">What is signed, as bytes.</param>
/// <param name="IsSigned">Whether the signature is by the first certificate's key.</param>
internal sealed record SignedJson(IReadOnlyList<X509Certificate2> Certificates, byte[] Payload, bool IsSigned)
{
    private const int MostCertificates = 10;

    /// <summary>Reads a JWS and checks its signature; null when it is not one, or its algorithm is not known.</summary>
    public static SignedJson? TryParse(ReadOnlySpan<byte> compact)
    {
        var first = compact.IndexOf((byte)'.');
        var last = compact.LastIndexOf((byte)'.');
        if (first < 0 || first == last) return null;
        try
        {
            var payload = Base64Url.DecodeFromUtf8(compact[(first + 1)..last]);
            var signature = Base64Url.DecodeFromUtf8(compact[(last + 1)..]);
            using var header = JsonDocument.Parse(Base64Url.DecodeFromUtf8(compact[..first]));
            if (AlgorithmOf(header.RootElement.GetProperty("alg").GetString()) is not { } algorithm) return null;
            var x5c = header.RootElement.GetProperty("x5c");
            if (x5c.GetArrayLength() is 0 or > MostCertificates) return null;
            X509Certificate2[] certificates = [.. x5c.EnumerateArray().Select(certificate => X509CertificateLoader.LoadCertificate(certificate.GetBytesFromBase64()))];
            return new SignedJson(certificates, payload, certificates[0].Verify((long)algorithm, compact[..last], signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or KeyNotFoundException or CryptographicException)
        {
            return null;
        }
    }

    private static CoseAlgorithm? AlgorithmOf(string? name) => name switch
    {
        "ES256" => CoseAlgorithm.ES256,
        "ES384" => CoseAlgorithm.ES384,
        "ES512" => CoseAlgorithm.ES512,
        "RS256" => CoseAlgorithm.RS256,
        "PS256" => CoseAlgorithm.PS256,
        _ => null,
    };
}
