using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Countersign.Delivery.Radius;

/// <summary>One connection to a server and the requests that wait for their answers on it (RFC 6613 §2.6). Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and callers may come after the connection's end.")]
internal sealed class TlsLink : IAsyncDisposable
{
    /// <summary>RFC 6613 §2.6.5: identifiers of one connection.</summary>
    private const int Identifiers = 256;
    private readonly Stream _stream;
    private readonly byte[] _secret;
    private readonly bool _requiresMessageAuthenticator;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Waiting?[] _waiting = new Waiting?[Identifiers];
    private readonly Task _reading;
    private int _last = RandomNumberGenerator.GetInt32(Identifiers);
    private string? _ended;

    public TlsLink(Stream stream, byte[] secret, bool requiresMessageAuthenticator)
    {
        (_stream, _secret, _requiresMessageAuthenticator) = (stream, secret, requiresMessageAuthenticator);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Whether no more requests can be made.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate) return _ended is not null;
        }
    }

    /// <summary>Asks, and waits for the answer. An identifier stays taken until its answer came, however late.</summary>
    /// <exception cref="OperationCanceledException">There was no time to wait longer.</exception>
    public async Task<RadiusReply> ExchangeAsync(AccessRequest request, CancellationToken limit)
    {
        var waiting = new Waiting(RandomNumberGenerator.GetBytes(RadiusCrypto.Size));
        if (Take(waiting) is not { } identifier) return RadiusReply.None(_ended ?? "the server leaves requests unanswered");
        var packet = request.Write(identifier, waiting.Authenticator, _secret);
        await _writing.WaitAsync(limit).ConfigureAwait(false);
        try
        {
            if (!HasEnded) await _stream.WriteAsync(packet, CancellationToken.None).AsTask().WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Cut off in the middle: what would follow could not be understood.
            End("the server takes nothing");
            throw;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            End("the connection was lost");
        }
        finally
        {
            _writing.Release();
        }
        return await waiting.Reply.Task.WaitAsync(limit).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        End("the connection was closed");
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private byte? Take(Waiting waiting)
    {
        lock (_gate)
        {
            for (var tries = 0; _ended is null && tries < Identifiers; tries++)
            {
                _last = (_last + 1) % Identifiers;
                if (_waiting[_last] is not null) continue;
                _waiting[_last] = waiting;
                return (byte)_last;
            }
            // A server that leaves all of them unanswered is not there.
            _ended ??= "the server leaves requests unanswered";
            return null;
        }
    }

    private async Task ReadAsync()
    {
        var packet = new byte[RadiusPacket.LongestLength];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(packet.AsMemory(0, 4)).ConfigureAwait(false);
                var length = RadiusPacket.LengthOf(packet);
                if (length == 0)
                {
                    End("the server sent what is no packet");
                    return;
                }
                await _stream.ReadExactlyAsync(packet.AsMemory(4, length - 4)).ConfigureAwait(false);
                if (Take(packet.AsSpan(0, length)) is not { } fault) continue;
                End($"the server sent an answer that does not count: {fault}");
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            End("the connection was lost");
        }
    }

    /// <summary>Hands an answer to who waits for it. RFC 6613 §2.6.4: one that is not what it must be ends the connection.</summary>
    private RadiusFault? Take(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_waiting[packet[1]] is not { } waiting) return RadiusFault.Identifier;
            var fault = AccessAnswer.Read(packet, packet[1], waiting.Authenticator, _secret, _requiresMessageAuthenticator, out var answer);
            if (answer is null) return fault;
            _waiting[packet[1]] = null;
            waiting.Reply.TrySetResult(new RadiusReply(answer, ""));
            return null;
        }
    }

    private void End(string reason)
    {
        lock (_gate)
        {
            _ended ??= reason;
            foreach (var waiting in _waiting) waiting?.Reply.TrySetResult(RadiusReply.None(_ended));
            Array.Clear(_waiting);
        }
    }

    private sealed record Waiting(byte[] Authenticator)
    {
        // Continuations run elsewhere: this is completed under a lock.
        public TaskCompletionSource<RadiusReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
