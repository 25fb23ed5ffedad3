using Countersign.Signals;
using Countersign.Users;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tests.Signals;

public sealed class SignalHubTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly UserId Ana = new("00uAnaAnaAnaAnaAna00"), Bo = new("00uBoBoBoBoBoBoBo000");

    private readonly CountingClock _clock = new();
    private readonly SignalHub _hub;

    public SignalHubTests() => _hub = new SignalHub(_clock);

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task What_is_raised_between_a_look_and_the_wait_is_not_missed_and_told_once()
    {
        using var watch = _hub.Watch(Ana);
        _hub.Raise(Ana);
        _hub.Raise(Ana);

        Assert.True(await watch.WaitAsync(Long, CancellationToken.None));
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_its_own_users_alone()
    {
        using ISignalWatch both = _hub.Watch(Ana, Bo), bos = _hub.Watch(Bo);
        ValueTask<bool> first = both.WaitAsync(Long, CancellationToken.None), second = bos.WaitAsync(Long, CancellationToken.None);

        _hub.Raise(Ana);

        Assert.True(await first);
        Assert.False(second.IsCompleted);
        _hub.RaiseAll();
        Assert.True(await second);
        Assert.True(await both.WaitAsync(Long, CancellationToken.None));
    }

    [Fact]
    public async Task A_wait_ends_at_its_time_and_not_before()
    {
        using ISignalWatch one = _hub.Watch(Ana), other = _hub.Watch(Ana);
        var long5 = one.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        var long3 = other.WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(2.999));
        Assert.False(long3.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.False(await long3);
        Assert.False(long5.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await long5);
    }

    [Fact]
    public async Task A_signal_after_a_wait_was_given_up_is_kept_for_the_next()
    {
        using var watch = _hub.Watch(Ana);
        using var gone = new CancellationTokenSource();
        var wait = watch.WaitAsync(Long, gone.Token);
        gone.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await wait);
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await watch.WaitAsync(Long, gone.Token));

        _hub.Raise(Ana);

        Assert.True(await watch.WaitAsync(Long, CancellationToken.None));
    }

    [Fact]
    public async Task Only_one_waits_and_nobody_after_the_end()
    {
        var watch = _hub.Watch(Ana);
        var wait = watch.WaitAsync(Long, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await watch.WaitAsync(Long, CancellationToken.None));

        watch.Dispose();
        watch.Dispose();

        Assert.False(await wait);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await watch.WaitAsync(Long, CancellationToken.None));
        _hub.Raise(Ana);
    }

    [Fact]
    public async Task Ten_thousand_that_wait_cost_little_memory_and_one_timer()
    {
        var (watches, waits) = (new ISignalWatch[10_000], new Task<bool>[10_000]);
        using var gone = new CancellationTokenSource();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < watches.Length; i++)
        {
            watches[i] = _hub.Watch(new UserId($"00u{i:d17}"));
            waits[i] = watches[i].WaitAsync(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(i), gone.Token).AsTask();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000 * 1_000L);
        Assert.Equal(1, _clock.Timers);
        _clock.Advance(Long);
        foreach (var wait in waits) Assert.False(await wait);
        foreach (var watch in watches) watch.Dispose();
    }

    [Fact]
    public async Task No_wake_up_is_lost_however_raises_and_waits_fall()
    {
        const int Last = 20_000;
        var value = 0;
        using var watch = _hub.Watch(Ana);
        var raising = Task.Run(() =>
        {
            for (var i = 1; i <= Last; i++)
            {
                Volatile.Write(ref value, i);
                _hub.Raise(Ana);
            }
        });

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // The clock stands still: a wake-up that is lost would be waited for in vain.
        while (Volatile.Read(ref value) < Last) Assert.True(await watch.WaitAsync(Long, limit.Token));
        await raising;
    }

    private sealed class CountingClock : FakeTimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
