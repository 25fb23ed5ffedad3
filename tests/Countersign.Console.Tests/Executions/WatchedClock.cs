using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Console.Tests.Executions;

/// <summary>A clock that tells who waits on it, so that a test lets time pass only when somebody does.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    // Shorter ones are the fields', which wait for the next letter.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public WatchedClock() : base(new DateTimeOffset(2026, 3, 5, 9, 42, 0, TimeSpan.Zero))
    {
    }


    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= Shortest)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the next wait pass, once there is one.</summary>
    /// <returns>How long it was.</returns>
    public async Task<TimeSpan> PassAsync()
    {
        var wait = await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Advance(wait);
        return wait;
    }
}
