namespace Countersign.Factors.Otp;

/// <summary>Base32 (RFC 4648 §6), upper case, without padding: the form in which authenticator apps exchange secrets.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The text of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0, bits = 0, at = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8 | value) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) text[at++] = Alphabet[buffer >> (bits - 5) & 31];
        }
        if (bits > 0) text[at] = Alphabet[buffer << (5 - bits) & 31];
        return new string(text);
    }

    /// <summary>Reads base32 in either case, padded or not. False when a character, the length or the left-over bits are not base32's.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        text = text.TrimEnd('=');
        bytes = [];
        if (text.Length % 8 is 1 or 3 or 6) return false;
        var result = new byte[text.Length * 5 / 8];
        int buffer = 0, bits = 0, at = 0;
        foreach (var character in text)
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (value < 0 || !char.IsAscii(character)) return false;
            buffer = (buffer << 5 | value) & 0xfff;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            result[at++] = (byte)(buffer >> bits);
        }
        if ((buffer & ((1 << bits) - 1)) != 0) return false;
        bytes = result;
        return true;
    }
}
