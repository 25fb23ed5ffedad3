using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Countersign.Outbound;

namespace Countersign.Delivery.Http;

/// <summary>
/// The HTTP client of one provider, for the provider's whole life. It trusts the other side with nothing: it follows no redirect (the message would go to an
/// address that nobody configured, with its credentials), keeps no cookies, unpacks nothing, and reads at most <see cref="LongestBody"/> bytes. What happens on
/// the way is a value. Its time limit is the caller's cancellation token. Thread-safe.
/// </summary>
internal sealed class BoundedHttpClient : IDisposable
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int LongestBody = 64 * 1024;

    private static readonly ProductInfoHeaderValue Product = new("Countersign", typeof(BoundedHttpClient).Assembly.GetName().Version!.ToString(3));

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;

    /// <summary>Makes a client.</summary>
    /// <param name="clock">By which dates in answers are read.</param>
    /// <param name="encryption">How TLS is to be spoken; null for the usual way.</param>
    /// <param name="allows">Which addresses a request's name may lead to; null: any. Where a proxy is set up, it is the proxy that finds the address.</param>
    /// <param name="guard">Judges every address, where users choose the target: then no proxy is used; null: nobody does.</param>
    public BoundedHttpClient(TimeProvider clock, SslClientAuthenticationOptions? encryption = null, Func<Uri, IPAddress, bool>? allows = null, OutboundGuard? guard = null)
    {
        _clock = clock;
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = allows is null && guard is null ? null : (context, cancellationToken) => ConnectAsync(context, allows, guard, cancellationToken),
            UseProxy = guard is null,
            SslOptions = encryption ?? new SslClientAuthenticationOptions(),
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Names may be pointed elsewhere while the process runs.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            // A body that is not wanted is not read to its end either: its connection is closed.
            MaxResponseDrainSize = 0,
            // Our trace ids are nobody else's business.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(Product);
    }

    /// <summary>Sends a request once and reads the answer.</summary>
    public async Task<HttpReply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The token's, or ConnectTimeout's.
            return new HttpReply.Silent(TimedOut: true);
        }
        catch (HttpRequestException failure) when (OutboundRefusedException.Find(failure) is { } refusal)
        {
            return new HttpReply.Silent(TimedOut: false) { Refusal = refusal };
        }
        catch (HttpRequestException failure)
        {
            return failure.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
                ? new HttpReply.Malformed() : new HttpReply.Silent(TimedOut: false);
        }
        using (response)
        {
            var (body, fault) = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return new HttpReply.Answered(response.StatusCode, body, fault, RetryAfter.Read(response.Headers.RetryAfter, _clock.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Connects to an address that is allowed: the very one that was looked at, so that a name cannot lead elsewhere in between.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, Func<Uri, IPAddress, bool>? allows, OutboundGuard? guard, CancellationToken cancellationToken)
    {
        var (host, target) = (context.DnsEndPoint.Host, context.InitialRequestMessage.RequestUri!);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        // A proxy's address is not the target's.
        if (allows is not null && host.Equals(target.IdnHost, StringComparison.OrdinalIgnoreCase)) addresses = Array.FindAll(addresses, address => allows(target, address));
        if (guard is not null)
        {
            addresses = [.. guard.Sieve(target, addresses, out var refusal)];
            if (refusal is not null) throw new OutboundRefusedException(refusal);
        }
        if (addresses.Length == 0) throw new HttpRequestException(HttpRequestError.ConnectionError, "the name leads to no address that may be called");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Body, BodyFault Fault)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            // One byte more than allowed tells a long body from one that just fits, whatever its headers say of its length.
            var buffer = new byte[LongestBody + 1];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length > LongestBody ? (default, BodyFault.TooLong) : (buffer.AsMemory(0, length), BodyFault.None);
        }
        catch (OperationCanceledException)
        {
            return (default, BodyFault.Late);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return (default, BodyFault.CutOff);
        }
    }
}
