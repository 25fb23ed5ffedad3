using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using Countersign.WebAuthn;
using NSec.Cryptography;

namespace Countersign.Testing.WebAuthn;

/// <summary>A browser's answer to a registration.</summary>
/// <param name="ClientData"><c>clientDataJSON</c>.</param>
/// <param name="Attestation"><c>attestationObject</c>.</param>
public sealed record SoftwareRegistration(byte[] ClientData, byte[] Attestation);

/// <summary>A browser's answer to a challenge.</summary>
/// <param name="ClientData"><c>clientDataJSON</c>.</param>
/// <param name="AuthenticatorData"><c>authenticatorData</c>.</param>
/// <param name="Signature">The signature.</param>
public sealed record SoftwareAssertion(byte[] ClientData, byte[] AuthenticatorData, byte[] Signature);

/// <summary>An authenticator with one credential, and the browser before it, which do what they are told: also what no real one would.</summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private readonly ECDsa? _elliptic;
    private readonly RSA? _rsa;
    private readonly Key? _edwards;

    /// <summary>Makes a credential.</summary>
    public SoftwareAuthenticator(CoseAlgorithm algorithm = CoseAlgorithm.ES256, int credentialIdLength = 32)
    {
        Algorithm = algorithm;
        CredentialId = RandomNumberGenerator.GetBytes(credentialIdLength);
        switch (algorithm)
        {
            case CoseAlgorithm.ES256: _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256); break;
            case CoseAlgorithm.ES384: _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP384); break;
            case CoseAlgorithm.ES512: _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP521); break;
            case CoseAlgorithm.EdDsa: _edwards = Key.Create(SignatureAlgorithm.Ed25519); break;
            default: _rsa = RSA.Create(2_048); break;
        }
    }

    /// <summary>The credential's algorithm.</summary>
    public CoseAlgorithm Algorithm { get; }
    /// <summary>The credential's id.</summary>
    public byte[] CredentialId { get; set; }
    /// <summary>The model.</summary>
    public Guid Aaguid { get; set; } = new("2a1c9d0e-7b54-4f1a-9f0e-3c5d8a6b7e10");
    /// <summary>The flags of every answer.</summary>
    public AuthenticatorFlags Flags { get; set; } = AuthenticatorFlags.UserPresent | AuthenticatorFlags.UserVerified;
    /// <summary>The signature counter; grows with every answer while it is not null.</summary>
    public uint? SignCount { get; set; } = 0;
    /// <summary>What else is in client data, as JSON members after the others.</summary>
    public string MoreClientData { get; set; } = "";

    /// <summary>The public key as COSE_Key.</summary>
    public byte[] PublicKey
    {
        get
        {
            var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
            if (_elliptic is not null)
            {
                var point = _elliptic.ExportParameters(false).Q;
                writer.WriteStartMap(5);
                Integer(writer, 1, 2);
                Integer(writer, 3, (int)Algorithm);
                Integer(writer, -1, Algorithm switch { CoseAlgorithm.ES256 => 1, CoseAlgorithm.ES384 => 2, _ => 3 });
                Bytes(writer, -2, point.X!);
                Bytes(writer, -3, point.Y!);
            }
            else if (_edwards is not null)
            {
                writer.WriteStartMap(4);
                Integer(writer, 1, 1);
                Integer(writer, 3, (int)Algorithm);
                Integer(writer, -1, 6);
                Bytes(writer, -2, _edwards.PublicKey.Export(KeyBlobFormat.RawPublicKey));
            }
            else
            {
                var key = _rsa!.ExportParameters(false);
                writer.WriteStartMap(4);
                Integer(writer, 1, 3);
                Integer(writer, 3, (int)Algorithm);
                Bytes(writer, -1, key.Modulus!);
                Bytes(writer, -2, key.Exponent!);
            }
            writer.WriteEndMap();
            return writer.Encode();
        }
    }

    /// <summary>Registers the credential without an attestation, or with one of its own (<c>packed</c>), or with one by a certificate.</summary>
    public SoftwareRegistration Register(string challenge, string origin, string rpId, string format = "none", SoftwareAttestation? by = null)
    {
        var clientData = ClientDataOf("webauthn.create", challenge, origin);
        byte[] id = [(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length, .. CredentialId];
        byte[] data = [.. Header(rpId, AuthenticatorFlags.AttestedCredential), .. Aaguid.ToByteArray(bigEndian: true), .. id, .. PublicKey];
        byte[] hash = SHA256.HashData(clientData);
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(format);
        writer.WriteTextString("attStmt");
        WriteStatement(writer, format, by, data, hash, rpId);
        writer.WriteTextString("authData");
        writer.WriteByteString(data);
        writer.WriteEndMap();
        return new SoftwareRegistration(clientData, writer.Encode());
    }

    /// <summary>Answers a challenge.</summary>
    public SoftwareAssertion Sign(string challenge, string origin, string rpId)
    {
        if (SignCount is { } count) SignCount = count + 1;
        var clientData = ClientDataOf("webauthn.get", challenge, origin);
        var data = Header(rpId, 0);
        return new SoftwareAssertion(clientData, data, SignData([.. data, .. SHA256.HashData(clientData)]));
    }

    /// <summary>Registers the credential by U2F.</summary>
    public (byte[] ClientData, byte[] Registration) RegisterU2f(string nonce, string origin, string appId, SoftwareAttestation by)
    {
        var clientData = Encoding.UTF8.GetBytes($$"""{"typ":"navigator.id.finishEnrollment","challenge":"{{nonce}}","origin":"{{origin}}"}""");
        byte[] signed = [0, .. Hash(appId), .. SHA256.HashData(clientData), .. CredentialId, .. Point];
        return (clientData, [5, .. Point, (byte)CredentialId.Length, .. CredentialId, .. by.Certificate.RawData, .. by.Sign(signed)]);
    }

    /// <summary>Answers a challenge by U2F.</summary>
    public (byte[] ClientData, byte[] Signature) SignU2f(string nonce, string origin, string appId)
    {
        SignCount = (SignCount ?? 0) + 1;
        var clientData = Encoding.UTF8.GetBytes($$"""{"typ":"navigator.id.getAssertion","challenge":"{{nonce}}","origin":"{{origin}}"}""");
        byte[] head = [(byte)(Flags & AuthenticatorFlags.UserPresent), .. Counter()];
        return (clientData, [.. head, .. SignData([.. Hash(appId), .. head, .. SHA256.HashData(clientData)])]);
    }

    /// <summary>Signs with the credential's key.</summary>
    public byte[] SignData(byte[] data) => _elliptic is not null ? _elliptic.SignData(data, HashOf(Algorithm), DSASignatureFormat.Rfc3279DerSequence)
        : _edwards is not null ? SignatureAlgorithm.Ed25519.Sign(_edwards, data)
        : _rsa!.SignData(data, HashAlgorithmName.SHA256, Algorithm == CoseAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _elliptic?.Dispose();
        _rsa?.Dispose();
        _edwards?.Dispose();
    }

    internal static HashAlgorithmName HashOf(CoseAlgorithm algorithm) => algorithm switch
    {
        CoseAlgorithm.ES384 => HashAlgorithmName.SHA384,
        CoseAlgorithm.ES512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private byte[] Point => _elliptic!.ExportParameters(false).Q is var point ? [4, .. point.X!, .. point.Y!] : [];

    private void WriteStatement(CborWriter writer, string format, SoftwareAttestation? by, byte[] data, byte[] hash, string rpId)
    {
        switch (format)
        {
            case "packed" when by is null:
                writer.WriteStartMap(2);
                Signed(writer, Algorithm, SignData([.. data, .. hash]));
                break;
            case "packed":
                writer.WriteStartMap(3);
                Signed(writer, by!.Algorithm, by.Sign([.. data, .. hash]));
                Certificates(writer, by);
                break;
            case "fido-u2f":
                writer.WriteStartMap(2);
                Bytes(writer, "sig", by!.Sign([0, .. Hash(rpId), .. hash, .. CredentialId, .. Point]));
                Certificates(writer, by);
                break;
            case "android-safetynet":
                writer.WriteStartMap(2);
                writer.WriteTextString("ver");
                writer.WriteTextString("14366018");
                Bytes(writer, "response", by!.SafetyNet(SHA256.HashData([.. data, .. hash])));
                break;
            default:
                writer.WriteStartMap(0);
                break;
        }
        writer.WriteEndMap();
    }

    private byte[] Header(string rpId, AuthenticatorFlags more) => [.. Hash(rpId), (byte)(Flags | more), .. Counter()];

    private byte[] Counter()
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, SignCount ?? 0);
        return counter;
    }

    private byte[] ClientDataOf(string type, string challenge, string origin)
        => Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","challenge":"{{challenge}}","origin":"{{origin}}","crossOrigin":false{{MoreClientData}}}""");

    private static byte[] Hash(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    private static void Signed(CborWriter writer, CoseAlgorithm algorithm, byte[] signature)
    {
        writer.WriteTextString("alg");
        writer.WriteInt32((int)algorithm);
        Bytes(writer, "sig", signature);
    }

    private static void Certificates(CborWriter writer, SoftwareAttestation by)
    {
        writer.WriteTextString("x5c");
        writer.WriteStartArray(1);
        writer.WriteByteString(by.Certificate.RawData);
        writer.WriteEndArray();
    }

    private static void Integer(CborWriter writer, int label, int value)
    {
        writer.WriteInt32(label);
        writer.WriteInt32(value);
    }

    private static void Bytes(CborWriter writer, int label, byte[] value)
    {
        writer.WriteInt32(label);
        writer.WriteByteString(value);
    }

    private static void Bytes(CborWriter writer, string member, byte[] value)
    {
        writer.WriteTextString(member);
        writer.WriteByteString(value);
    }
}
