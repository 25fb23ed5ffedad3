using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// One bound connection (SMPP v3.4 §2.2), shared by all sends. It owns its loops: one reads, one writes, one keeps the link alive, some note receipts. Whatever ends
/// one of them ends the session, all requests in it, and the connection; nothing throws afterwards.
/// </summary>
internal sealed class SmppSession : IAsyncDisposable
{
    private const int ReceiptsWaiting = 256, ReceiptsAtOnce = 8;
    // What a peer that is leaving, or is left, may take for its last octets.
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly SmppSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Func<DeliveryReceipt, CancellationToken, Task<uint>> _takeReceipt;
    private readonly PendingRequests _requests;
    private readonly OutgoingPdus _outgoing = new();
    private readonly Channel<(uint Sequence, DeliveryReceipt Receipt)> _receipts = Channel.CreateBounded<(uint, DeliveryReceipt)>(ReceiptsWaiting);
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly Task<string> _run;
    private long _heard;

    private SmppSession(Stream stream, SmppSettings settings, TimeProvider clock, Func<DeliveryReceipt, CancellationToken, Task<uint>> takeReceipt)
    {
        (_stream, _settings, _clock, _takeReceipt) = (stream, settings, clock, takeReceipt);
        _requests = new PendingRequests(settings.Window, settings.ResponseTimeout, clock, reason => _lost.TrySetResult(reason));
        _closed = _closing.Token;
        _heard = clock.GetTimestamp();
        _run = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends when the session does, and says why.</summary>
    public Task<string> Ended => _run;

    /// <summary>Connects and binds. Throws <see cref="SmppException"/> when that does not work.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="clock">The time.</param>
    /// <param name="takeReceipt">Takes a receipt and gives the status of the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SmppSession> OpenAsync(
        SmppSettings settings, TimeProvider clock, Func<DeliveryReceipt, CancellationToken, Task<uint>> takeReceipt, CancellationToken cancellationToken)
    {
        SmppSession? session = null;
        try
        {
            session = new SmppSession(await ConnectAsync(settings, clock, cancellationToken), settings, clock, takeReceipt);
            var answer = await session.RequestAsync(new BindTransceiver(settings.SystemId, settings.Password, settings.SystemType), false).WaitAsync(cancellationToken);
            return answer.IsOk ? session : throw new SmppException($"the bind failed: {answer}");
        }
        catch
        {
            if (session is not null) await session.CloseAsync("the session was not bound");
            throw;
        }
    }

    private static async Task<Stream> ConnectAsync(SmppSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var inTime = new CancellationTokenSource(settings.ResponseTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancellationToken);
        try
        {
            return await SmppConnection.OpenAsync(settings, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmppException("the connection was not made in time");
        }
    }

    /// <summary>
    /// Submits a message once there is a place in the window; <paramref name="make"/> is called only then, and gives null when it is too late to send it. A caller that
    /// gives up leaves the request to be answered.
    /// </summary>
    public async Task<SmppAnswer> SubmitAsync(Func<SubmitSm?> make, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed);
        try
        {
            await _requests.EnterAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SmppAnswer.None(await _run.WaitAsync(cancellationToken));
        }
        if (make() is { } message) return await RequestAsync(message, true).WaitAsync(cancellationToken);
        _requests.Leave();
        return SmppAnswer.None("the code has ended");
    }

    /// <summary>Asks whether the server is there (§4.11).</summary>
    public Task<SmppAnswer> EnquireAsync(CancellationToken cancellationToken) => RequestAsync(new EmptyPdu(CommandId.EnquireLink), false).WaitAsync(cancellationToken);

