using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Countersign.Testing;

/// <summary>What a test's own server does first: it takes connections until it ends.</summary>
internal static class Connections
{
    /// <summary>Every connection that comes, until the listener stops or the token is cancelled, in whichever order the two happen.</summary>
    public static async IAsyncEnumerable<TcpClient> AcceptAllAsync(this TcpListener listener, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(cancellationToken);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // It was stopped while it waited, or between two connections ("Not listening").
                yield break;
            }
            yield return client;
        }
    }
}
