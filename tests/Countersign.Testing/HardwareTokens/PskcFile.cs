using System.Security.Cryptography;
using System.Text;

namespace Countersign.Testing;

/// <summary>Writes PSKC files (RFC 6030) as the tests need them.</summary>
public static class PskcFile
{
    /// <summary>The secret of RFC 4226 appendix D, and of the RFC's examples.</summary>
    public const string Secret = "3132333435363738393031323334353637383930";

    private const string Root = "xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"";

    /// <summary>A file of these pieces.</summary>
    public static string Of(params IEnumerable<string> pieces) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KeyContainer Version=\"1.0\" {Root}>\n{string.Join('\n', pieces)}\n</KeyContainer>\n";

    /// <summary>A key in the clear.</summary>
    /// <param name="serial">The serial number.</param>
    /// <param name="secret">The secret in hexadecimal.</param>
    /// <param name="algorithm"><c>hotp</c> or <c>totp</c>.</param>
    /// <param name="data">What else stands in <c>Data</c>.</param>
    /// <param name="parameters">What stands in <c>AlgorithmParameters</c>.</param>
    /// <param name="rest">What else stands in <c>Key</c>.</param>
    public static string Key(string serial, string secret = Secret, string algorithm = "hotp", string data = "", string parameters = "<ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/>", string rest = "")
        => Package(serial, $"<PlainValue>{Convert.ToBase64String(Convert.FromHexString(secret))}</PlainValue>", algorithm, data, parameters, rest);

    /// <summary>A key whose <c>Secret</c> is written out.</summary>
    public static string Package(string serial, string secret, string algorithm = "hotp", string data = "", string parameters = "<ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/>", string rest = "")
        => $"""
            <KeyPackage><DeviceInfo><Manufacturer>Acme</Manufacturer><SerialNo>{serial}</SerialNo></DeviceInfo>
              <Key Id="{serial}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:{algorithm}"><AlgorithmParameters>{parameters}</AlgorithmParameters>
                <Data><Secret>{secret}</Secret>{data}</Data>{rest}</Key></KeyPackage>
            """;

    /// <summary>Says that a pre-shared key is needed, and seals a MAC key with it.</summary>
    public static string PreShared(byte[] key, byte[] macKey, string mac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
        => $"<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey><MACMethod Algorithm=\"{mac}\"><MACKey>{Cipher(key, Seal(key, macKey))}</MACKey></MACMethod>";

    /// <summary>The inside of <c>Secret</c>, encrypted with AES-CBC, with an HMAC-SHA256.</summary>
    public static string Encrypted(byte[] key, byte[] macKey, byte[] secret)
    {
        var sealedValue = Seal(key, secret);
        return $"<EncryptedValue>{Cipher(key, sealedValue)}</EncryptedValue><ValueMAC>{Convert.ToBase64String(HMACSHA256.HashData(macKey, sealedValue))}</ValueMAC>";
    }

    /// <summary>A file as a stream.</summary>
    public static MemoryStream Stream(string file) => new(Encoding.UTF8.GetBytes(file));

    private static string Cipher(byte[] key, byte[] sealedValue)
        => $"<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes{8 * key.Length}-cbc\"/><xenc:CipherData><xenc:CipherValue>{Convert.ToBase64String(sealedValue)}</xenc:CipherValue></xenc:CipherData>";

    private static byte[] Seal(byte[] key, byte[] value)
    {
        var vector = RandomNumberGenerator.GetBytes(16);
        using var aes = Aes.Create();
        aes.Key = key;
        return [.. vector, .. aes.EncryptCbc(value, vector)];
    }
}
