using System.Formats.Tar;
using System.IO.Compression;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>A document that is to be read.</summary>
/// <param name="Name">The file's name, or its path in a folder or an archive.</param>
/// <param name="Text">Its bytes; null when it is too long.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsCertain">Whether somebody named this document: then it is refused, not passed over, when it is none.</param>
public sealed record SourceDocument(string Name, byte[]? Text, long Length, bool IsCertain);

/// <summary>Where documents come from: a file, a folder, a zip or a tar archive (also compressed). They are handed out one by one, each read when its turn comes.</summary>
public sealed class DocumentSource
{
    /// <summary>An archive with more files is refused beyond them.</summary>
    public const int MostDocuments = 50_000;
    /// <summary>All files of an archive together, unpacked, in bytes.</summary>
    public const long MostBytes = 4L * 1024 * 1024 * 1024;

    private readonly Func<IEnumerable<SourceDocument>> _read;
    private readonly Func<int> _count;

    private DocumentSource(Func<IEnumerable<SourceDocument>> read, Func<int> count) => (_read, _count) = (read, count);

    /// <summary>A document by itself.</summary>
    public static DocumentSource Of(string name, byte[] text) => new(() => [new SourceDocument(name, text, text.Length, true)], () => 1);

    /// <summary>What a file or folder holds.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">What it is called; its own name when null.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DocumentSource Open(string path, string? name = null)
    {
        if (Directory.Exists(path)) return Folder(path);
        Span<byte> start = stackalloc byte[4];
        using (var file = File.OpenRead(path)) start = start[..file.ReadAtLeast(start, 4, throwOnEndOfStream: false)];
        if (IsZip(start)) return OfZip(() => File.OpenRead(path));
        if (IsArchive(start)) return OfTar(() => File.OpenRead(path));
        return new(() => [OfFile(path, name ?? Path.GetFileName(path), true)], () => 1);
    }

    /// <summary>What an archive holds that is in memory.</summary>
    public static DocumentSource OfArchive(byte[] bytes) => IsZip(bytes) ? OfZip(() => new MemoryStream(bytes)) : OfTar(() => new MemoryStream(bytes));

    /// <summary>Whether something that begins so is an archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> start) => IsZip(start) || start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    private static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK"u8);

    private static DocumentSource OfZip(Func<Stream> open) => new(() => Zip(open), () => CountZip(open));

    private static DocumentSource OfTar(Func<Stream> open) => new(() => TarGz(open), () => CountTar(open));

    /// <summary>How many documents there will be; a look over an archive's names.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">The archive is broken.</exception>
    public int Count() => _count();

    /// <summary>The documents.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">The archive is broken, or beyond a limit.</exception>
    public IEnumerable<SourceDocument> Read() => _read();

    private static bool IsDocument(string name) => Path.GetExtension(name).ToLowerInvariant() is ".json" or ".yaml" or ".yml"
        && !name.StartsWith('.') && Path.GetFileName(name) is not ("package.json" or "package-lock.json");

    private static DocumentSource Folder(string path)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 32 };
        IEnumerable<string> Files() => Directory.EnumerateFiles(path, "*", options).Where(IsDocument).Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).Take(MostDocuments);
        return new(() => Files().Order(StringComparer.Ordinal).Select(file => OfFile(file, Path.GetRelativePath(path, file), false)), () => Files().Count());
    }

    private static SourceDocument OfFile(string path, string name, bool isCertain)
    {
        var length = new FileInfo(path).Length;
        return new SourceDocument(name, length > DocumentText.Longest ? null : File.ReadAllBytes(path), length, isCertain);
    }

    private static int CountZip(Func<Stream> open)
    {
        using var archive = new ZipArchive(open(), ZipArchiveMode.Read);
        return archive.Entries.Count(entry => IsDocument(entry.FullName));
    }

    private static IEnumerable<SourceDocument> Zip(Func<Stream> open)
    {
        using var archive = new ZipArchive(open(), ZipArchiveMode.Read);
        var room = new Room();
        foreach (var entry in archive.Entries.Where(entry => IsDocument(entry.FullName)))
        {
            using var stream = entry.Open();
            yield return room.Take(entry.FullName, stream);
        }
    }

    private static int CountTar(Func<Stream> open)
    {
        var count = 0;
        foreach (var _ in Tar(open)) count++;
        return count;
    }

    private static IEnumerable<SourceDocument> TarGz(Func<Stream> open)
    {
        var room = new Room();
        foreach (var entry in Tar(open)) yield return entry.DataStream is { } stream ? room.Take(entry.Name, stream) : new SourceDocument(entry.Name, [], 0, false);
    }

    private static IEnumerable<TarEntry> Tar(Func<Stream> open)
    {
        using var file = open();
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bounded = new BoundedStream(unpacked, MostBytes);
        using var tar = new TarReader(bounded);
        while (tar.GetNextEntry() is { } entry)
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && IsDocument(entry.Name)) yield return entry;
    }

    /// <summary>What an archive may still bring: what its directory says of lengths is not believed.</summary>
    private sealed class Room
    {
        private long _bytes;
        private int _documents;

        public SourceDocument Take(string name, Stream stream)
        {
            if (++_documents > MostDocuments) throw new InvalidDataException($"The archive has more than {MostDocuments} documents.");
            using var text = new MemoryStream();
            var buffer = new byte[81_920];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                _bytes += read;
                if (_bytes > MostBytes) throw new InvalidDataException($"The archive unpacks to more than {MostBytes} bytes.");
                if (text.Length + read > DocumentText.Longest) return new SourceDocument(name, null, text.Length + read, false);
                text.Write(buffer, 0, read);
            }
            return new SourceDocument(name, text.ToArray(), text.Length, false);
        }
    }
}

/// <summary>A stream that ends with an error when more comes out of it than may.</summary>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _read += read;
        return _read <= most ? read : throw new InvalidDataException($"The archive unpacks to more than {most} bytes.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
