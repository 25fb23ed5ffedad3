namespace Countersign.Factors.YubiKey;

/// <summary>Modified hexadecimal: sixteen letters that are on the same key in most keyboard layouts, so that a YubiKey, which types, is read right (YubiKey manual §6.2).</summary>
public static class ModHex
{
    private const string Alphabet = "cbdefghijklnrtuv";

    /// <summary>The text of <paramref name="bytes"/>, two letters each, in lower case.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= 64 ? stackalloc char[2 * bytes.Length] : new char[2 * bytes.Length];
        for (var i = 0; i < bytes.Length; i++) (text[2 * i], text[2 * i + 1]) = (Alphabet[bytes[i] >> 4], Alphabet[bytes[i] & 15]);
        return new string(text);
    }

    /// <summary>Reads letters in either case, because of Caps Lock, into all of <paramref name="bytes"/>. False when there is another character, or not twice as many as bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != 2 * bytes.Length) return false;
        for (var i = 0; i < bytes.Length; i++)
        {
            var (high, low) = (ValueOf(text[2 * i]), ValueOf(text[2 * i + 1]));
            if (high < 0 || low < 0) return false;
            bytes[i] = (byte)(high << 4 | low);
        }
        return true;
    }

    private static int ValueOf(char letter) => char.IsAsciiLetter(letter) ? Alphabet.IndexOf((char)(letter | 0x20), StringComparison.Ordinal) : -1;
}
