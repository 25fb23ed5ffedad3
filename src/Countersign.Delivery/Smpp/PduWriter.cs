using System.Buffers.Binary;
using System.Text;

namespace Countersign.Delivery.Smpp;

/// <summary>Writes fields one after the other into octets that are long enough; a text that is longer than its field is a mistake of the caller's.</summary>
internal ref struct PduWriter(Span<byte> octets)
{
    private Span<byte> _rest = octets;

    public void Number(uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_rest, number);
        _rest = _rest[4..];
    }

    public void Octet(byte octet)
    {
        _rest[0] = octet;
        _rest = _rest[1..];
    }

    public void Octets(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_rest);
        _rest = _rest[octets.Length..];
    }

    /// <summary>A C-octet string (SMPP v3.4 §3.1): ASCII and a zero octet, which counts in <paramref name="most"/>.</summary>
    public void Text(string text, int most)
    {
        if (text.Length >= most || !Ascii.IsValid(text) || text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"the text is not ASCII of at most {most - 1} characters");
        _rest = _rest[Encoding.ASCII.GetBytes(text, _rest)..];
        Octet(0);
    }

    /// <summary>An optional parameter (§3.2.4.1).</summary>
    public void Parameter(ParameterTag tag, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_rest, (ushort)tag);
        BinaryPrimitives.WriteUInt16BigEndian(_rest[2..], checked((ushort)value.Length));
        _rest = _rest[4..];
        Octets(value);
    }
}
