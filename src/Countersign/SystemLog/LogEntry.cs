using System.Buffers.Binary;

namespace Countersign.SystemLog;

/// <summary>An event with its place in the log.</summary>
/// <param name="Seq">Its number: without gaps, in the order of commits.</param>
/// <param name="Published">When it was committed; milliseconds.</param>
/// <param name="Event">What happened.</param>
public sealed record LogEntry(long Seq, DateTimeOffset Published, LogEvent Event)
{
    /// <summary>Its id for ever: a UUID made of the time and the number (RFC 9562 §5.8).</summary>
    public Guid Uuid
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(bytes, Published.ToUnixTimeMilliseconds() << 16);
            BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Seq);
            bytes[6] = 0x80;
            bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
            return new Guid(bytes, bigEndian: true);
        }
    }
}
