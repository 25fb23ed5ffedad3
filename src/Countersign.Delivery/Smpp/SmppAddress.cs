namespace Countersign.Delivery.Smpp;

/// <summary>An address as SMPP has it: with the type of number (SMPP v3.4 §5.2.5) and the numbering plan (§5.2.6).</summary>
internal readonly record struct SmppAddress(byte Ton, byte Npi, string Digits)
{
    /// <summary>The most characters of an address (§5.2.8, §5.2.9), without the zero octet.</summary>
    public const int Longest = 20;

    private const byte International = 1, NetworkSpecific = 3, Alphanumeric = 5;
    private const byte Unknown = 0, Isdn = 1;

    // As short codes are used: longer numbers are written with a plus.
    private const int LongestShortCode = 8;

    /// <summary>A phone number (E.164) without its plus. False when it is none.</summary>
    public static bool TryNumber(string text, out SmppAddress address)
    {
        var digits = text.StartsWith('+') ? text[1..] : "";
        address = new SmppAddress(International, Isdn, digits);
        return digits.Length is > 0 and <= Longest && digits.All(char.IsAsciiDigit);
    }

    /// <summary>
    /// A sender by its form: a number with a plus is international, a few digits a short code of the network, more digits an international number that lacks its plus,
    /// anything else a name; nothing is left to the server.
    /// </summary>
    public static SmppAddress Sender(string from)
    {
        if (from.Length == 0) return new SmppAddress(Unknown, Unknown, "");
        if (TryNumber(from, out var number)) return number;
        if (!from.All(char.IsAsciiDigit)) return new SmppAddress(Alphanumeric, Unknown, from);
        return from.Length <= LongestShortCode ? new SmppAddress(NetworkSpecific, Unknown, from) : new SmppAddress(International, Isdn, from);
    }

    /// <summary>The octets of ton, npi and address.</summary>
    public int Length => 2 + Digits.Length + 1;

    public void Write(ref PduWriter writer)
    {
        writer.Octet(Ton);
        writer.Octet(Npi);
        writer.Text(Digits, Longest + 1);
    }

    /// <summary>Keeps phone numbers out of messages.</summary>
    public override string ToString() => $"an address of ton {Ton} and npi {Npi}";
}
