using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.Tls;
using Countersign.Factors.BackEnds;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Radius;

/// <summary>
/// Asks RADIUS servers about passcodes, the first one that answers. One that did not answer is passed over for a while (RFC 5080 §2.2.1), unless none is left. A challenge is
/// continued by the server that it came from, which alone knows its State.
/// </summary>
public sealed class RadiusBackEnd : ITokenBackEnd, IAsyncDisposable
{
    private const int UdpPort = 1812, TlsPort = 2083;
    /// <summary>Octets before a challenge's State that say which server it is from.</summary>
    private const int TagLength = 4;

    private readonly RadiusSettings _settings;
    private readonly Server[] _servers;
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Makes the back end. Nothing is connected before the first passcode.</summary>
    /// <param name="settings">How servers are asked.</param>
    /// <param name="servers">The servers with their names, in the order in which they are asked; one at least.</param>
    /// <param name="clock">The clock of all waits.</param>
    /// <param name="logger">Told of servers that do not answer.</param>
    /// <exception cref="Countersign.Settings.SettingsException">A server's files cannot be read.</exception>
    public RadiusBackEnd(RadiusSettings settings, IReadOnlyList<(string Name, RadiusServerSettings Settings)> servers, TimeProvider clock, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count);
        (_settings, _clock, _logger) = (settings, clock, logger);
        _places = new SemaphoreSlim(settings.MostAtOnce);
        _servers = [.. servers.Select(server => Make(server.Name, server.Settings))];
    }

    /// <inheritdoc/>
    public async ValueTask<TokenAnswer> CheckAsync(TokenCheck check, CancellationToken cancellationToken)
    {
        if (!await HasPlaceAsync(cancellationToken).ConfigureAwait(false)) return new TokenAnswer.Silent();
        try
        {
            var first = await AskAsync(check, check.PassCode, check.State, cancellationToken).ConfigureAwait(false);
            // Two consecutive codes: both must be right. A server that wants the second one of its own accord gets it in answer to that.
            return check.NextPassCode is not { } next ? first : first switch
            {
                TokenAnswer.Accepted => await AskAsync(check, next, default, cancellationToken).ConfigureAwait(false),
                TokenAnswer.Challenged challenge => await AskAsync(check, next, challenge.State, cancellationToken).ConfigureAwait(false),
                _ => first,
            };
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.Transport.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    private async Task<bool> HasPlaceAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<TokenAnswer> AskAsync(TokenCheck check, string passCode, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken)
    {
        var challenger = kept.Length >= TagLength ? Array.Find(_servers, server => server.Tag.AsSpan().SequenceEqual(kept.Span[..TagLength])) : null;
        var request = new AccessRequest
        {
            UserName = check.CredentialId,
            Password = passCode,
            NasIdentifier = _settings.NasIdentifier,
            CallingStationId = check.ClientAddress,
            State = challenger is null ? default : kept[TagLength..],
        };
        foreach (var server in challenger is null ? InOrder() : [challenger])
        {
            using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var reply = await server.Transport.ExchangeAsync(request, either.Token).ConfigureAwait(false);
            if (reply.Answer is { } answer)
            {
                server.DeadUntil = 0;
                return Meaning(answer, server);
            }
            cancellationToken.ThrowIfCancellationRequested();
            server.DeadUntil = (_clock.GetUtcNow() + _settings.DeadFor).UtcTicks;
            _logger.LogWarning(EventIds.BackEndSilent, "RADIUS server {Server} did not answer: {Reason}", server.Name, reply.Reason);
        }
        return new TokenAnswer.Silent();
    }

    /// <summary>Those that are not passed over; all of them when none is left.</summary>
    private Server[] InOrder()
    {
        var now = _clock.GetUtcNow().UtcTicks;
        var alive = Array.FindAll(_servers, server => server.DeadUntil <= now);
        return alive.Length > 0 ? alive : _servers;
    }

    private static TokenAnswer Meaning(AccessAnswer answer, Server server) => answer.Code switch
    {
        RadiusCode.AccessAccept => new TokenAnswer.Accepted(),
        RadiusCode.AccessChallenge => new TokenAnswer.Challenged((byte[])[.. server.Tag, .. answer.State], answer.Message),
        _ => new TokenAnswer.Rejected(),
    };

    private Server Make(string name, RadiusServerSettings server)
    {
        var port = server.Port > 0 ? server.Port : server.Tls ? TlsPort : UdpPort;
        IRadiusTransport transport = server.Tls
            ? new TlsTransport(server.Host, port, server, TlsFiles.Client(server.TlsHost.Length > 0 ? server.TlsHost : server.Host, server.CaFile,
                TlsFiles.Certificate(server.CertificateFile, server.CertificateKeyFile, server.CertificatePassword)))
            : new UdpTransport(server.Host, port, server, _settings.ResendAfter, _clock);
        return new Server(name, SHA256.HashData(Encoding.UTF8.GetBytes($"{server.Host}:{port}"))[..TagLength], transport);
    }

    private sealed class Server(string name, byte[] tag, IRadiusTransport transport)
    {
        private long _deadUntil;

        public string Name => name;
        public byte[] Tag => tag;
        public IRadiusTransport Transport => transport;
        /// <summary>Until when it is passed over, in ticks.</summary>
        public long DeadUntil { get => Volatile.Read(ref _deadUntil); set => Volatile.Write(ref _deadUntil, value); }
    }
}
