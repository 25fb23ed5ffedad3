using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Bench.Load;

/// <summary>Polls that wait, each on a connection of its own: sent, and not answered while their cell is measured.</summary>
internal sealed class OpenPolls : IDisposable
{
    private const int AtOnce = 64;

    private readonly List<Socket> _connections = [];

    private OpenPolls()
    {
    }

    /// <summary>Polls that were answered, or whose connection ended, although they were to wait.</summary>
    public int Ended => _connections.Count(connection => connection.Poll(0, SelectMode.SelectRead));

    /// <summary>Opens a poll of each path.</summary>
    public static async Task<OpenPolls> OpenAsync(Uri server, string token, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var polls = new OpenPolls();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(paths, options, async (path, cancellation) =>
        {
            var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            lock (polls._connections) polls._connections.Add(connection);
            await connection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), cancellation);
            var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: SSWS {token}\r\nPrefer: wait=60\r\n\r\n");
            await connection.SendAsync(request, cancellation);
        });
        return polls;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }
}
