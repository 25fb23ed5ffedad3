using System.Net;
using System.Net.Sockets;
using Countersign.Testing;
using Npgsql;

namespace Countersign.Storage.Tests.Commits;

/// <summary>Stands between a node and PostgreSQL, and cuts a connection at a chosen moment.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private int _exchangesLeft = int.MaxValue;
    private volatile bool _beforeTheServer;

    public CuttingProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new IPEndPoint(IPAddress.Parse(server.Host!), server.Port);
        _listener.Start();
        server.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = server.ConnectionString;
        _ = AcceptAsync();
    }

    public string ConnectionString { get; }

    public int Cuts { get; private set; }

    /// <summary>Lets some exchanges pass; of the next one, the server is never told, or the node is not told the answer.</summary>
    public void CutAfter(int exchanges, bool beforeTheServer)
    {
        _beforeTheServer = beforeTheServer;
        Volatile.Write(ref _exchangesLeft, exchanges);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        await foreach (var node in _listener.AcceptAllAsync()) _ = PassAsync(node);
    }

    private async Task PassAsync(TcpClient node)
    {
        using (node)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_server);
            var cut = new TaskCompletionSource();
            var isLast = false;
            var up = PumpAsync(node, server, () => isLast = Interlocked.Decrement(ref _exchangesLeft) == -1, () => isLast && _beforeTheServer, cut);
            var down = PumpAsync(server, node, () => isLast, () => isLast, cut);
            await Task.WhenAny(up, down, cut.Task);
            if (cut.Task.IsCompleted) Cuts++;
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> seen, Func<bool> stops, TaskCompletionSource cut)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                seen();
                if (stops())
                {
                    cut.TrySetResult();
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            // Either end is gone.
        }
    }
}
