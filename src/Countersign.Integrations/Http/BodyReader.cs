using System.Buffers;

namespace Countersign.Integrations.Http;

/// <summary>Reads a body, unpacked, up to a bound: what is beyond is not read.</summary>
internal sealed class BodyReader(int most)
{
    private const int AtOnce = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _read = new();

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Bytes => _read.WrittenMemory;

    /// <summary>Whether there was more.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Reads. What was read before something goes wrong is kept.</summary>
    public async Task ReadAsync(HttpResponseMessage response, CallTrace call)
    {
        if (most == 0) return;
        using var body = await response.Content.ReadAsStreamAsync(call.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(AtOnce);
        try
        {
            while (true)
            {
                // One byte more than allowed tells a long body from one that just fits.
                var wanted = (int)Math.Min(buffer.Length, (long)most + 1 - _read.WrittenCount);
                var count = await body.ReadAsync(buffer.AsMemory(0, wanted), call.Token).ConfigureAwait(false);
                if (count == 0) return;
                call.Heard();
                HasMore = _read.WrittenCount + count > most;
                _read.Write(buffer.AsSpan(0, HasMore ? most - _read.WrittenCount : count));
                if (HasMore) return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
