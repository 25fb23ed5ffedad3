using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Countersign.Factors.YubiKey;

namespace Countersign.Testing;

/// <summary>A YubiKey that types OTPs (YubiKey manual §6.1): plugged in once, touched as often as asked.</summary>
public sealed class SoftwareYubiKey
{
    private readonly byte[] _privateId = RandomNumberGenerator.GetBytes(YubiKeyBlock.PrivateIdLength), _key = RandomNumberGenerator.GetBytes(YubiKeyBlock.KeyLength);

    /// <summary>A key whose public id is its serial number, as those are that come programmed.</summary>
    public SoftwareYubiKey(long serial = 7_886_622)
    {
        Serial = serial;
        Span<byte> id = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(id, serial);
        PublicId = ModHex.Encode(id[2..]);
    }

    /// <summary>The serial number.</summary>
    public long Serial { get; }
    /// <summary>The public id in modhex.</summary>
    public string PublicId { get; init; }
    /// <summary>The private id in hexadecimal.</summary>
    public string PrivateId => Convert.ToHexStringLower(_privateId);
    /// <summary>The AES key in hexadecimal.</summary>
    public string AesKey => Convert.ToHexStringLower(_key);
    /// <summary>How often it was plugged in.</summary>
    public int UseCounter { get; set; } = 1;
    /// <summary>How often it was touched since.</summary>
    public int SessionCounter { get; set; }

    /// <summary>The serial number as the API shows it.</summary>
    public string PaddedSerial => Serial.ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>Plugs it in anew.</summary>
    public void PlugIn() => (UseCounter, SessionCounter) = (UseCounter + 1, 0);

    /// <summary>Touches it: the OTP that it types.</summary>
    public string Touch(bool capsLock = false, bool rightChecksum = true)
    {
        Span<byte> block = stackalloc byte[YubiKeyBlock.Length];
        _privateId.CopyTo(block);
        BinaryPrimitives.WriteUInt16LittleEndian(block[6..], (ushort)(UseCounter | (capsLock ? 0x8000 : 0)));
        RandomNumberGenerator.Fill(block[8..11]);
        block[11] = (byte)SessionCounter++;
        RandomNumberGenerator.Fill(block[12..14]);
        BinaryPrimitives.WriteUInt16LittleEndian(block[14..], (ushort)(~YubiKeyBlock.Checksum(block[..14]) ^ (rightChecksum ? 0 : 1)));
        using var aes = Aes.Create();
        aes.SetKey(_key);
        var typed = PublicId + ModHex.Encode(aes.EncryptEcb(block, PaddingMode.None));
        return capsLock ? typed.ToUpperInvariant() : typed;
    }
}
