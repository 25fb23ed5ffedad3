using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Testing;

namespace Countersign.Integrations.Tests.Http;

/// <summary>A request as it came, to the byte.</summary>
internal sealed record RawRequest(string Line, IReadOnlyDictionary<string, string> Headers, string HeaderText, byte[] Body)
{
    public string Method => Line.Split(' ')[0];
    public string Target => Line.Split(' ')[1];
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A server on a port of this machine that answers with the bytes that a test says, well or badly.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawRequest, Stream, CancellationToken, Task<bool>> _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<RawRequest> _requests = new();

    /// <summary>Starts.</summary>
    /// <param name="answer">Writes an answer; false ends the connection.</param>
    /// <param name="address">Where to listen.</param>
    public RawServer(Func<RawRequest, Stream, CancellationToken, Task<bool>> answer, IPAddress? address = null)
    {
        _answer = answer;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    public IReadOnlyList<RawRequest> Requests => [.. _requests];
    public int Connections { get; private set; }
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string Url => $"http://{((IPEndPoint)_listener.LocalEndpoint).Address}:{Port}";

    /// <summary>A server that gives every request the same answer.</summary>
    public static RawServer Answering(string answer) => new(async (_, stream, cancellationToken) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellationToken);
        return answer.Contains("Content-Length", StringComparison.Ordinal);
    });

    /// <summary>An answer with a length.</summary>
    public static string Reply(int status, string body = "", string headers = "") => $"HTTP/1.1 {status} Whatever\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body))}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        await foreach (var client in _listener.AcceptAllAsync(_end.Token))
        {
            Connections++;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    if (!await _answer(request, stream, _end.Token)) break;
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The other side has gone, or the test is over.
            }
        }
    }

    private async Task<RawRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head[^Math.Min(4, head.Count)..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) return null;
            head.Add(one[0]);
        }
        var lines = Encoding.UTF8.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length) : 0];
        await stream.ReadExactlyAsync(body, _end.Token);
        return new RawRequest(lines[0], headers, string.Join('\n', lines.Skip(1)), body);
    }
}
