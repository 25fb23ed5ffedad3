using System.Buffers.Binary;

namespace Countersign.Delivery.Radius;

/// <summary>The layout of packets (RFC 2865 §3): code, identifier, length in two octets, an authenticator of 16, then attributes.</summary>
internal static class RadiusPacket
{
    /// <summary>Octets before the attributes; the shortest packet.</summary>
    public const int HeaderLength = 20;
    /// <summary>The longest packet.</summary>
    public const int LongestLength = 4096;
    /// <summary>RFC 2865 §5: the longest value of an attribute.</summary>
    public const int LongestValue = 253;

    /// <summary>The length that a packet's first octets say it has; 0 when it is none that a packet can have.</summary>
    public static int LengthOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 4) return 0;
        var length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        return length is >= HeaderLength and <= LongestLength ? length : 0;
    }
}

/// <summary>Goes through the attributes of a packet (RFC 2865 §5): a type, a length that counts both, and a value.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> packet)
{
    private readonly ReadOnlySpan<byte> _packet = packet;
    private int _next = RadiusPacket.HeaderLength;

    /// <summary>The attribute's type.</summary>
    public RadiusAttribute Type { get; private set; }
    /// <summary>Where in the packet the attribute's value begins.</summary>
    public int ValueAt { get; private set; }
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }
    /// <summary>Whether what came next was no attribute.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads the next attribute. False at the end, and at what is no attribute.</summary>
    public bool Read()
    {
        var rest = _packet[_next..];
        if (IsBroken || rest.IsEmpty) return false;
        if (rest.Length < 2 || rest[1] < 2 || rest[1] > rest.Length)
        {
            IsBroken = true;
            return false;
        }
        Type = (RadiusAttribute)rest[0];
        Value = rest[2..rest[1]];
        ValueAt = _next + 2;
        _next += rest[1];
        return true;
    }
}
