using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Testing.Authenticator;

/// <summary>What a device signs, made from <c>docs/authenticator-protocol.md</c> alone: "Keys and statements".</summary>
public static class Statement
{
    private const string Version = "countersign-authenticator/1";

    /// <summary>The bytes of a statement: of each text its length in four bytes, the most significant first, and its UTF-8.</summary>
    /// <param name="texts">The texts from the second on: the kind, and what the kind's table says.</param>
    public static byte[] Write(params IEnumerable<string> texts)
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var text in (IEnumerable<string>)[Version, .. texts])
        {
            var encoded = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, encoded.Length);
            bytes.Write(length);
            bytes.Write(encoded);
        }
        return bytes.ToArray();
    }

    /// <summary>Signs: 86 characters.</summary>
    public static string Sign(ECDsa key, byte[] statement)
        => Base64Url.EncodeToString(key.SignData(statement, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>Whether a signature is this key's over this.</summary>
    public static bool Verifies(ECDsa key, byte[] statement, string signature)
        => key.VerifyData(statement, Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
