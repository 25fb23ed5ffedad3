using System.Diagnostics.Metrics;
using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Pump;

/// <summary>Gathers conversion every few seconds, counts what waits, and removes messages that are older than they are to be kept.</summary>
public sealed class OutboxHousekeeping(
    IOutbox outbox, ConversionWatch watch, IConversionStore conversions, DeliverySettings settings, TimeProvider clock, ILogger<OutboxHousekeeping> logger) : BackgroundService
{
    private const int MostCounted = 100_000;
    private static readonly TimeSpan GatherPeriod = TimeSpan.FromSeconds(5), RemovePeriod = TimeSpan.FromMinutes(10);
    private static readonly Meter Meter = new(TelemetryNames.Countersign);
    private long _waiting;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = Meter.CreateObservableGauge("countersign.outbox.waiting", () => Volatile.Read(ref _waiting), "{message}", "Messages that wait to be sent, on all nodes; counted up to 100,000.");
        Meter.CreateObservableGauge("countersign.send_limits.paused", () => watch.Paused.Count, "{range}", "Ranges of numbers that nothing is sent to, because too few codes were verified.");
        var removed = clock.GetTimestamp();
        using var timer = new PeriodicTimer(GatherPeriod, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await GatherAsync(stoppingToken);
                if (waiting.Enabled) Volatile.Write(ref _waiting, await outbox.CountWaitingAsync(MostCounted, stoppingToken));
                if (clock.GetElapsedTime(removed) < RemovePeriod) continue;
                removed = clock.GetTimestamp();
                await outbox.RemoveAsync(clock.GetUtcNow() - settings.Retention, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(EventIds.HousekeepingFailed, exception, "The outbox could not be kept in order; trying again");
            }
        }
    }

    /// <summary>Brings what this process counted together with what the others did, and learns which ranges are paused.</summary>
    private async Task GatherAsync(CancellationToken cancellationToken)
    {
        if (!watch.IsOn) return;
        var now = clock.GetUtcNow();
        var taken = watch.Take(now);
        try
        {
            watch.Learn(await conversions.GatherAsync(taken, watch, now, cancellationToken));
        }
        catch
        {
            watch.PutBack(taken);
            throw;
        }
    }
}
