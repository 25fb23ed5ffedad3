using Countersign.Storage.Commits;

namespace Countersign.Server.Health;

/// <summary>
/// Whether this process should be sent requests: it is not stopping, and its database answers. However many ask, the database is asked once a second at most.
/// Migrations are done before the process listens at all.
/// </summary>
internal sealed class Readiness(Database database, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Readiness> logger)
{
    /// <summary>How long the database may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private readonly Lock _asking = new();
    private Task<bool>? _answer;
    private long _askedAt;

    /// <summary>Why it is not ready, or null when it is.</summary>
    public async Task<string?> WhyNotAsync()
        => lifetime.ApplicationStopping.IsCancellationRequested ? "The process is stopping."
            : await Ask() ? null : "The database does not answer.";

    private Task<bool> Ask()
    {
        lock (_asking)
        {
            if (_answer is { IsCompleted: false } || (_answer is not null && clock.GetElapsedTime(_askedAt) < Remembered)) return _answer;
            _askedAt = clock.GetTimestamp();
            return _answer = PingAsync();
        }
    }

    private async Task<bool> PingAsync()
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await Task.Run(() => database.PingAsync(limit.Token), limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogWarning(EventIds.NotReady, exception, "The database does not answer");
            return false;
        }
    }
}
