using System.Diagnostics.CodeAnalysis;
using Countersign.Factors.YubiKey;
using Countersign.Sealing;

namespace Countersign.HardwareTokens;

/// <summary>What is uploaded of a token. It holds the secret in the clear: it is neither stored nor written anywhere.</summary>
public sealed class TokenSeed
{
    /// <summary>Characters of the longest serial number or key id.</summary>
    public const int MaxName = 64;
    /// <summary>Digits that a YubiKey's serial number is padded to (contract 9.11).</summary>
    public const int PaddedSerial = 12;
    /// <summary>The longest secret of an OATH token, in bytes.</summary>
    public const int MaxSecret = 128;

    /// <summary>The kind.</summary>
    public required TokenKind Kind { get; init; }
    /// <summary>The serial number: letters, digits, <c>.</c>, <c>_</c>, <c>:</c>, <c>/</c> and <c>-</c>; a number of a YubiKey's with zeros before it.</summary>
    public required string Serial { get; init; }
    /// <summary>Which of several keys of one device it is; empty for YubiKeys.</summary>
    public string KeyId { get; init; } = "";
    /// <summary>A YubiKey's public id, modhex.</summary>
    public string? PublicId { get; init; }
    /// <summary>How an OATH token computes.</summary>
    public OathToken? Oath { get; init; }
    /// <summary>An OATH token's secret; of a YubiKey the private id and then the AES key (<see cref="YubiKeySecretLength"/> bytes).</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Bytes of a YubiKey's secret.</summary>
    public const int YubiKeySecretLength = YubiKeyBlock.PrivateIdLength + YubiKeyBlock.KeyLength;

    /// <summary>The private id in a YubiKey's secret.</summary>
    public static ReadOnlySpan<byte> PrivateIdOf(ReadOnlySpan<byte> secret) => secret[..YubiKeyBlock.PrivateIdLength];

    /// <summary>The AES key in a YubiKey's secret.</summary>
    public static ReadOnlySpan<byte> AesKeyOf(ReadOnlySpan<byte> secret) => secret[YubiKeyBlock.PrivateIdLength..YubiKeySecretLength];

    /// <summary>
    /// The key of the claim on the secret. It follows the secret and not the entry in the inventory, so that what was used stays used when a token is removed and uploaded
    /// again, and begins anew when it got another secret. The same secret under other settings computes other passcodes.
    /// </summary>
    public string ClaimKey(IVault vault) => "token/" + (Oath is not { } oath ? vault.Fingerprint(Secret)
        : vault.Fingerprint([.. Secret, (byte)oath.Digits, (byte)(oath.SecondsPerStep >> 8), (byte)oath.SecondsPerStep, (byte)oath.Algorithm]));

    /// <summary>Brings a YubiKey's four texts into their forms. When one is malformed, <paramref name="wrong"/> is its name in the contract (12.3).</summary>
    /// <param name="serial">Its serial number.</param>
    /// <param name="publicId">The public id, modhex.</param>
    /// <param name="privateId">The private id, 12 hexadecimal digits.</param>
    /// <param name="aesKey">The AES key, 32 hexadecimal digits.</param>
    /// <param name="seed">The seed; null when something is malformed.</param>
    /// <param name="wrong">The name of the first text that is malformed; null when none is.</param>
    public static bool TryYubiKey(string? serial, string? publicId, string? privateId, string? aesKey, [NotNullWhen(true)] out TokenSeed? seed, [NotNullWhen(false)] out string? wrong)
    {
        (seed, wrong) = (null, null);
        var secret = new byte[YubiKeySecretLength];
        if (!IsName(serial)) wrong = "serialNumber";
        else if (!YubiKeyOtp.TryPublicId(publicId, out publicId)) wrong = "publicId";
        else if (!TryHex(privateId, secret.AsSpan(0, YubiKeyBlock.PrivateIdLength))) wrong = "privateId";
        else if (!TryHex(aesKey, secret.AsSpan(YubiKeyBlock.PrivateIdLength))) wrong = "aesKey";
        if (wrong is not null) return false;
        seed = new TokenSeed { Kind = TokenKind.YubiKey, Serial = Padded(serial!), PublicId = publicId, Secret = secret };
        return true;
    }

    /// <summary>A serial number as YubiKeys have it here: a number is padded with zeros to twelve digits.</summary>
    public static string Padded(string serial) => serial.AsSpan().ContainsAnyExceptInRange('0', '9') ? serial : serial.PadLeft(PaddedSerial, '0');

    /// <summary>Whether a text can be a serial number or key id.</summary>
    public static bool IsName([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: > 0 and <= MaxName }) return false;
        foreach (var character in text)
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or ':' or '/' or '-')) return false;
        return true;
    }

    private static bool TryHex(string? text, Span<byte> bytes)
        => text?.Length == 2 * bytes.Length && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == bytes.Length;
}
