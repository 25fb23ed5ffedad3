using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Countersign.WebAuthn;

namespace Countersign.Factors.Push;

/// <summary>
/// What a device signs (docs/authenticator-protocol.md): texts, each behind its length, so that no two lists of them are the same bytes; the first two name the protocol, its version
/// and the kind of statement.
/// </summary>
internal static class Statement
{
    private const string Protocol = "countersign-authenticator/1";

    /// <summary>This key belongs to this device.</summary>
    public static byte[] Register(string origin, string ticket, DeviceKey key, DeviceDescription device)
        => Bytes("register", origin, ticket, key.Thumbprint, device.Name, device.DeviceType, device.Platform, device.Version);

    /// <summary>This device asks this.</summary>
    public static byte[] Request(string origin, in DeviceProof proof, string method, string path, ReadOnlySpan<byte> body)
        => Bytes("request", origin, proof.User.Value, proof.Factor.Value, method, path, proof.IssuedAtText, Base64Url(SHA256.HashData(body)));

    /// <summary>This is what the person said to this request.</summary>
    public static byte[] Answer(string origin, string user, string factor, PushRequest request, string decision, string number) => Bytes(
        "answer", origin, user, factor, request.TransactionId, request.CreatedAt, request.ExpiresAt, request.Application ?? "", request.Address ?? "", request.Place ?? "",
        request.UserAgent ?? "", request.Number, decision, number);

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Bytes(params ReadOnlySpan<string> texts)
    {
        var length = Length(Protocol);
        foreach (var text in texts) length += Length(text);
        var bytes = new byte[length];
        var rest = Write(bytes, Protocol);
        foreach (var text in texts) rest = Write(rest, text);
        return bytes;
    }

    private static int Length(string text) => sizeof(uint) + Encoding.UTF8.GetByteCount(text);

    private static Span<byte> Write(Span<byte> bytes, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, bytes[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)written);
        return bytes[(sizeof(uint) + written)..];
    }
}

/// <summary>A device's public key: a point of P-256.</summary>
/// <param name="X">Its first coordinate: 32 bytes, base64url.</param>
/// <param name="Y">Its second coordinate, likewise.</param>
public sealed record DeviceKey(string X, string Y)
{
    private const int CoordinateLength = 32, SignatureLength = 64;
    private const byte Uncompressed = 4;

    /// <summary>The key's thumbprint (RFC 7638 §3): SHA-256 of its required members, base64url.</summary>
    internal string Thumbprint => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>Whether it is a point of the curve, each coordinate written in the one way that there is.</summary>
    internal bool IsValid()
    {
        using var key = Open();
        return key is not null;
    }

    /// <summary>Whether the signature (r and s of 32 bytes each, base64url) is over these bytes and of this key.</summary>
    internal bool Verify(ReadOnlySpan<byte> statement, string signature)
    {
        if (Decode(signature, SignatureLength) is not { } raw) return false;
        using var key = Open();
        return key is not null && key.VerifyConcatenated(statement, raw);
    }

    private EllipticKey? Open()
    {
        if (Decode(X, CoordinateLength) is not { } x || Decode(Y, CoordinateLength) is not { } y) return null;
        try
        {
            return EllipticKey.TryMake([Uncompressed, .. x, .. y]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a text of base64url; null unless it is the one way to write so many bytes.</summary>
    private static byte[]? Decode(string text, int length)
    {
        if (text.Length != (length * 4 + 2) / 3 || !System.Buffers.Text.Base64Url.IsValid(text)) return null;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        return bytes.Length == length && System.Buffers.Text.Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}

/// <summary>What a device says of itself.</summary>
/// <param name="Name">What its owner calls it; 1 to 100 characters.</param>
/// <param name="DeviceType"><c>SmartPhone_IPhone</c> or <c>SmartPhone_Android</c>.</param>
/// <param name="Platform"><c>IOS</c>, <c>ANDROID</c>, <c>WINDOWS</c>, <c>MACOS</c> or <c>LINUX</c>.</param>
/// <param name="Version">Of its operating system or app; up to 50 characters.</param>
public sealed record DeviceDescription(string Name, string DeviceType, string Platform, string Version)
{
    private const int LongestName = 100, LongestVersion = 50;

    /// <summary>Whether a name can be shown.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && !string.IsNullOrWhiteSpace(name) && IsPlain(name);

    /// <summary>Whether a version can be shown.</summary>
    public static bool IsVersion(string version) => version.Length <= LongestVersion && IsPlain(version);

    /// <summary>Whether all of it can be shown.</summary>
    public bool IsValid() => IsName(Name) && IsVersion(Version)
        && DeviceType is "SmartPhone_IPhone" or "SmartPhone_Android" && Platform is "IOS" or "ANDROID" or "WINDOWS" or "MACOS" or "LINUX";

    // Half a surrogate pair has no bytes in UTF-8: what is signed would not be what is kept.
    private static bool IsPlain(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)) return false;
        return true;
    }
}

/// <summary>What authenticates a device's request: <c>{user}.{factor}.{issuedAt}.{signature}</c>.</summary>
/// <param name="User">The user.</param>
/// <param name="Factor">The factor.</param>
/// <param name="IssuedAtText">Unix milliseconds, as they were signed.</param>
/// <param name="Signature">The signature of the <c>request</c> statement, base64url.</param>
public readonly record struct DeviceProof(Users.UserId User, FactorId Factor, string IssuedAtText, string Signature)
{
    private const int Longest = 300;

    /// <summary>Reads one; null when it has not the form.</summary>
    public static DeviceProof? Read(string? text)
    {
        if (text is null || text.Length > Longest || text.Split('.') is not [var user, var factor, var issuedAt, var signature]) return null;
        return Identifiers.Identifier.HasForm(user, Users.UserId.Prefix) && Identifiers.Identifier.HasForm(factor, PushFactor.Prefix)
            && issuedAt.Length is > 0 and <= 14 && !issuedAt.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? new DeviceProof(new Users.UserId(user), new FactorId(factor), issuedAt, signature) : null;
    }

    /// <summary>When it was signed, by the device's clock.</summary>
    public DateTimeOffset IssuedAt => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(IssuedAtText, System.Globalization.CultureInfo.InvariantCulture));
}
