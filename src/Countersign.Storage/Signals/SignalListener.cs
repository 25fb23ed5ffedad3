using Countersign.Signals;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Countersign.Storage.Signals;

/// <summary>
/// Hears what other nodes tell, on a connection of its own, which is opened again when it breaks. Whether it hears at all is found out by telling something to itself by another
/// connection: through a pooler that gives each transaction another connection, and on engines that know no notifications, nothing arrives. Then it tries again now and then, and whoever
/// waits looks every few seconds as ever.
/// </summary>
internal sealed class SignalListener(NpgsqlDataSource source, SignalHub hub, SignalSender sender, string node, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long it may take until a node hears itself.</summary>
    public static readonly TimeSpan EchoLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task? _listening;
    private int _failures;
    private bool _hearsItself;

    /// <summary>Begins to listen, unless it does. It does not wait until it hears.</summary>
    public void Start()
    {
        if (_listening is not null) return;
        lock (_gate)
            if (!_stopping.IsCancellationRequested) _listening ??= Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _stopping.Cancel();
        if (_listening is { } listening) await listening;
        await source.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (_failures++ == 0) logger.LogWarning(EventIds.SignalsNotHeard, exception, "Other nodes are not heard; until they are, what waits looks every few seconds");
            }
            await Task.Delay(Pause(_failures), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>None, then a quarter of a second, and twice as long each time.</summary>
    private static TimeSpan Pause(int failures)
        => failures <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, Math.Min(failures, 20) - 2), LongestPause.TotalSeconds));

    private async Task ListenAsync(CancellationToken stopping)
    {
        _hearsItself = false;
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN countersign", connection)) await listen.ExecuteNonQueryAsync(stopping);
        await HearItselfAsync(connection, stopping);
        if (_failures > 0) logger.LogInformation(EventIds.SignalsHeard, "Other nodes are heard again");
        _failures = 0;
        // What was told before this connection listened was told to nobody.
        hub.RaiseAll();
        while (true) await connection.WaitAsync(stopping);
    }

    private async Task HearItselfAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(EchoLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await sender.SendAsync([SignalPayload.Write(node, SignalPayload.Echo)], either.Token);
            while (!_hearsItself) await connection.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new TimeoutException("No notification arrives. Is a pooler in between that gives each transaction another connection?");
        }
    }

    private void Hear(string payload)
    {
        if (!SignalPayload.TryRead(payload, out var from, out var what, out var users)) return;
        if (from == node)
        {
            // Its own watches were signalled when it was raised.
            if (what == SignalPayload.Echo) _hearsItself = true;
            return;
        }
        if (what == SignalPayload.Everything) hub.RaiseAll();
        foreach (var user in users) hub.Raise(user);
    }
}
