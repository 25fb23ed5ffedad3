using System.Diagnostics.CodeAnalysis;

namespace Countersign.Factors.YubiKey;

/// <summary>What a YubiKey typed: whose block it is, and the block, which only that key's AES key opens (YubiKey manual §6.1).</summary>
public sealed record YubiKeyOtp
{
    /// <summary>Letters of the block.</summary>
    private const int BlockLetters = 2 * YubiKeyBlock.Length;
    /// <summary>Letters of the shortest public id.</summary>
    public const int MinPublicId = 2;
    /// <summary>Letters of the longest public id (contract 9.11).</summary>
    public const int MaxPublicId = 16;

    private YubiKeyOtp(string publicId, byte[] block) => (PublicId, Block) = (publicId, block);

    /// <summary>The key's public id, modhex in lower case.</summary>
    public string PublicId { get; }
    /// <summary>The block, 16 bytes, encrypted.</summary>
    public ReadOnlyMemory<byte> Block { get; }

    /// <summary>Reads an OTP as typed, blanks and the line's end around it aside: up to 48 letters of modhex, the last 32 of them the block. No text makes it throw.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out YubiKeyOtp? otp)
    {
        otp = null;
        var typed = text.AsSpan().Trim();
        if (typed.Length is < MinPublicId + BlockLetters or > MaxPublicId + BlockLetters || !TryPublicId(typed[..^BlockLetters], out var publicId)) return false;
        var block = new byte[YubiKeyBlock.Length];
        if (!ModHex.TryDecode(typed[^BlockLetters..], block)) return false;
        otp = new YubiKeyOtp(publicId, block);
        return true;
    }

    /// <summary>Brings a public id into its one form: 1 to 8 bytes in modhex, in lower case.</summary>
    public static bool TryPublicId(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? publicId)
    {
        publicId = null;
        if (text.Length is < MinPublicId or > MaxPublicId || text.Length % 2 != 0) return false;
        Span<byte> bytes = stackalloc byte[MaxPublicId / 2];
        bytes = bytes[..(text.Length / 2)];
        if (!ModHex.TryDecode(text, bytes)) return false;
        publicId = ModHex.Encode(bytes);
        return true;
    }
}
