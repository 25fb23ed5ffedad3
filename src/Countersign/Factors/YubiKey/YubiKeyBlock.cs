using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Factors.YubiKey;

/// <summary>The inside of an OTP (YubiKey manual §6.1), as far as it is looked at.</summary>
/// <param name="UseCounter">How often the key was plugged in, 15 bits; grows until it stops at its end.</param>
/// <param name="SessionCounter">How often it was touched since then, 8 bits.</param>
/// <param name="Timestamp">Ticks of 1/8 second since it was plugged in, 24 bits, from a random start.</param>
public readonly record struct YubiKeyBlock(int UseCounter, int SessionCounter, int Timestamp)
{
    /// <summary>Bytes of a block.</summary>
    public const int Length = 16;
    /// <summary>Bytes of an AES key.</summary>
    public const int KeyLength = 16;
    /// <summary>Bytes of a private id.</summary>
    public const int PrivateIdLength = 6;

    private const ushort Residue = 0xf0b8;

    /// <summary>Both counters as one that grows with every touch.</summary>
    public int Counter => UseCounter << 8 | SessionCounter;

    /// <summary>
    /// Opens a block. False when the checksum or the private id is not right; both are computed in any case and compared in the same time, so that time does not tell which.
    /// </summary>
    /// <param name="encrypted">The block, <see cref="Length"/> bytes.</param>
    /// <param name="key">The AES key, <see cref="KeyLength"/> bytes.</param>
    /// <param name="privateId">The private id that must be inside, <see cref="PrivateIdLength"/> bytes.</param>
    /// <param name="block">What is inside; the default when false.</param>
    public static bool TryOpen(ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> key, ReadOnlySpan<byte> privateId, out YubiKeyBlock block)
    {
        Span<byte> clear = stackalloc byte[Length];
        using (var aes = Aes.Create())
        {
            aes.SetKey(key);
            aes.DecryptEcb(encrypted, clear, PaddingMode.None);
        }
        var isRight = CryptographicOperations.FixedTimeEquals(clear[..PrivateIdLength], privateId) & Checksum(clear) == Residue;
        // Of the use counter's word the highest bit says that Caps Lock was on.
        block = !isRight ? default : new YubiKeyBlock(
            BinaryPrimitives.ReadUInt16LittleEndian(clear[6..]) & 0x7fff, clear[11], BinaryPrimitives.ReadUInt16LittleEndian(clear[8..]) | clear[10] << 16);
        CryptographicOperations.ZeroMemory(clear);
        return isRight;
    }

    /// <summary>The CRC-16 of ISO 13239 (polynomial 0x8408 reflected, from 0xffff); over a block with its own checksum it is 0xF0B8.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xffff;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0x8408);
        }
        return crc;
    }
}
