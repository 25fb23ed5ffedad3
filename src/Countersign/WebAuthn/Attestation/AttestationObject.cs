using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.WebAuthn.Attestation;

/// <summary>An attestation object: what a new credential comes in (WebAuthn L3 §6.5.4).</summary>
/// <param name="Format">The attestation statement's format, for example <c>packed</c>.</param>
/// <param name="Statement">The statement.</param>
/// <param name="AuthenticatorData">The authenticator data.</param>
public sealed record AttestationObject(string Format, AttestationStatement Statement, ReadOnlyMemory<byte> AuthenticatorData)
{
    /// <summary>The longest attestation object that is read, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int LongestFormat = 32;   // §8.1

    /// <summary>Reads an attestation object; null when it is not one.</summary>
    public static AttestationObject? TryParse(ReadOnlyMemory<byte> bytes) => bytes.Length > MaxLength ? null : Cbor.Read(bytes, Read);

    private static AttestationObject? Read(CborReader reader)
    {
        string? format = null;
        AttestationStatement? statement = null;
        byte[]? data = null;
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            switch (reader.ReadTextString())
            {
                case "fmt": format = reader.ReadTextString(); break;
                case "attStmt": statement = AttestationStatement.Read(reader); break;
                case "authData": data = reader.ReadByteString(); break;
                default: reader.SkipValue(); break;
            }
        }
        reader.ReadEndMap();
        return format is not null && format.Length <= LongestFormat && statement is not null && data is not null ? new AttestationObject(format, statement, data) : null;
    }
}

/// <summary>An attestation statement: the members that any of the formats has (§8).</summary>
public sealed record AttestationStatement
{
    private const int MostCertificates = 10;

    /// <summary><c>alg</c>: a COSE algorithm.</summary>
    public long? Algorithm { get; private set; }
    /// <summary><c>sig</c>.</summary>
    public byte[]? Signature { get; private set; }
    /// <summary><c>x5c</c>: certificates in DER, the attestation's own first; null when there is none.</summary>
    public IReadOnlyList<byte[]>? Certificates { get; private set; }
    /// <summary><c>ver</c>.</summary>
    public string? Version { get; private set; }
    /// <summary><c>certInfo</c> of a TPM.</summary>
    public byte[]? CertInfo { get; private set; }
    /// <summary><c>pubArea</c> of a TPM.</summary>
    public byte[]? PubArea { get; private set; }
    /// <summary><c>response</c> of SafetyNet.</summary>
    public byte[]? Response { get; private set; }
    /// <summary>How many members there are.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a statement.</summary>
    internal static AttestationStatement Read(CborReader reader)
    {
        var statement = new AttestationStatement();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            statement.Count++;
            switch (reader.ReadTextString())
            {
                case "alg": statement.Algorithm = reader.ReadInt64(); break;
                case "sig": statement.Signature = reader.ReadByteString(); break;
                case "x5c": statement.Certificates = ReadCertificates(reader); break;
                case "ver": statement.Version = reader.ReadTextString(); break;
                case "certInfo": statement.CertInfo = reader.ReadByteString(); break;
                case "pubArea": statement.PubArea = reader.ReadByteString(); break;
                case "response": statement.Response = reader.ReadByteString(); break;
                default: reader.SkipValue(); break;
            }
        }
        reader.ReadEndMap();
        return statement;
    }

    /// <summary>The certificates, opened; null when one of them is none, or there is none.</summary>
    internal X509Certificate2[]? Open()
    {
        if (Certificates is not { Count: > 0 } all) return null;
        try
        {
            return [.. all.Select(X509CertificateLoader.LoadCertificate)];
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static List<byte[]> ReadCertificates(CborReader reader)
    {
        var all = new List<byte[]>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            if (all.Count == MostCertificates) throw new CborContentException("more certificates than any chain has");
            all.Add(reader.ReadByteString());
        }
        reader.ReadEndArray();
        return all;
    }
}
