using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Bench.Passcodes;
using Countersign.Factors.WebAuthn;

namespace Countersign.Bench.Seeding;

/// <summary>A person's security key: an ES256 credential that follows from the person, and the signatures of the browser before it.</summary>
internal static class SigningKey
{
    public const string Origin = "https://login.example.com", RpId = "example.com";

    /// <summary>The length of most signatures in DER; all are made of it, because every request of a cell has the same length.</summary>
    private const int SignatureLength = 71;

    /// <summary>The RP id's hash, the flags UP and UV, and no counter.</summary>
    public static readonly byte[] AuthenticatorData = [.. SHA256.HashData(Encoding.ASCII.GetBytes(RpId)), 0x05, 0, 0, 0, 0];

    /// <summary>What the product keeps of the key.</summary>
    public static KeyData DataOf(Person person)
    {
        using var key = Open(person);
        return new KeyData
        {
            CredentialId = Base64Url.EncodeToString(person.Derive("credential"u8)),
            PublicKey = Base64Url.EncodeToString(CoseOf(key)),
            RpId = RpId,
            Aaguid = Guid.Empty,
            Format = "none",
            IsBackupEligible = false,
            IsBackedUp = false,
        };
    }

    /// <summary>The key in the form of RFC 9052 §7.</summary>
    public static byte[] CoseOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    public static byte[] ClientDataOf(string challenge) => Encoding.ASCII.GetBytes($$"""{"type":"webauthn.get","challenge":"{{challenge}}","origin":"{{Origin}}","crossOrigin":false}""");

    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> clientData)
    {
        byte[] signed = [.. AuthenticatorData, .. SHA256.HashData(clientData)];
        while (true)
        {
            var signature = key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            if (signature.Length == SignatureLength) return signature;
        }
    }

    public static ECDsa Open(Person person) => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = person.Derive("private key"u8) });
}
