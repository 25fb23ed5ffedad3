using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Countersign.Testing;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>
/// A message center of the tests' own, written from the specification's tables and sharing no code with the client. It is strict: whatever a client does that SMPP v3.4
/// does not allow is a fault, and the test that saw one fails when the server is disposed.
/// </summary>
internal sealed class SmppServer : IAsyncDisposable
{
    public const string SystemId = "countersign-01", Password = "pa55word";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<SmppPeer> _arrived = Channel.CreateUnbounded<SmppPeer>();
    private readonly ConcurrentBag<SmppPeer> _peers = [];
    private readonly Task _accepting;

    public SmppServer(X509Certificate2? certificate = null)
    {
        _listener.Start();
        _accepting = AcceptAsync(certificate);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    /// <summary>What bind_transceiver is answered with.</summary>
    public uint BindStatus { get; set; }
    /// <summary>Whether a bind is answered at all.</summary>
    public bool IsSilent { get; set; }
    /// <summary>The most requests that may wait for an answer.</summary>
    public int Window { get; set; } = 10;
    /// <summary>Whether every message is accepted by itself, its id <c>m</c> and its sequence number; else the test answers.</summary>
    public bool Accepts { get; set; } = true;
    /// <summary>Everything that a client did wrong.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>The next connection.</summary>
    public Task<SmppPeer> PeerAsync() => Signals.NextAsync(_arrived);

    /// <summary>The next connection, once it is bound.</summary>
    public async Task<SmppPeer> BoundAsync()
    {
        var peer = await PeerAsync();
        await peer.Bound.WaitAsync(Signals.Limit);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var peer in _peers) await peer.DisposeAsync();
        _stopping.Dispose();
        Assert.Empty(Faults);
    }

    private async Task AcceptAsync(X509Certificate2? certificate)
    {
        await foreach (var client in _listener.AcceptAllAsync(_stopping.Token))
        {
            client.NoDelay = true;
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var encrypted = new SslStream(stream);
                stream = encrypted;
                try
                {
                    await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stopping.Token);
                }
                catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException)
                {
                    client.Dispose();
                    continue;
                }
            }
            var peer = new SmppPeer(this, client, stream);
            _peers.Add(peer);
            _arrived.Writer.TryWrite(peer);
        }
    }
}

/// <summary>Waiting in tests: for a signal, with a limit, never for a time.</summary>
internal static class Signals
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<T> NextAsync<T>(Channel<T> channel) => channel.Reader.ReadAsync().AsTask().WaitAsync(Limit);
}
