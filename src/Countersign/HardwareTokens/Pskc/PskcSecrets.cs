using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>What opens encrypted PSKC files; nothing of it, when the file is in the clear.</summary>
/// <param name="PreSharedKey">The key that was agreed on (RFC 6030 §6.1): 16, 24 or 32 bytes.</param>
/// <param name="Password">The password that a key is derived from (RFC 6030 §6.2).</param>
public sealed record PskcSecrets(byte[]? PreSharedKey = null, string? Password = null)
{
    /// <summary>Neither is written.</summary>
    public override string ToString() => nameof(PskcSecrets);

    /// <summary>Reads a file with a key: hexadecimal or base64, with blanks and line ends, or the bytes themselves. False when it is none of 16, 24 or 32 bytes.</summary>
    public static bool TryKey(ReadOnlySpan<byte> file, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (file.Length > 1_024) return false;
        var text = string.Concat(Encoding.Latin1.GetString(file).Where(character => !char.IsWhiteSpace(character)));
        Span<byte> buffer = stackalloc byte[1_024];
        if (IsKeyLength(text.Length / 2) && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)) key = Convert.FromHexString(text);
        else if (Convert.TryFromBase64String(text, buffer, out var length) && IsKeyLength(length)) key = buffer[..length].ToArray();
        else if (IsKeyLength(file.Length)) key = file.ToArray();
        return key is not null;
    }

    internal static bool IsKeyLength(int bytes) => bytes is 16 or 24 or 32;
}
