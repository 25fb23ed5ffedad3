using System.Threading.Channels;
using Countersign.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Pump;

/// <summary>
/// Sends what waits in the outbox. Every process runs one: it takes messages up for a while, has them delivered many at once, and notes what became of them together. A process that
/// dies in between gives them back when their lease ends; then they are sent again with the same id.
/// </summary>
public sealed class OutboxPump(IOutbox outbox, OutboxSignal signal, MessageDelivery delivery, SentMessages sent, DeliverySettings settings, ILogger<OutboxPump> logger) : BackgroundService
{
    private const int MostNotedAtOnce = 500, TriesToNote = 5;
    // Outcomes that come close together are noted by one commit.
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<OutboxOutcome> _outcomes = System.Threading.Channels.Channel.CreateUnbounded<OutboxOutcome>(new UnboundedChannelOptions { SingleReader = true });
    private int _inFlight;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();   // the host starts without waiting for the first look
        var noting = NoteAsync();
        var pace = new Pace(settings.MostPerSecond);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var free = Math.Min(settings.Concurrency - Volatile.Read(ref _inFlight), pace.Available);
                // Taken up in fair numbers: each time costs a commit.
                var isWorthIt = free >= Math.Min((settings.Concurrency + 1) / 2, pace.InPortion);
                var taken = isWorthIt ? await outbox.LeaseAsync(free, settings.Lease, stoppingToken) : [];
                pace.Take(taken.Count);
                foreach (var entry in taken)
                {
                    Interlocked.Increment(ref _inFlight);
                    _ = Task.Run(() => DeliverAsync(entry), CancellationToken.None);
                }
                // Where as many came as may be, there are probably more.
                if (isWorthIt && taken.Count < free) await signal.WaitAsync(settings.PollInterval, stoppingToken);
                else await Task.Delay(Pace.Portion, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                logger.LogError(EventIds.PumpFailed, exception, "The outbox could not be read; trying again");
                await Task.Delay(AfterFailure, CancellationToken.None);
            }
        }
        // What was begun is ended: providers have their time limits.
        while (Volatile.Read(ref _inFlight) > 0) await Task.Delay(BetweenNotes, CancellationToken.None);
        _outcomes.Writer.Complete();
        await noting;
    }

    private async Task DeliverAsync(OutboxEntry entry)
    {
        try
        {
            var outcome = await delivery.DeliverAsync(entry);
            _outcomes.Writer.TryWrite(outcome);
        }
        catch (Exception exception)
        {
            // Its lease ends, and it is tried again.
            logger.LogError(EventIds.DeliveryFailed, exception, "Message {Message} could not be handled", entry.Id);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task NoteAsync()
    {
        var outcomes = new List<OutboxOutcome>();
        while (await _outcomes.Reader.WaitToReadAsync())
        {
            outcomes.Clear();
            while (outcomes.Count < MostNotedAtOnce && _outcomes.Reader.TryRead(out var outcome)) outcomes.Add(outcome);
            await NoteAsync(outcomes);
            foreach (var outcome in outcomes) sent.Report(outcome);
            await Task.Delay(BetweenNotes, CancellationToken.None);
        }
    }

    private async Task NoteAsync(List<OutboxOutcome> outcomes)
    {
        for (var left = TriesToNote; left > 0; left--)
        {
            try
            {
                await outbox.FinishAsync(outcomes, CancellationToken.None);
                return;
            }
            catch (Exception exception)
            {
                // Not noted is as not sent: when all tries fail, the messages are sent again after their lease, with the same ids.
                logger.LogError(EventIds.OutcomesNotNoted, exception, "What became of {Count} messages could not be noted", outcomes.Count);
                await Task.Delay(AfterFailure, CancellationToken.None);
            }
        }
    }
}
