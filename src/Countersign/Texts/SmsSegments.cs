namespace Countersign.Texts;

/// <summary>How the characters of a text message travel.</summary>
public enum SmsEncoding
{
    /// <summary>The GSM 7-bit default alphabet; units are septets.</summary>
    Gsm7,
    /// <summary>UCS-2; units are of two octets, of which characters outside the basic plane take two.</summary>
    Ucs2,
}

/// <summary>
/// How long a text message is: what it costs. A text that does not fit one message is cut into segments of which each begins with six octets that say how
/// they belong together (3GPP TS 23.040 §9.2.3.24.1).
/// </summary>
/// <param name="Encoding">GSM 7-bit when the alphabet has every character, else UCS-2.</param>
/// <param name="Units">Septets or UCS-2 units, without those of the segments' headers.</param>
/// <param name="Segments">How many messages it takes; one for an empty text.</param>
public readonly record struct SmsSegments(SmsEncoding Encoding, int Units, int Segments)
{
    /// <summary>The most segments of one text: their number is one octet (3GPP TS 23.040 §9.2.3.24.1).</summary>
    public const int Most = 255;

    /// <summary>Counts a text.</summary>
    public static SmsSegments Count(string text)
    {
        var encoding = Gsm7.TryCount(text, out var units) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        if (encoding == SmsEncoding.Ucs2) units = text.Length;
        if (units <= Whole(encoding)) return new SmsSegments(encoding, units, 1);
        var segments = 0;
        for (var rest = text.AsSpan(); !rest.IsEmpty; segments++) rest = rest[Fitting(rest, encoding)..];
        return new SmsSegments(encoding, units, segments);
    }

    /// <summary>Cuts a text where its segments end; an escape pair or a surrogate pair stays whole. One part, the whole text, when it needs no cut.</summary>
    public static IReadOnlyList<ReadOnlyMemory<char>> Split(string text)
    {
        var (encoding, _, segments) = Count(text);
        if (segments == 1) return [text.AsMemory()];
        var parts = new List<ReadOnlyMemory<char>>(segments);
        for (var rest = text.AsMemory(); !rest.IsEmpty; rest = rest[parts[^1].Length..]) parts.Add(rest[..Fitting(rest.Span, encoding)]);
        return parts;
    }

    // 140 octets are 160 septets or 70 units (TS 23.040 §9.2.3.16); less the header's six octets, rounded up to septets, 153 or 67.
    private static int Whole(SmsEncoding encoding) => encoding == SmsEncoding.Gsm7 ? 160 : 70;
    private static int Part(SmsEncoding encoding) => encoding == SmsEncoding.Gsm7 ? 153 : 67;

    /// <summary>How many of the first characters fit one segment.</summary>
    private static int Fitting(ReadOnlySpan<char> text, SmsEncoding encoding)
    {
        var units = 0;
        for (var at = 0; at < text.Length;)
        {
            var isPair = encoding == SmsEncoding.Ucs2 && at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            units += encoding == SmsEncoding.Gsm7 ? Gsm7.Septets(text[at]) : isPair ? 2 : 1;
            if (units > Part(encoding)) return at;
            at += isPair ? 2 : 1;
        }
        return text.Length;
    }
}
