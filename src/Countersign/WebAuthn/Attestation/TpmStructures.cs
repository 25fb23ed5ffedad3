using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.WebAuthn.Attestation;

/// <summary>Reads the TPM's big-endian structures; what is asked beyond the end is said by <see cref="IsBroken"/>.</summary>
internal ref struct TpmReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    public bool IsBroken { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public ReadOnlyMemory<byte> Bytes(int count)
    {
        if (count > _rest.Length)
        {
            IsBroken = true;
            _rest = default;
            return default;
        }
        var read = _rest[..count];
        _rest = _rest[count..];
        return read;
    }

    public ushort UInt16() => Bytes(2) is { Length: 2 } read ? BinaryPrimitives.ReadUInt16BigEndian(read.Span) : (ushort)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } read ? BinaryPrimitives.ReadUInt32BigEndian(read.Span) : 0;

    /// <summary>A <c>TPM2B</c>: a length of two bytes, and that many.</summary>
    public ReadOnlyMemory<byte> Sized() => Bytes(UInt16());
}

/// <summary>A <c>TPMT_PUBLIC</c> (TPM 2.0 part 2 §12.2.4): the key that the TPM holds.</summary>
internal readonly struct TpmPublicArea
{
    private const ushort Rsa = 0x0001, Ecc = 0x0023, Null = 0x0010;

    private readonly ushort _type, _nameAlgorithm, _curve;
    private readonly uint _exponent;
    private readonly ReadOnlyMemory<byte> _unique, _y;

    private TpmPublicArea(ushort type, ushort nameAlgorithm, ushort curve, uint exponent, ReadOnlyMemory<byte> unique, ReadOnlyMemory<byte> y)
        => (_type, _nameAlgorithm, _curve, _exponent, _unique, _y) = (type, nameAlgorithm, curve, exponent, unique, y);

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out TpmPublicArea area)
    {
        area = default;
        var reader = new TpmReader(bytes);
        var type = reader.UInt16();
        var nameAlgorithm = reader.UInt16();
        reader.UInt32();   // objectAttributes
        reader.Sized();    // authPolicy
        if (type is not (Rsa or Ecc)) return false;
        if (reader.UInt16() != Null) reader.Bytes(4);   // symmetric: algorithm, key bits, mode
        if (reader.UInt16() != Null) reader.UInt16();   // scheme and its hash
        if (type == Rsa)
        {
            reader.UInt16();   // key bits: the modulus says so itself
            var exponent = reader.UInt32();
            area = new TpmPublicArea(type, nameAlgorithm, 0, exponent == 0 ? 65_537 : exponent, reader.Sized(), default);
        }
        else
        {
            var curve = reader.UInt16();
            if (reader.UInt16() != Null) reader.UInt16();   // key derivation and its hash
            area = new TpmPublicArea(type, nameAlgorithm, curve, 0, reader.Sized(), reader.Sized());
        }
        return !reader.IsBroken && reader.IsAtEnd;
    }

    /// <summary>Whether the area holds this credential's key.</summary>
    public bool IsAreaOf(CredentialPublicKey key)
    {
        var parameters = new CoseParameters { Curve = CoseCurve, X = _unique.ToArray(), Y = _y.ToArray() };
        if (_type == Rsa)
        {
            var exponent = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(exponent, _exponent);
            parameters = new CoseParameters { Modulus = _unique.ToArray(), X = exponent };
        }
        return key.HasParameters(parameters);
    }

    /// <summary>The object's name: its hash's number and its hash (part 1 §16).</summary>
    public byte[] Name(ReadOnlyMemory<byte> area) => HashOf(_nameAlgorithm) is { } hash
        ? [(byte)(_nameAlgorithm >> 8), (byte)_nameAlgorithm, .. CryptographicOperations.HashData(hash, area.Span)] : [];

    private int? CoseCurve => _curve switch
    {
        0x0003 => 1,
        0x0004 => 2,
        0x0005 => 3,
        _ => null,
    };

    private static HashAlgorithmName? HashOf(ushort algorithm) => algorithm switch
    {
        0x0004 => HashAlgorithmName.SHA1,
        0x000B => HashAlgorithmName.SHA256,
        0x000C => HashAlgorithmName.SHA384,
        0x000D => HashAlgorithmName.SHA512,
        _ => null,
    };
}

/// <summary>A <c>TPMS_ATTEST</c> that certifies an object (TPM 2.0 part 2 §10.12.12).</summary>
/// <param name="ExtraData">What was given to be signed.</param>
/// <param name="Name">The certified object's name.</param>
internal readonly record struct TpmCertifyInfo(ReadOnlyMemory<byte> ExtraData, ReadOnlyMemory<byte> Name)
{
    private const uint Generated = 0xff544347;
    private const ushort Certify = 0x8017;
    private const int ClockLength = 17, FirmwareVersionLength = 8;

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out TpmCertifyInfo info)
    {
        info = default;
        var reader = new TpmReader(bytes);
        if (reader.UInt32() != Generated || reader.UInt16() != Certify) return false;
        reader.Sized();   // qualifiedSigner
        var extraData = reader.Sized();
        reader.Bytes(ClockLength);
        reader.Bytes(FirmwareVersionLength);
        var name = reader.Sized();
        reader.Sized();   // qualifiedName
        info = new TpmCertifyInfo(extraData, name);
        return !reader.IsBroken && reader.IsAtEnd;
    }
}
