using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Radius;

/// <summary>
/// RADIUS over UDP (RFC 2865 §2.4). Each request has a socket of its own, connected to the server: its port and identifier cannot be foreseen, the system drops what comes from
/// elsewhere, and what is sent again is the same packet from the same port, which the server knows for a copy (RFC 5080 §2.2.2).
/// </summary>
internal sealed class UdpTransport(string host, int port, RadiusServerSettings server, TimeSpan resendAfter, TimeProvider clock) : IRadiusTransport
{
    /// <summary>RFC 5080 §2.2.1: the longest wait (MRT).</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(16);
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(server.Secret);

    public async Task<RadiusReply> ExchangeAsync(AccessRequest request, CancellationToken limit)
    {
        using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var seen = RadiusFault.None;
        try
        {
            await socket.ConnectAsync(host, port, ended.Token).ConfigureAwait(false);
            var authenticator = RandomNumberGenerator.GetBytes(RadiusCrypto.Size);
            var identifier = RandomNumberGenerator.GetBytes(1)[0];
            var packet = request.Write(identifier, authenticator, _secret);
            // No datagram is longer, so none comes as an error of the system's.
            var buffer = new byte[65_536];
            var wait = resendAfter;
            var resend = Resend();
            await socket.SendAsync(packet, ended.Token).ConfigureAwait(false);

            while (true)
            {
                var receive = socket.ReceiveAsync(buffer, ended.Token).AsTask();
                while (await Task.WhenAny(receive, resend).ConfigureAwait(false) == resend)
                {
                    await resend.ConfigureAwait(false);
                    wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestWait.Ticks));
                    resend = Resend();
                    await socket.SendAsync(packet, ended.Token).ConfigureAwait(false);
                }
                var length = await receive.ConfigureAwait(false);
                var fault = AccessAnswer.Read(buffer.AsSpan(0, length), identifier, authenticator, _secret, server.RequireMessageAuthenticator, out var answer);
                if (answer is not null) return new RadiusReply(answer, "");
                // RFC 2865 §3: passed over in silence. The right one may still come.
                seen = fault;
            }

            // RFC 5080 §2.2.1: a tenth more or less, so that many clients do not send again at once.
            Task Resend() => Task.Delay(wait * RandomNumberGenerator.GetInt32(900, 1101) / 1000, clock, ended.Token);
        }
        catch (OperationCanceledException)
        {
            return RadiusReply.None(seen == RadiusFault.None ? "no answer in time" : $"no answer that counts in time; the last was passed over: {seen}");
        }
        catch (SocketException failure)
        {
            return RadiusReply.None($"the network says {failure.SocketErrorCode}");
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => default;
}
