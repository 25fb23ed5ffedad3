using System.Buffers.Binary;
using System.Formats.Cbor;

namespace Countersign.WebAuthn;

/// <summary>What the flags of authenticator data say (WebAuthn L3 §6.1).</summary>
[Flags]
public enum AuthenticatorFlags : byte
{
    /// <summary>UP: somebody was present.</summary>
    UserPresent = 0x01,
    /// <summary>UV: the authenticator verified the user.</summary>
    UserVerified = 0x04,
    /// <summary>BE: the credential can be backed up.</summary>
    BackupEligible = 0x08,
    /// <summary>BS: the credential is backed up now.</summary>
    BackedUp = 0x10,
    /// <summary>AT: a credential is included.</summary>
    AttestedCredential = 0x40,
    /// <summary>ED: extensions are included.</summary>
    Extensions = 0x80,
}

/// <summary>Authenticator data, as a view of its bytes (WebAuthn L3 §6.1).</summary>
public readonly struct AuthenticatorData
{
    /// <summary>The longest authenticator data that is read, in bytes.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The longest credential id, in bytes (§7.1 step 25).</summary>
    public const int MaxCredentialIdLength = 1_023;

    private const int RpIdHashLength = 32, FlagsAt = 32, SignCountAt = 33, HeaderLength = 37, AaguidLength = 16;

    private readonly ReadOnlyMemory<byte> _credential;
    private readonly int _credentialIdLength;

    private AuthenticatorData(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> credential, int credentialIdLength)
        => (Bytes, _credential, _credentialIdLength) = (bytes, credential, credentialIdLength);

    /// <summary>All of it: what is signed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
    /// <summary>SHA-256 of the RP id (or of the app id).</summary>
    public ReadOnlySpan<byte> RpIdHash => Bytes.Span[..RpIdHashLength];
    /// <summary>The flags.</summary>
    public AuthenticatorFlags Flags => (AuthenticatorFlags)Bytes.Span[FlagsAt];
    /// <summary>The signature counter; 0 when the authenticator has none.</summary>
    public uint SignCount => BinaryPrimitives.ReadUInt32BigEndian(Bytes.Span[SignCountAt..]);
    /// <summary>Whether a credential is included.</summary>
    public bool HasCredential => Flags.HasFlag(AuthenticatorFlags.AttestedCredential);
    /// <summary>The authenticator's model.</summary>
    public Guid Aaguid => new(_credential.Span[..AaguidLength], bigEndian: true);
    /// <summary>The id of the credential.</summary>
    public ReadOnlyMemory<byte> CredentialId => _credential.Slice(AaguidLength + 2, _credentialIdLength);
    /// <summary>The credential's public key: one COSE key.</summary>
    public ReadOnlyMemory<byte> PublicKey => _credential[(AaguidLength + 2 + _credentialIdLength)..];

    /// <summary>Reads authenticator data; nothing may be missing and nothing may follow.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out AuthenticatorData data)
    {
        data = default;
        if (bytes.Length is < HeaderLength or > MaxLength) return false;
        var flags = (AuthenticatorFlags)bytes.Span[FlagsAt];
        var rest = bytes[HeaderLength..];
        ReadOnlyMemory<byte> credential = default;
        var idLength = 0;
        if (flags.HasFlag(AuthenticatorFlags.AttestedCredential))
        {
            if (rest.Length < AaguidLength + 2) return false;
            idLength = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[AaguidLength..]);
            var keyAt = AaguidLength + 2 + idLength;
            if (rest.Length <= keyAt || !Cbor.TryLength(rest[keyAt..], CborReaderState.StartMap, out var keyLength)) return false;
            credential = rest[..(keyAt + keyLength)];
            rest = rest[(keyAt + keyLength)..];
        }
        if (flags.HasFlag(AuthenticatorFlags.Extensions))
        {
            if (!Cbor.TryLength(rest, CborReaderState.StartMap, out var length)) return false;
            rest = rest[length..];
        }
        if (!rest.IsEmpty) return false;
        data = new AuthenticatorData(bytes, credential, idLength);
        return true;
    }
}
