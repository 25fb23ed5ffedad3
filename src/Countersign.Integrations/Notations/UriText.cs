using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>Addresses as text.</summary>
internal static class UriText
{
    /// <summary>Percent-encodes what an address may not contain; escapes that are there stay (workflow contract 8.2).</summary>
    public static string Encode(string text)
    {
        if (!text.Any(character => character == '%' || IsForbidden(character))) return text;
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var next = at += rune.Utf16SequenceLength;
            if (rune.Value == '%' && !(next + 1 < text.Length && char.IsAsciiHexDigit(text[next]) && char.IsAsciiHexDigit(text[next + 1])))
            {
                encoded.Append("%25");
                continue;
            }
            if (rune.IsAscii && !IsForbidden((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }
            foreach (var octet in bytes[..rune.EncodeToUtf8(bytes)]) encoded.Append('%').Append(octet.ToString("X2"));
        }
        return encoded.ToString();
    }

    private static bool IsForbidden(char character) => character <= ' ' || character > '~' || character is '"' or '\'' or '<' or '>' or '^' or '|' or '{' or '}' or '\\' or '`';
}

/// <summary>Headers as text.</summary>
internal static class HeaderText
{
    /// <summary>Whether it is a token (RFC 9110 §5.6.2).</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 200 && text.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal));
}
