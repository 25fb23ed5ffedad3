using System.Xml;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>Passes a file on as long as none of its tags is longer than a bound, because an XML reader keeps a tag whole, however long it is.</summary>
internal sealed class BoundedTags(Stream inner, int longest) : Stream
{
    private int _length = -1;   // of the tag that is being read; -1 outside of one

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        foreach (var value in buffer[..count])
        {
            if (value == (byte)'<') _length = 0;
            else if (value == (byte)'>') _length = -1;
            else if (_length >= 0 && ++_length > longest) throw new InvalidDataException($"a tag is longer than {longest} bytes");
        }
        return count;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A table of names that does not grow without bound: an XML reader remembers every name that it meets.</summary>
internal sealed class BoundedNames(int most) : XmlNameTable
{
    private readonly NameTable _names = new();
    private int _characters;

    public override string Add(string array) => Get(array) ?? Count(_names.Add(array));
    public override string Add(char[] array, int offset, int length) => Get(array, offset, length) ?? Count(_names.Add(array, offset, length));
    public override string? Get(string array) => _names.Get(array);
    public override string? Get(char[] array, int offset, int length) => _names.Get(array, offset, length);

    private string Count(string name) => (_characters += name.Length) <= most ? name : throw new InvalidDataException($"its names have more than {most} characters together");
}
