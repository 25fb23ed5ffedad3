using System.Security.Cryptography;
using Countersign.Settings;
using Countersign.Storage.Files;

namespace Countersign.Storage.Sealing;

/// <summary>Wraps and unwraps data keys. The master key itself never enters the database.</summary>
public abstract class MasterKey
{
    /// <summary>Seals a data key.</summary>
    public abstract byte[] Wrap(byte[] key);

    /// <summary>Opens a data key.</summary>
    /// <exception cref="CryptographicException">It was sealed under another master key, or changed.</exception>
    public abstract byte[] Unwrap(byte[] wrapped);

    /// <summary>
    /// The master key of the settings: 32 bytes in base64 from <paramref name="configured"/> (<c>Countersign:MasterKey</c>), else from the file
    /// <c>master.key</c> in the data directory, which is made on the first start, readable by its owner only.
    /// </summary>
    public static MasterKey Open(string? configured, string dataDirectory)
    {
        if (!string.IsNullOrEmpty(configured)) return new RawMasterKey(Decode(configured, "Countersign:MasterKey"));
        var file = Path.Combine(dataDirectory, "master.key");
        if (!File.Exists(file)) PrivateFile.Create(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return new RawMasterKey(Decode(File.ReadAllText(file), file));
    }

    private static byte[] Decode(string text, string where)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == 32 ? key
            : throw new SettingsException($"{where}: found {text.Trim().Length} characters, allowed are 32 bytes in base64 (44 characters)");
    }
}

internal sealed class RawMasterKey(byte[] key) : MasterKey
{
    private const int NonceLength = 12, TagLength = 16;

    public override byte[] Wrap(byte[] data)
    {
        var wrapped = new byte[NonceLength + data.Length + TagLength];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(wrapped.AsSpan(0, NonceLength), data, wrapped.AsSpan(NonceLength, data.Length), wrapped.AsSpan(NonceLength + data.Length));
        return wrapped;
    }

    public override byte[] Unwrap(byte[] wrapped)
    {
        var data = new byte[wrapped.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(wrapped.AsSpan(0, NonceLength), wrapped.AsSpan(NonceLength, data.Length), wrapped.AsSpan(NonceLength + data.Length), data);
        return data;
    }
}
