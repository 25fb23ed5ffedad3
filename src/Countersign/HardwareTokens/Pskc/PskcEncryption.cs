using System.Security.Cryptography;
using System.Text;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>
/// How a file's values are encrypted and authenticated (RFC 6030 §6). What is wrong with that is told with each key that needs it, not before.
/// </summary>
internal sealed class PskcEncryption(PskcSecrets secrets)
{
    private const int LongestValue = 4_096, LongestSalt = 1_024;
    // Of PBKDF2, a few seconds of one core.
    private const int MostIterations = 10_000_000;

    private byte[]? _key, _macKey;
    private string? _macAlgorithm;
    private string _keyFault = "the file does not say how it is encrypted";
    private string _macFault = "the file does not say how values are authenticated";

    /// <summary>Reads <c>EncryptionKey</c> (§6.1, §6.2).</summary>
    public void ReadKey(PskcElement element)
    {
        _keyFault = "";
        try
        {
            var derived = element["DerivedKey"];
            if (derived.Exists) _key = Derive(derived["KeyDerivationMethod"]);
            else if (element["X509Data"].Exists || element["EncryptedKey"].Exists) throw new PskcFaultException("it is encrypted with the key of a certificate, which is not supported");
            else _key = secrets.PreSharedKey ?? throw new PskcFaultException("it is encrypted with a pre-shared key, and none was given");
        }
        catch (PskcFaultException fault)
        {
            _keyFault = fault.Message;
        }
    }

    /// <summary>Reads <c>MACMethod</c> (§6.1.1); after the encryption key. Without a key of its own, the encryption key is what was agreed on.</summary>
    public void ReadMac(PskcElement element)
    {
        _macAlgorithm = element.Attribute("Algorithm");
        _macFault = "";
        try
        {
            _macKey = element["MACKey"].Exists ? Open(element["MACKey"]) : _key;
            if (_macKey is null) _macFault = _keyFault;
        }
        catch (PskcFaultException fault)
        {
            _macFault = $"the MAC key: {fault.Message}";
        }
    }

    /// <summary>The bytes of a value: in the clear, or opened after its MAC was checked (§4.2, <c>Secret</c> and its like).</summary>
    /// <exception cref="PskcFaultException">There is none, or it cannot be opened, or it was changed.</exception>
    public byte[] Read(PskcElement value, string what)
    {
        if (value["PlainValue"].Exists) return value["PlainValue"].Bytes(what, LongestValue);
        if (!value["EncryptedValue"].Exists) throw new PskcFaultException($"{what} is missing");
        var encrypted = value["EncryptedValue"];
        var algorithm = encrypted["EncryptionMethod"].Attribute("Algorithm");
        if (value["ValueMAC"].Exists) CheckMac(encrypted["CipherData", "CipherValue"].Bytes(what, LongestValue), value["ValueMAC"].Bytes("the MAC", LongestValue), what);
        else if (!PskcCipher.IsAuthentic(algorithm) && _key is not null) throw new PskcFaultException($"{what} has no MAC (RFC 6030 §6.1.1)");
        return Open(encrypted);
    }

    private byte[] Open(PskcElement encrypted)
    {
        if (_key is null) throw new PskcFaultException(_keyFault);
        var sealedValue = encrypted["CipherData", "CipherValue"].Bytes("an encrypted value", LongestValue);
        return PskcCipher.Open(encrypted["EncryptionMethod"].Attribute("Algorithm"), _key, sealedValue);
    }

    private void CheckMac(byte[] sealedValue, byte[] mac, string what)
    {
        if (_macKey is null) throw new PskcFaultException(_macFault.Length > 0 ? _macFault : _keyFault);
        var hash = _macAlgorithm?[(_macAlgorithm.LastIndexOf('#') + 1)..] switch
        {
            "hmac-sha1" => HashAlgorithmName.SHA1,
            "hmac-sha256" => HashAlgorithmName.SHA256,
            "hmac-sha384" => HashAlgorithmName.SHA384,
            "hmac-sha512" => HashAlgorithmName.SHA512,
            _ => throw new PskcFaultException("the MAC algorithm is not supported: allowed are HMAC-SHA1, -SHA256, -SHA384, -SHA512"),
        };
        if (!CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(hash, _macKey, sealedValue), mac)) throw new PskcFaultException($"the MAC of {what} is wrong: it was changed, or the key or password is another");
    }

    /// <summary>PBKDF2 (RFC 6030 §6.2, PKCS #5 §5.2).</summary>
    private byte[] Derive(PskcElement method)
    {
        if (method.Attribute("Algorithm")?.EndsWith("#pbkdf2", StringComparison.Ordinal) != true) throw new PskcFaultException("the key derivation is not supported: allowed is PBKDF2");
        if (secrets.Password is null) throw new PskcFaultException("it is encrypted with a password, and none was given");
        var parameters = method["PBKDF2-params"];
        var salt = parameters["Salt", "Specified"].Bytes("the salt", LongestSalt);
        var iterations = (int)parameters["IterationCount"].Number("IterationCount", 1, MostIterations);
        var length = (int)parameters["KeyLength"].Number("KeyLength", 16, 32);
        var prf = parameters["PRF"].Attribute("Algorithm") ?? "";
        var hash = prf.ToUpperInvariant() switch
        {
            "" => HashAlgorithmName.SHA1,
            var name when name.EndsWith("HMAC-SHA1", StringComparison.Ordinal) => HashAlgorithmName.SHA1,
            var name when name.EndsWith("HMAC-SHA256", StringComparison.Ordinal) => HashAlgorithmName.SHA256,
            var name when name.EndsWith("HMAC-SHA384", StringComparison.Ordinal) => HashAlgorithmName.SHA384,
            var name when name.EndsWith("HMAC-SHA512", StringComparison.Ordinal) => HashAlgorithmName.SHA512,
            _ => throw new PskcFaultException("the function of PBKDF2 is not supported: allowed are HMAC-SHA1, -SHA256, -SHA384, -SHA512"),
        };
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secrets.Password), salt, iterations, hash, length);
    }
}