    /// <summary>Unbinds (§4.2) when the session is not over yet, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_run.IsCompleted) await Task.WhenAny(RequestAsync(new EmptyPdu(CommandId.Unbind), false), _run, Task.Delay(Parting, CancellationToken.None));
        await CloseAsync("the session was closed");
    }

    private async Task CloseAsync(string reason)
    {
        _lost.TrySetResult(reason);
        await _run;
        _closing.Dispose();
    }

    private Task<SmppAnswer> RequestAsync(IPdu pdu, bool isInWindow) => _requests.Add(pdu.Command, isInWindow, sequence => Send(pdu, CommandStatus.Ok, sequence));

    private void Send(IPdu pdu, uint status, uint sequence)
    {
        if (!_outgoing.TryAdd(pdu, status, sequence)) _lost.TrySetResult("the server does not read");
    }

    private async Task<string> RunAsync()
    {
        var writing = _outgoing.WriteAsync(_stream, _closed);
        List<Task> loops = [_lost.Task, writing, ReadAsync(), KeepAliveAsync(), .. Enumerable.Range(0, ReceiptsAtOnce).Select(_ => NoteAsync())];
        var reason = Reason(await Task.WhenAny(loops));

        _lost.TrySetResult(reason);
        _requests.End(reason);
        _outgoing.Complete();
        await Task.WhenAny(writing, Task.Delay(Parting, CancellationToken.None));
        await _closing.CancelAsync();
        await _stream.DisposeAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return reason;
    }

    private static string Reason(Task ended) => ended switch
    {
        Task<string> { IsCompletedSuccessfully: true } lost => lost.Result,
        { Exception.InnerException: SmppException exception } => exception.Message,
        { Exception.InnerException: { } exception } => $"the connection was lost: {exception.GetType().Name}",
        _ => "the connection was lost",
    };

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_closed);
                var rest = result.Buffer;
                while (TryCut(ref rest, out var header, out var body)) Take(header, body);
                reader.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted) throw new SmppException(rest.IsEmpty ? "the server hung up" : "the server hung up within a PDU");
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Cuts the first PDU off what was read. False when it is not all there yet.</summary>
    private bool TryCut(ref ReadOnlySequence<byte> rest, out PduHeader header, out ReadOnlySequence<byte> body)
    {
        (header, body) = (default, default);
        if (rest.Length < PduHeader.Size) return false;
        Span<byte> start = stackalloc byte[PduHeader.Size];
        rest.Slice(0, PduHeader.Size).CopyTo(start);
        // Beyond a wrong length there is no telling where the next PDU begins.
        if (PduHeader.Read(start, out header) != PduFault.None) throw new SmppException("the server sent no PDU, or one of an impossible length");
        if (rest.Length < header.Length) return false;
        body = rest.Slice(PduHeader.Size, header.Length - PduHeader.Size);
        rest = rest.Slice(header.Length);
        return true;
    }

    private void Take(in PduHeader header, in ReadOnlySequence<byte> body)
    {
        Volatile.Write(ref _heard, _clock.GetTimestamp());
        var octets = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        switch (header.Command)
        {
            case CommandId.EnquireLink:
                Send(new EmptyPdu(CommandId.EnquireLinkResp), CommandStatus.Ok, header.Sequence);
                break;
            case CommandId.DeliverSm:
                TakeDelivery(header.Sequence, octets);
                break;
            case CommandId.Unbind:
                Send(new EmptyPdu(CommandId.UnbindResp), CommandStatus.Ok, header.Sequence);
                throw new SmppException("the server unbound");
            case CommandId.AlertNotification:
                break;                  // §4.12.1: has no response
            case var command when command.IsResponse:
                string? messageId = null;
                if (command == CommandId.SubmitSmResp && header.Status == CommandStatus.Ok && SubmitSmResp.Read(octets, out messageId) != PduFault.None)
                    throw new SmppException("the server sent a response that is not well formed");
                _requests.Answer(header, messageId);
                break;
            default:
                Send(new EmptyPdu(CommandId.GenericNack), CommandStatus.InvalidCommandId, header.Sequence);
                break;
        }
    }

    // A message that can never be read is refused for good, and one that is not for us is taken: a session that ended over it would only meet it again.
    private void TakeDelivery(uint sequence, ReadOnlySpan<byte> body)
    {
        if (DeliverSm.Read(body, out var message) != PduFault.None) Send(DeliverSmResp.Instance, CommandStatus.PermanentError, sequence);
        else if (!message.IsReceipt || DeliveryReceipt.From(message) is not { } receipt) Send(DeliverSmResp.Instance, CommandStatus.Ok, sequence);
        else if (!_receipts.Writer.TryWrite((sequence, receipt))) Send(DeliverSmResp.Instance, CommandStatus.TemporaryError, sequence);
    }

    private async Task NoteAsync()
    {
        await foreach (var (sequence, receipt) in _receipts.Reader.ReadAllAsync(_closed))
            Send(DeliverSmResp.Instance, await _takeReceipt(receipt, _closed), sequence);
    }

    private async Task KeepAliveAsync()
    {
        while (true)
        {
            var quiet = _clock.GetElapsedTime(Volatile.Read(ref _heard));
            if (quiet < _settings.EnquireLink) await Task.Delay(_settings.EnquireLink - quiet, _clock, _closed);
            else if (await EnquireAsync(_closed) is { Missing: not null }) throw new SmppException("the server did not answer enquire_link");
        }
    }
}
