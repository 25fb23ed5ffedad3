using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>The ciphers of XML Encryption that PSKC files use (RFC 6030 §6, XML Encryption 1.1 §5.2, §5.6). Pure.</summary>
internal static class PskcCipher
{
    private const int Block = 16, WrapBlock = 8;
    private const string Mismatch = "the key or password does not open it";

    /// <summary>Opens an encrypted value.</summary>
    /// <param name="algorithm">Its cipher, as an address.</param>
    /// <param name="key">The key.</param>
    /// <param name="sealedValue">The value.</param>
    /// <exception cref="PskcFaultException">The cipher is not known, or the key is not this value's.</exception>
    public static byte[] Open(string? algorithm, byte[] key, ReadOnlySpan<byte> sealedValue)
    {
        var (keyLength, isWrap) = algorithm?[(algorithm.LastIndexOf('#') + 1)..] switch
        {
            "aes128-cbc" => (16, false),
            "aes192-cbc" => (24, false),
            "aes256-cbc" => (32, false),
            "kw-aes128" => (16, true),
            "kw-aes192" => (24, true),
            "kw-aes256" => (32, true),
            _ => throw new PskcFaultException("the encryption algorithm is not supported: allowed are AES-CBC and AES key wrap"),
        };
        if (key.Length != keyLength) throw new PskcFaultException($"the key has {8 * key.Length} bits, and {8 * keyLength} are needed");
        using var aes = Aes.Create();
        aes.Key = key;
        return isWrap ? Unwrap(aes, sealedValue) : OpenCbc(aes, sealedValue);
    }

    /// <summary>Whether a cipher notices by itself that a value was changed; where it does not, the value must have a MAC (RFC 6030 §6.1.1).</summary>
    public static bool IsAuthentic(string? algorithm) => algorithm?.Contains("#kw-", StringComparison.Ordinal) == true;

    /// <summary>The initial vector stands before the rest; of the padding only the last byte, its length, is determined.</summary>
    private static byte[] OpenCbc(Aes aes, ReadOnlySpan<byte> sealedValue)
    {
        if (sealedValue.Length < 2 * Block || sealedValue.Length % Block != 0) throw new PskcFaultException("an encrypted value is not as long as its cipher makes it");
        var clear = aes.DecryptCbc(sealedValue[Block..], sealedValue[..Block], PaddingMode.None);
        var padding = clear[^1];
        return padding is >= 1 and <= Block ? clear[..^padding] : throw new PskcFaultException(Mismatch);
    }

    /// <summary>RFC 3394 §2.2.2.</summary>
    private static byte[] Unwrap(Aes aes, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < 3 * WrapBlock || wrapped.Length % WrapBlock != 0) throw new PskcFaultException("a wrapped key is not as long as its cipher makes it");
        var count = (wrapped.Length / WrapBlock) - 1;
        var registers = wrapped[WrapBlock..].ToArray();
        Span<byte> block = stackalloc byte[Block];
        wrapped[..WrapBlock].CopyTo(block);
        for (var round = 5; round >= 0; round--)
        {
            for (var i = count; i >= 1; i--)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)((count * round) + i));
                var register = registers.AsSpan((i - 1) * WrapBlock, WrapBlock);
                register.CopyTo(block[WrapBlock..]);
                aes.DecryptEcb(block, block, PaddingMode.None);
                block[WrapBlock..].CopyTo(register);
            }
        }
        return BinaryPrimitives.ReadUInt64BigEndian(block) == 0xa6a6a6a6a6a6a6a6 ? registers : throw new PskcFaultException(Mismatch);
    }
}
