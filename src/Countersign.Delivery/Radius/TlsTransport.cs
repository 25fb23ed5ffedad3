using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Countersign.Delivery.Radius;

/// <summary>
/// RADIUS over TLS (RFC 6614). One connection carries all requests, told apart by their identifiers; it is opened by the first, and again by the next one after it ended. Nothing
/// is sent twice on a connection: TCP sees to that (RFC 6613 §2.6.1).
/// </summary>
internal sealed class TlsTransport(string host, int port, RadiusServerSettings server, SslClientAuthenticationOptions encryption) : IRadiusTransport
{
    /// <summary>RFC 6614 §2.3: the secret is no secret any more.</summary>
    private const string UsualSecret = "radsec";
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(server.Secret.Length > 0 ? server.Secret : UsualSecret);
    private readonly SemaphoreSlim _opening = new(1);
    private TlsLink? _link;

    public async Task<RadiusReply> ExchangeAsync(AccessRequest request, CancellationToken limit)
    {
        try
        {
            var (link, isNew) = await LinkAsync(limit).ConfigureAwait(false);
            var reply = await link.ExchangeAsync(request, limit).ConfigureAwait(false);
            // A connection that lay idle may have been ended by the server without our knowing.
            return reply.Answer is not null || isNew || !link.HasEnded ? reply
                : await (await LinkAsync(limit).ConfigureAwait(false)).Link.ExchangeAsync(request, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return RadiusReply.None("no answer in time");
        }
        catch (Exception failure) when (failure is SocketException or AuthenticationException or IOException)
        {
            return RadiusReply.None(failure is SocketException refused ? $"the connection failed: {refused.SocketErrorCode}" : $"the connection could not be encrypted: {failure.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _link, null) is { } link) await link.DisposeAsync().ConfigureAwait(false);
        _opening.Dispose();
    }

    private async Task<(TlsLink Link, bool IsNew)> LinkAsync(CancellationToken limit)
    {
        await _opening.WaitAsync(limit).ConfigureAwait(false);
        try
        {
            if (_link is { HasEnded: false } open) return (open, false);
            if (_link is not null) await _link.DisposeAsync().ConfigureAwait(false);
            _link = null;
            _link = new TlsLink(await OpenAsync(limit).ConfigureAwait(false), _secret, server.RequireMessageAuthenticator);
            return (_link, true);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<SslStream> OpenAsync(CancellationToken limit)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(host, port, limit).ConfigureAwait(false);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(encryption, limit).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }
}
