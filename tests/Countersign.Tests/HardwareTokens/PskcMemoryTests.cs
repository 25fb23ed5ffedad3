using System.Text;
using Countersign.HardwareTokens.Pskc;

namespace Countersign.Tests.HardwareTokens;

/// <summary>Memory is the whole process's, so these tests run while no other does.</summary>
[CollectionDefinition(nameof(PskcMemoryTests), DisableParallelization = true)]
public sealed class PskcMemory;

[Collection(nameof(PskcMemoryTests))]
public sealed class PskcMemoryTests
{
    /// <summary>None of these may be kept: each is longer than all that the reader may remember.</summary>
    [Theory]
    [InlineData("<KeyPackage><Key Id=\"", "aaaaaaaa")]
    [InlineData("<KeyPackage><Key><Data><Secret><PlainValue>", "aaaaaaaa")]
    [InlineData("", "<a>")]
    [InlineData("", "<KeyPackage/>")]
    [InlineData("<KeyPackage>", "<Key/>")]
    [InlineData("<KeyPackage>", "<Key Id='a'>x</Key>")]
    [InlineData("<!--", "aaaaaaaa")]
    [InlineData("<Unknown>", "<b>c</b>")]
    public void Nothing_in_a_file_is_kept_without_bound(string beginning, string repeated)
    {
        const int Length = 28 * 1024 * 1024;
        using var file = new RepeatingStream($"<KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">{beginning}", repeated, Length);
        long most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var count = 0;
        foreach (var _ in PskcReader.Read(file, new PskcSecrets()))
            if (count++ % 100_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);

        Assert.InRange(most, long.MinValue, 8 * 1024 * 1024);
    }

    /// <summary>A beginning, and then the same over and over.</summary>
    private sealed class RepeatingStream(string beginning, string repeated, long length) : Stream
    {
        private readonly byte[] _beginning = Encoding.UTF8.GetBytes(beginning), _repeated = Encoding.UTF8.GetBytes(repeated);
        private long _at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _at);
            for (var i = 0; i < count; i++, _at++) buffer[i] = _at < _beginning.Length ? _beginning[_at] : _repeated[(_at - _beginning.Length) % _repeated.Length];
            return count;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
