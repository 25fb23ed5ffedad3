using System.Collections.Concurrent;
using Countersign.Delivery.EventHooks;
using Countersign.Hooks;
using Countersign.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.EventHooks;

public sealed class EventFeederTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(Messages.Created);
    private readonly OutboxSignal _signal = new();
    private readonly Feed _feed = new();
    private readonly EventFeeder _feeder;

    public EventFeederTests() => _feeder = new EventFeeder(_feed, _signal, _clock, NullLogger<EventFeeder>.Instance);

    public void Dispose()
    {
        _feeder.Dispose();
        _signal.Dispose();
    }

    [Fact]
    public async Task Whoever_sends_is_woken_when_there_is_something_to_send()
    {
        _feed.Answers.Enqueue(() => new EventFeedStep(0, HasMore: true));
        _feed.Answers.Enqueue(() => new EventFeedStep(2, HasMore: false));
        using var gaveUp = new CancellationTokenSource(Limit);
        var woken = _signal.WaitAsync(Timeout.InfiniteTimeSpan, gaveUp.Token);

        await _feeder.StartAsync(CancellationToken.None);
        await UntilAsync(woken);

        Assert.True(_feed.Steps >= 2);
        await _feeder.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_failure_is_followed_by_another_try()
    {
        _feed.Answers.Enqueue(() => throw new InvalidOperationException("the database is away"));
        _feed.Answers.Enqueue(() => new EventFeedStep(1, HasMore: false));
        using var gaveUp = new CancellationTokenSource(Limit);
        var woken = _signal.WaitAsync(Timeout.InfiniteTimeSpan, gaveUp.Token);

        await _feeder.StartAsync(CancellationToken.None);
        await UntilAsync(woken);

        await _feeder.StopAsync(CancellationToken.None);
        Assert.True(_feeder.ExecuteTask!.IsCompletedSuccessfully);
    }

    /// <summary>The clock is moved for as long as the feeder waits for it.</summary>
    private async Task UntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(5, CancellationToken.None));
        }
        await done;
    }

    private sealed class Feed : IEventFeed
    {
        private int _steps;
        public ConcurrentQueue<Func<EventFeedStep>> Answers { get; } = new();
        public int Steps => _steps;

        public Task<EventFeedStep> MoveAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _steps);
            return Task.FromResult(Answers.TryDequeue(out var answer) ? answer() : default);
        }
    }
}
