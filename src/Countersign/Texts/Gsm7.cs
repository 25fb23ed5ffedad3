namespace Countersign.Texts;

/// <summary>
/// The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1 and §6.2.1.1), one septet an octet, unpacked: the form in which text messages are
/// counted, and in which message centers take them.
/// </summary>
public static class Gsm7
{
    private const byte Escape = 0x1b;

    // §6.2.1, by code. The place of the escape holds what a text may have there only by mistake; it is never looked up.
    private const string Alphabet =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // §6.2.1.1: characters that take two septets, the escape and a code.
    private const string Extended = "\f^{}\\[~]|€";
    private static ReadOnlySpan<byte> ExtendedCodes => [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];

    /// <summary>How many septets a character takes: one, two for those of the extension table, zero when the alphabet does not have it.</summary>
    public static int Septets(char character)
        => character == Escape ? 0 : Alphabet.Contains(character, StringComparison.Ordinal) ? 1 : Extended.Contains(character, StringComparison.Ordinal) ? 2 : 0;

    /// <summary>How many septets a text takes. False when the alphabet lacks one of its characters.</summary>
    public static bool TryCount(ReadOnlySpan<char> text, out int septets)
    {
        septets = 0;
        foreach (var character in text)
        {
            var count = Septets(character);
            if (count == 0) return false;
            septets += count;
        }
        return true;
    }

    /// <summary>Writes a text, one septet an octet. False when the alphabet lacks one of its characters or <paramref name="destination"/> is too short.</summary>
    public static bool TryEncode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        foreach (var character in text)
        {
            var count = Septets(character);
            if (count == 0 || count > destination.Length - written) return false;
            if (count == 2) destination[written++] = Escape;
            destination[written++] = count == 2
                ? ExtendedCodes[Extended.IndexOf(character, StringComparison.Ordinal)]
                : (byte)Alphabet.IndexOf(character, StringComparison.Ordinal);
        }
        return true;
    }

    /// <summary>
    /// Reads octets of one septet each, as a phone would show them: a code that the extension table lacks as the alphabet's own, an escape without a code as a space
    /// (§6.2.1.1), an octet over 0x7f as U+FFFD.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> septets)
    {
        var text = new char[septets.Length];
        var length = 0;
        for (var at = 0; at < septets.Length; at++)
        {
            var isExtended = septets[at] == Escape && at + 1 < septets.Length;
            text[length++] = Character(septets[isExtended ? ++at : at], isExtended);
        }
        return new string(text, 0, length);
    }

    private static char Character(byte code, bool isExtended)
    {
        if (isExtended && ExtendedCodes.IndexOf(code) is >= 0 and var index) return Extended[index];
        return code switch { Escape => ' ', < 0x80 => Alphabet[code], _ => '\ufffd' };
    }
}
