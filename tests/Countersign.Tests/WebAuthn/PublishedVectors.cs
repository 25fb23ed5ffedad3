using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Countersign.WebAuthn;

namespace Countersign.Tests.WebAuthn;

/// <summary>The test vectors of WebAuthn Level 3, and the relying party that they are for.</summary>
internal static class PublishedVectors
{
    private static readonly JsonObject File = Load();

    /// <summary>In the year of the vectors' certificates, which are good for a thousand years.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, Vector> All { get; } = File["vectors"]!.AsArray().Select(vector => new Vector(vector!.AsObject())).ToDictionary(vector => vector.Id);

    public static RelyingParty Party { get; } = new()
    {
        RpIds = ["example.org"],
        Origins = ImmutableHashSet.Create("https://example.org"),
        TopOrigins = ImmutableHashSet.Create("https://example.com"),
        Attestation = new AttestationPolicy { Roots = [X509CertificateLoader.LoadCertificate(Convert.FromHexString((string)File["attestation_root"]!["ca_cert_der"]!))] },
    };

    private static JsonObject Load()
    {
        using var stream = typeof(PublishedVectors).Assembly.GetManifestResourceStream("webauthn-w3c-l3.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}

/// <summary>One vector: a registration and an assertion with it.</summary>
internal sealed class Vector(JsonObject json)
{
    private readonly JsonObject _registration = json["registration"]!.AsObject(), _authentication = json["authentication"]!.AsObject();

    public string Id => (string)json["id"]!;
    public string Format => (string)json["fmt"]!;
    public int Algorithm => (int)json["alg"]!;
    public bool IsCertified => Format is not "none" && Id is not "packed-self-es256";
    public byte[] CredentialId => Hex(_registration, "credential_id");
    public Guid Aaguid => new(Hex(_registration, "aaguid"), bigEndian: true);

    public RegistrationInput Registration => new(Challenge(_registration), Hex(_registration, "clientDataJSON"), Hex(_registration, "attestationObject"));
    public string AssertionChallenge => Challenge(_authentication);
    public byte[] AssertionClientData => Hex(_authentication, "clientDataJSON");
    public byte[] AssertionData => Hex(_authentication, "authenticatorData");
    public byte[] Signature => Hex(_authentication, "signature");

    public AuthenticatorFlags RegistrationFlags => Flags(_registration);
    public AuthenticatorFlags AssertionFlags => Flags(_authentication);

    private static AuthenticatorFlags Flags(JsonObject part)
    {
        var expected = part["expect"]!;
        return (Is("UP") ? AuthenticatorFlags.UserPresent : 0) | (Is("UV") ? AuthenticatorFlags.UserVerified : 0) | (Is("BE") ? AuthenticatorFlags.BackupEligible : 0)
            | (Is("BS") ? AuthenticatorFlags.BackedUp : 0) | (Is("AT") ? AuthenticatorFlags.AttestedCredential : 0) | (Is("ED") ? AuthenticatorFlags.Extensions : 0);

        bool Is(string flag) => (bool)expected[flag]!;
    }

    private static string Challenge(JsonObject part) => System.Buffers.Text.Base64Url.EncodeToString(Hex(part, "challenge"));

    private static byte[] Hex(JsonObject part, string name) => Convert.FromHexString((string)part[name]!);
}

/// <summary>Takes an attestation object apart and puts it together again, changed.</summary>
internal static class Respelled
{
    /// <summary>The object with other authenticator data and another value of one member of the statement.</summary>
    public static byte[] Attestation(ReadOnlyMemory<byte> original, Func<byte[], byte[]>? data = null, string? member = null, Func<byte[], byte[]>? value = null, string? format = null)
    {
        var reader = new CborReader(original);
        var writer = new CborWriter();
        writer.WriteStartMap(reader.ReadStartMap());
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var name = reader.ReadTextString();
            writer.WriteTextString(name);
            if (name == "authData") writer.WriteByteString((data ?? (same => same))(reader.ReadByteString()));
            else if (name == "fmt") writer.WriteTextString(reader.ReadTextString() is var was ? format ?? was : "");
            else Statement(reader, writer, member, value);
        }
        reader.ReadEndMap();
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void Statement(CborReader reader, CborWriter writer, string? member, Func<byte[], byte[]>? value)
    {
        writer.WriteStartMap(reader.ReadStartMap());
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var name = reader.ReadTextString();
            writer.WriteTextString(name);
            if (name != member) writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
            else if (name == "x5c")
            {
                writer.WriteStartArray(reader.ReadStartArray());
                for (var i = 0; reader.PeekState() != CborReaderState.EndArray; i++) writer.WriteByteString(i == 0 ? value!(reader.ReadByteString()) : reader.ReadByteString());
                reader.ReadEndArray();
                writer.WriteEndArray();
            }
            else writer.WriteByteString(value!(reader.ReadByteString()));
        }
        reader.ReadEndMap();
        writer.WriteEndMap();
    }
}
