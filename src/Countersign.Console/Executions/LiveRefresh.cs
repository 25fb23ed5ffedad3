namespace Countersign.Console.Executions;

/// <summary>
/// Looks again and again: soon while something changes, ever later while nothing does, so that many open pages cost little.
/// </summary>
internal sealed class LiveRefresh(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(15);

    private CancellationTokenSource? _running;

    /// <summary>Begins, or begins anew with the shortest wait.</summary>
    /// <param name="look">Looks once; answers whether something changed, or null when there is nothing more to look for.</param>
    public void Start(Func<CancellationToken, Task<bool?>> look)
    {
        Stop();
        _running = new CancellationTokenSource();
        _ = RunAsync(look, _running.Token);
    }

    /// <summary>Ends.</summary>
    public void Stop()
    {
        _running?.Cancel();
        _running?.Dispose();
        _running = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private async Task RunAsync(Func<CancellationToken, Task<bool?>> look, CancellationToken stopped)
    {
        var wait = Shortest;
        try
        {
            while (!stopped.IsCancellationRequested)
            {
                await Task.Delay(wait, clock, stopped);
                if (await look(stopped) is not { } changed)
                    return;
                wait = changed ? Shortest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, wait.Ticks * 3 / 2));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
