using Countersign.Hooks;
using Countersign.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.EventHooks;

/// <summary>Moves the feed of event hooks once a second, and wakes whoever sends when there is something to send.</summary>
public sealed class EventFeeder(IEventFeed feed, OutboxSignal signal, TimeProvider clock, ILogger<EventFeeder> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
                await MoveAsync(stoppingToken).ConfigureAwait(false);
                isFailing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A database that is away is told of once, not once a second.
                if (!isFailing) logger.LogError(EventIds.FeedFailed, exception, "Events could not be put into the outbox for event hooks; the next try is in a second");
                isFailing = true;
            }
        }
    }

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        for (var step = new EventFeedStep(0, HasMore: true); step.HasMore;)
        {
            step = await feed.MoveAsync(cancellationToken).ConfigureAwait(false);
            if (step.Messages > 0) signal.Wake();
        }
    }
}
