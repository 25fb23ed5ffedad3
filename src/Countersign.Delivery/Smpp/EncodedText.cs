using System.Text;
using Countersign.Texts;

namespace Countersign.Delivery.Smpp;

/// <summary>A text, or one segment of it, as the octets of a PDU.</summary>
/// <param name="EsmClass">0x40 when the octets begin with a header (SMPP v3.4 §5.2.12), else zero.</param>
/// <param name="DataCoding">0 for the server's default alphabet, 8 for UCS-2 (§5.2.19).</param>
/// <param name="Octets">The header, if any, and the text.</param>
/// <param name="IsPayload">Whether they travel as message_payload rather than as short_message.</param>
internal readonly record struct EncodedText(byte EsmClass, byte DataCoding, ReadOnlyMemory<byte> Octets, bool IsPayload)
{
    private const byte HasHeader = 0x40;
    private const byte DefaultAlphabet = 0, Ucs2 = 8;
    private const int HeaderLength = 6;

    /// <summary>
    /// Encodes a text: one piece when it fits one message or <paramref name="asPayload"/> allows a longer one, else one piece a segment. Empty when it is longer than
    /// can be said.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="asPayload">Whether a text too long for one message travels as one message_payload (§5.3.2.32).</param>
    /// <param name="reference">Tells the segments of one text from those of another to the same phone.</param>
    public static IReadOnlyList<EncodedText> Encode(string text, bool asPayload, byte reference)
    {
        var (encoding, units, segments) = SmsSegments.Count(text);
        if (segments == 1) return [new EncodedText(0, Coding(encoding), Encode(text, encoding, 0), false)];
        if (asPayload)
            return units * (encoding == SmsEncoding.Ucs2 ? 2 : 1) <= ushort.MaxValue ? [new EncodedText(0, Coding(encoding), Encode(text, encoding, 0), true)] : [];
        if (segments > SmsSegments.Most) return [];
        var pieces = new List<EncodedText>(segments);
        foreach (var part in SmsSegments.Split(text))
        {
            var octets = Encode(part.Span, encoding, HeaderLength);
            // 3GPP TS 23.040 §9.2.3.24.1: the header's length, element 0 of three octets, reference, how many, which.
            ReadOnlySpan<byte> header = [HeaderLength - 1, 0, 3, reference, (byte)segments, (byte)(pieces.Count + 1)];
            header.CopyTo(octets);
            pieces.Add(new EncodedText(HasHeader, Coding(encoding), octets, false));
        }
        return pieces;
    }

    private static byte Coding(SmsEncoding encoding) => encoding == SmsEncoding.Ucs2 ? Ucs2 : DefaultAlphabet;

    private static byte[] Encode(ReadOnlySpan<char> text, SmsEncoding encoding, int offset)
    {
        if (encoding == SmsEncoding.Gsm7)
        {
            Gsm7.TryCount(text, out var septets);
            var octets = new byte[offset + septets];
            Gsm7.TryEncode(text, octets.AsSpan(offset), out _);
            return octets;
        }
        var units = new byte[offset + text.Length * 2];
        Encoding.BigEndianUnicode.GetBytes(text, units.AsSpan(offset));
        return units;
    }
}
