using System.Buffers.Binary;
using System.Security.Cryptography;
using Countersign.SystemLog;

namespace Countersign.Storage.SystemLog;

/// <summary>One event as it is stored.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Body">The event's JSON.</param>
internal readonly record struct StoredEvent(long At, byte[] Body);

/// <summary>
/// The hash chain over the system log. Each commit's events get a digest keyed with a key that the database does not hold in the clear; the chain's hash is
/// SHA-256 over the hash before and the digest. The digest also vouches for an earlier head (the anchor), so that who can write to the database but has no
/// key can neither edit, remove nor reorder events, nor recompute the hashes after them.
/// </summary>
internal sealed class LogChain(byte[] key)
{
    /// <summary>The digest of one commit's events.</summary>
    public byte[] Digest(LogHead anchor, IReadOnlyList<StoredEvent> events)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64BigEndian(numbers, anchor.Seq);
        BinaryPrimitives.WriteInt32BigEndian(numbers[8..], events.Count);
        hmac.AppendData(numbers);
        hmac.AppendData(anchor.Hash);
        foreach (var logged in events)
        {
            BinaryPrimitives.WriteInt64BigEndian(numbers, logged.At);
            BinaryPrimitives.WriteInt32BigEndian(numbers[8..], logged.Body.Length);
            hmac.AppendData(numbers);
            hmac.AppendData(logged.Body);
        }
        return hmac.GetHashAndReset();
    }

    /// <summary>What vouches for the head before the first event that is kept, once older ones were removed.</summary>
    public byte[] Proof(LogHead start)
    {
        Span<byte> message = stackalloc byte[40];
        BinaryPrimitives.WriteInt64BigEndian(message, start.Seq);
        start.Hash.CopyTo(message[8..]);
        return HMACSHA256.HashData(key, message);
    }

    /// <summary>The chain's hash after a commit.</summary>
    public static byte[] Link(ReadOnlySpan<byte> before, ReadOnlySpan<byte> digest)
    {
        Span<byte> both = stackalloc byte[64];
        before.CopyTo(both);
        digest.CopyTo(both[32..]);
        return SHA256.HashData(both);
    }
}
