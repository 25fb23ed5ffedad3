using System.Formats.Cbor;

namespace Countersign.WebAuthn;

/// <summary>Reads CBOR (RFC 8949) that others made, without exceptions for who calls.</summary>
internal static class Cbor
{
    /// <summary>The length of the one item that <paramref name="bytes"/> begin with; false when it is not of this type or not well-formed.</summary>
    public static bool TryLength(ReadOnlyMemory<byte> bytes, CborReaderState type, out int length)
    {
        length = 0;
        if (bytes.IsEmpty) return false;
        try
        {
            var reader = Reader(bytes, allowsMore: true);
            if (reader.PeekState() != type) return false;
            reader.SkipValue();
            length = bytes.Length - reader.BytesRemaining;
            return true;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return false;
        }
    }

    /// <summary>Reads one item with <paramref name="read"/>; the default when it is not what is read, or something follows.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> bytes, Func<CborReader, T?> read)
    {
        if (bytes.IsEmpty) return default;
        try
        {
            var reader = Reader(bytes, allowsMore: false);
            var value = read(reader);
            return reader.BytesRemaining == 0 ? value : default;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return default;
        }
    }

    /// <summary>Not CBOR; another type than is read, which some of what is not CBOR is taken for too; or a number that is too large.</summary>
    private static bool IsUnreadable(Exception exception) => exception is CborContentException or InvalidOperationException or OverflowException;

    /// <summary>Strict: no key twice, no text that is not UTF-8.</summary>
    private static CborReader Reader(ReadOnlyMemory<byte> bytes, bool allowsMore) => new(bytes, CborConformanceMode.Strict, allowMultipleRootLevelValues: allowsMore);
}
