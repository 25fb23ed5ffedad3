using System.Buffers;
using System.Threading.Channels;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// PDUs on their way to the server: written one after the other into a buffer, which goes to the stream as a whole while the next one fills.
/// So a PDU is never cut by a caller that gives up, and many at once share one write.
/// </summary>
internal sealed class OutgoingPdus
{
    // Far more than a full window; only a server that asks and does not read its answers gets here.
    private const int MostWaiting = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ArrayBufferWriter<byte> _waiting = new(4096), _writing = new(4096);

    /// <summary>Adds a PDU. False when so much waits that the server does not seem to read.</summary>
    public bool TryAdd(IPdu pdu, uint status, uint sequence)
    {
        lock (_gate)
        {
            if (_waiting.WrittenCount > MostWaiting) return false;
            var length = Pdu.Length(pdu);
            Pdu.Write(pdu, status, sequence, _waiting.GetSpan(length));
            _waiting.Advance(length);
        }
        _wake.Writer.TryWrite(true);
        return true;
    }

    /// <summary>No more will be added: <see cref="WriteAsync"/> ends once everything is written.</summary>
    public void Complete() => _wake.Writer.TryComplete();

    /// <summary>Writes what is added, until <see cref="Complete"/>.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (await _wake.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_wake.Reader.TryRead(out _))
            {
                lock (_gate) (_waiting, _writing) = (_writing, _waiting);
                if (_writing.WrittenCount == 0) continue;
                await stream.WriteAsync(_writing.WrittenMemory, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                // Texts have codes: they do not stay in memory longer than it takes to send them.
                _writing.Clear();
            }
        }
    }
}
