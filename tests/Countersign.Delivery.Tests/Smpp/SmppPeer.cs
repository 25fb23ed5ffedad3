using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>One client of the tests' message center.</summary>
internal sealed class SmppPeer : IAsyncDisposable
{
    private readonly SmppServer _server;
    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource _bound = new(TaskCreationOptions.RunContinuationsAsynchronously), _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _outstanding;
    private uint _lastSequence, _ownSequence = 1000;

    public SmppPeer(SmppServer server, TcpClient client, Stream stream)
    {
        (_server, _client, _stream) = (server, client, stream);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>When bind_transceiver was answered.</summary>
    public Task Bound => _bound.Task;
    /// <summary>When unbind was answered.</summary>
    public Task Unbound => _unbound.Task;
    /// <summary>When the client closed the connection.</summary>
    public Task Closed => _reading;
    public Channel<Submission> Submissions { get; } = Channel.CreateUnbounded<Submission>();
    public Channel<uint> Enquiries { get; } = Channel.CreateUnbounded<uint>();
    /// <summary>Responses to this side's requests: command, status, sequence.</summary>
    public Channel<(uint Command, uint Status, uint Sequence)> Responses { get; } = Channel.CreateUnbounded<(uint, uint, uint)>();
    /// <summary>Whether enquire_link is answered.</summary>
    public bool AnswersEnquiries { get; set; } = true;

    public Task<Submission> SubmissionAsync() => Signals.NextAsync(Submissions);

    public Task AcceptAsync(Submission submission, string id) => AnswerAsync(submission, 0, [.. Encoding.ASCII.GetBytes(id), 0]);
    public Task RefuseAsync(Submission submission, uint status) => AnswerAsync(submission, status, []);

    public async Task AnswerAsync(Submission submission, uint status, byte[] body)
    {
        Interlocked.Decrement(ref _outstanding);
        await SendAsync(0x80000004, status, submission.Sequence, body);
    }

    /// <summary>Sends a request and waits for the status of its answer.</summary>
    public async Task<uint> AskAsync(uint command, byte[] body, bool inPieces = false)
    {
        var sequence = ++_ownSequence;
        await WriteAsync(Build(command, 0, sequence, body), inPieces);
        var response = await Signals.NextAsync(Responses);
        Assert.Equal(sequence, response.Sequence);
        Assert.True(response.Command == (command | 0x80000000) || response.Command == 0x80000000);
        return response.Status;
    }

    /// <summary>Once this is done, everything that the client had sent before is here.</summary>
    public Task BarrierAsync() => AskAsync(0x15, []);

    public Task SendAsync(uint command, uint status, uint sequence, byte[] body) => WriteAsync(Build(command, status, sequence, body), false);

    public async Task WriteAsync(byte[] octets, bool inPieces)
    {
        await _writing.WaitAsync();
        try
        {
            foreach (var piece in inPieces ? octets.Chunk(1) : [octets])
            {
                await _stream.WriteAsync(piece);
                await _stream.FlushAsync();
                if (inPieces) await Task.Yield();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public void HangUp() => _client.Client.Close();

    public static byte[] Build(uint command, uint status, uint sequence, byte[] body)
    {
        var pdu = new List<byte>();
        foreach (var number in (uint[])[(uint)(16 + body.Length), command, status, sequence])
            pdu.AddRange([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
        return [.. pdu, .. body];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading;
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            var header = new byte[16];
            while (await _stream.ReadAtLeastAsync(header, 16, throwOnEndOfStream: false) is var count and > 0)
            {
                if (count < 16) throw new SmppFaultException("a header was cut off");
                var cursor = new Cursor(header);
                var (length, command, status, sequence) = (cursor.Four(), cursor.Four(), cursor.Four(), cursor.Four());
                if (length is < 16 or > 70_000) throw new SmppFaultException($"command_length {length}");
                var body = new byte[length - 16];
                await _stream.ReadExactlyAsync(body);
                await TakeAsync(command, status, sequence, new Cursor(body));
            }
        }
        catch (SmppFaultException fault)
        {
            _server.Faults.Enqueue(fault.Message);
            _client.Dispose();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            // The connection is gone.
        }
        Submissions.Writer.TryComplete();
    }

    private async Task TakeAsync(uint command, uint status, uint sequence, Cursor body)
    {
        if ((command & 0x80000000) == 0)
        {
            if (status != 0) throw new SmppFaultException("a request had a status");
            if (sequence != _lastSequence + 1) throw new SmppFaultException($"sequence_number {sequence} followed {_lastSequence}");
            _lastSequence = sequence;
            if (command != 0x09 && !Bound.IsCompleted) throw new SmppFaultException($"command {command:X8} before the bind was answered");
        }
        switch (command)
        {
            case 0x09:
                var systemId = body.Text(16);
                var password = body.Text(9);
                body.Text(13);
                if (body.One() != 0x34) throw new SmppFaultException("interface_version");
                if (body.One() != 0 || body.One() != 0 || body.Text(41).Length != 0) throw new SmppFaultException("address_range");
                body.End();
                if (_server.IsSilent) return;
                var answer = _server.BindStatus != 0 ? _server.BindStatus : systemId != SmppServer.SystemId ? 0x0f : password != SmppServer.Password ? 0x0e : 0u;
                if (answer == 0) _bound.TrySetResult();
                // §4.1.6: system_id, then sc_interface_version.
                await SendAsync(0x80000009, answer, sequence, answer == 0 ? [.. "test-smsc\0"u8, 0x02, 0x10, 0x00, 0x01, 0x34] : []);
                break;
            case 0x04:
                var submission = Submission.Read(sequence, body);
                if (Interlocked.Increment(ref _outstanding) > _server.Window) throw new SmppFaultException("more requests than the window allows");
                if (_server.Accepts) await AcceptAsync(submission, $"m{sequence.ToString(CultureInfo.InvariantCulture)}");
                Submissions.Writer.TryWrite(submission);
                break;
            case 0x15:
                body.End();
                Enquiries.Writer.TryWrite(sequence);
                if (AnswersEnquiries) await SendAsync(0x80000015, 0, sequence, []);
                break;
            case 0x06:
                body.End();
                await SendAsync(0x80000006, 0, sequence, []);
                _unbound.TrySetResult();
                break;
            case 0x80000005:
                if (body.Text(65).Length != 0) throw new SmppFaultException("message_id of deliver_sm_resp");
                body.End();
                Responses.Writer.TryWrite((command, status, sequence));
                break;
            case 0x80000006 or 0x80000015 or 0x80000000:
                body.End();
                Responses.Writer.TryWrite((command, status, sequence));
                break;
            default:
                throw new SmppFaultException($"command {command:X8}");
        }
    }
}

/// <summary>submit_sm as the table of §4.4.1 has it.</summary>
internal sealed partial record Submission(
    uint Sequence, string ServiceType, (byte Ton, byte Npi, string Address) Source, (byte Ton, byte Npi, string Address) Destination,
    byte EsmClass, string ValidityPeriod, byte DataCoding, byte[] Octets, bool IsPayload)
{
    /// <summary>The octets after the header of a segment.</summary>
    public byte[] TextOctets => (EsmClass & 0x40) == 0 ? Octets : Octets[(Octets[0] + 1)..];

    public static Submission Read(uint sequence, Cursor body)
    {
        var serviceType = body.Text(6);
        var source = (body.One(), body.One(), body.Text(21));
        var destination = (body.One(), body.One(), body.Text(21));
        var esmClass = body.One();
        if ((esmClass & ~0x40) != 0) throw new SmppFaultException("esm_class");
        if (body.One() != 0) throw new SmppFaultException("protocol_id");
        if (body.One() > 3) throw new SmppFaultException("priority_flag");
        if (body.Text(17) is not "") throw new SmppFaultException("schedule_delivery_time");
        var validity = body.Text(17);
        if (!Relative().IsMatch(validity)) throw new SmppFaultException("validity_period");
        if (body.One() != 1) throw new SmppFaultException("registered_delivery");
        if (body.One() != 0) throw new SmppFaultException("replace_if_present_flag");
        var dataCoding = body.One();
        if (dataCoding is not (0 or 8)) throw new SmppFaultException("data_coding");
        if (body.One() != 0) throw new SmppFaultException("sm_default_msg_id");
        var octets = body.Many(body.One());
        if (octets.Length > 254) throw new SmppFaultException("sm_length");
        if (!destination.Item3.All(char.IsAsciiDigit) || destination.Item3.Length == 0) throw new SmppFaultException("destination_addr");
        var isPayload = false;
        while (body.HasMore)
        {
            if (body.Two() != 0x0424 || isPayload || octets.Length > 0) throw new SmppFaultException("an optional parameter");
            (isPayload, octets) = (true, body.Many(body.Two()));
        }
        return new Submission(sequence, serviceType, source, destination, esmClass, validity, dataCoding, octets, isPayload);
    }

    [GeneratedRegex("^[0-9]{12}000R$")]
    private static partial Regex Relative();
}

/// <summary>Reads the fields of the specification's tables.</summary>
internal sealed class Cursor(byte[] octets)
{
    private int _at;

    public bool HasMore => _at < octets.Length;
    public byte One() => _at < octets.Length ? octets[_at++] : throw new SmppFaultException("a field is missing");
    public int Two() => One() << 8 | One();
    public uint Four() => (uint)Two() << 16 | (uint)Two();
    public byte[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => One())];

    public string Text(int size)
    {
        var text = new StringBuilder();
        for (byte octet; (octet = One()) != 0; text.Append((char)octet))
            if (octet > 0x7e || text.Length + 1 >= size) throw new SmppFaultException($"a text of more than {size} octets, or not of ASCII");
        return text.ToString();
    }

    public void End()
    {
        if (HasMore) throw new SmppFaultException("octets after the last field");
    }
}

internal sealed class SmppFaultException(string message) : Exception(message);
