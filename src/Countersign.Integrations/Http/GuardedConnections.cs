using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Outbound;

namespace Countersign.Integrations.Http;

/// <summary>Finds the addresses of a host.</summary>
/// <param name="host">The host, in ASCII.</param>
/// <param name="cancellationToken">Gives up.</param>
public delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellationToken);

/// <summary>Makes connections, each to the very address that the guard looked at.</summary>
internal sealed class GuardedConnections(OutboundGuard guard, HostLookup lookup)
{
    private const int MostAddresses = 10;

    /// <summary>A client of its own or of many calls. It follows no redirect, keeps no cookies, uses no proxy, and unpacks.</summary>
    public HttpMessageInvoker Open() => new(new SocketsHttpHandler
    {
        ConnectCallback = ConnectAsync,
        PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new WatchedStream(context.PlaintextStream)),
        ConnectTimeout = HttpRequestSettings.LongestConnectTimeout,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
        // Names may be pointed elsewhere while the process runs.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 0,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    }, disposeHandler: true);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.InitialRequestMessage.RequestUri!;
        context.InitialRequestMessage.Options.TryGetValue(CallTrace.Key, out var call);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call?.Token ?? CancellationToken.None);
        call?.Enter(CallPhase.LookingUp);
        var host = OutboundGuard.HostOf(target);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await lookup(host, either.Token).ConfigureAwait(false);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);

        var allowed = guard.Sieve(target, addresses, out var refusal);
        call?.Refusal = refusal;
        if (refusal is not null) throw new HttpRequestException(HttpRequestError.ConnectionError, "the guard refused every address");
        call?.Enter(CallPhase.Connecting);
        var stream = await ConnectAsync(allowed, context.DnsEndPoint.Port, call, either.Token).ConfigureAwait(false);
        call?.Enter(target.Scheme == Uri.UriSchemeHttps ? CallPhase.AgreeingOnTls : CallPhase.Sending);
        return stream;
    }

    private static async Task<Stream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CallTrace? call, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], port), cancellationToken).ConfigureAwait(false);
                call?.Remote = addresses[i];
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < Math.Min(addresses.Count, MostAddresses))
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
