using Countersign.SystemLog;

namespace Countersign.Server.SystemLog;

/// <summary>Removes events that are older than they are to be kept, once an hour.</summary>
internal sealed class LogRetention(ISystemLog log, LogLimits limits, TimeProvider clock, ILogger<LogRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (limits.Retention == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(Period, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await log.RemoveAsync(clock.GetUtcNow() - limits.Retention, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(EventIds.RetentionFailed, exception, "Old events could not be removed from the system log; the next try is in an hour");
            }
        }
    }
}
