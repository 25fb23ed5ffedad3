using System.IO.Compression;

namespace Countersign.Storage.Catalog;

/// <summary>Bytes that are kept compressed when that makes them smaller; the first byte says.</summary>
internal static class Packed
{
    private const byte Plain = 0, Deflated = 1;
    private const int Shortest = 160, Longest = 64 * 1024 * 1024;

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Shortest)
        {
            using var packed = new MemoryStream(bytes.Length / 2);
            packed.WriteByte(Deflated);
            using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bytes);
            if (packed.Length < bytes.Length) return packed.ToArray();
        }
        return [Plain, .. bytes];
    }

    /// <exception cref="InvalidDataException">These are not bytes that were packed.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        if (packed is [Plain, ..]) return packed[1..];
        if (packed is not [Deflated, ..]) throw new InvalidDataException("a piece of the catalog is damaged");
        using var deflate = new DeflateStream(new MemoryStream(packed, 1, packed.Length - 1), CompressionMode.Decompress);
        using var bytes = new MemoryStream(packed.Length * 4);
        var buffer = new byte[16_384];
        for (int read; (read = deflate.Read(buffer)) > 0;)
        {
            if (bytes.Length + read > Longest) throw new InvalidDataException("a piece of the catalog is damaged");
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }
}
