using System.Buffers.Binary;

namespace Countersign.Delivery.Smpp;

/// <summary>Why octets are not the PDU that they should be.</summary>
internal enum PduFault
{
    /// <summary>They are.</summary>
    None,
    /// <summary>The length is shorter than a header, or longer than anything that is sent here.</summary>
    Length,
    /// <summary>The body ends within a field.</summary>
    CutOff,
    /// <summary>A text does not end within the field's bound.</summary>
    Text,
    /// <summary>An optional parameter is longer than what is left, or not of its size.</summary>
    Parameter,
}

/// <summary>The first sixteen octets of every PDU (SMPP v3.4 §3.2).</summary>
/// <param name="Length">Octets of the whole PDU with this header.</param>
/// <param name="Command">What it asks or answers.</param>
/// <param name="Status">How it went; zero in requests.</param>
/// <param name="Sequence">The number that joins a response to its request.</param>
internal readonly record struct PduHeader(int Length, CommandId Command, uint Status, uint Sequence)
{
    /// <summary>The header's own octets.</summary>
    public const int Size = 16;

    /// <summary>The longest PDU that is read: one whose message_payload is as long as its length can say (§5.3.2.32), and all the rest.</summary>
    public const int LongestPdu = 66 * 1024;

    /// <summary>The last sequence number; the next is 1 (§3.2).</summary>
    public const uint LastSequence = 0x7fffffff;

    /// <summary>Reads the header of the octets, of which there are sixteen at least.</summary>
    public static PduFault Read(ReadOnlySpan<byte> octets, out PduHeader header)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(octets);
        header = default;
        if (length is < Size or > LongestPdu) return PduFault.Length;
        header = new PduHeader((int)length, (CommandId)BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[8..]), BinaryPrimitives.ReadUInt32BigEndian(octets[12..]));
        return PduFault.None;
    }
}
