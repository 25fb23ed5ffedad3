using Countersign.Signals;
using Countersign.Storage.Commits;
using Countersign.Storage.Signals;
using Countersign.Testing;
using Countersign.Users;
using Microsoft.Extensions.Logging;

namespace Countersign.Storage.Tests.Signals;

public sealed class SignalTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    // Of real time: the clocks of the stores stand still.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_signal_reaches_whoever_watches_the_user(Engine engine)
    {
        await using var store = new Store(engine);
        var signals = store.Get<ISignals>();
        var (ana, bo) = (UserId.New(store.Clock.GetUtcNow()), UserId.New(store.Clock.GetUtcNow()));
        using ISignalWatch anas = signals.Watch(ana), bos = signals.Watch(bo);

        signals.Raise(ana);

        Assert.True(await anas.WaitAsync(Long, _limit.Token));
        var waits = anas.WaitAsync(Long, _limit.Token);
        signals.Raise(ana);
        Assert.True(await waits);
    }

    [Fact]
    public async Task A_signal_reaches_other_nodes_and_its_own_once()
    {
        using var place = new TestStore(Engine.Postgres);
        await using Store one = new(place), other = new(place);
        var (ana, bo) = (UserId.New(one.Clock.GetUtcNow()), UserId.New(one.Clock.GetUtcNow()));
        using ISignalWatch here = one.Get<ISignals>().Watch(ana), bosHere = one.Get<ISignals>().Watch(bo), there = other.Get<ISignals>().Watch(ana);
        await HearsAsync(here, bosHere, there);

        one.Get<ISignals>().Raise(ana);
        Assert.True(await here.WaitAsync(TimeSpan.Zero, _limit.Token));
        Assert.True(await there.WaitAsync(Long, _limit.Token));

        // Notifications come in the order of their commits: when this one is here, the node has heard its own too.
        other.Get<ISignals>().Raise(bo);
        Assert.True(await bosHere.WaitAsync(Long, _limit.Token));
        Assert.False(await here.WaitAsync(TimeSpan.Zero, _limit.Token));
    }

    [Fact]
    public async Task A_node_whose_connection_broke_hears_again_and_looks_once_at_everything()
    {
        using var place = new TestStore(Engine.Postgres);
        await using Store one = new(place), other = new(place);
        var ana = UserId.New(one.Clock.GetUtcNow());
        using var watch = one.Get<ISignals>().Watch(ana);
        await HearsAsync(watch);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(1, await place.SqlAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{PostgresSignals.ApplicationName}'"));
            Assert.True(await watch.WaitAsync(Long, _limit.Token));
            other.Get<ISignals>().Raise(ana);
            Assert.True(await watch.WaitAsync(Long, _limit.Token));
        }
    }

    [Fact]
    public async Task A_signal_is_sent_though_the_connections_of_the_pool_broke()
    {
        using var place = new TestStore(Engine.Postgres);
        await using Store one = new(place), other = new(place);
        var ana = await one.AddUserAsync("ana@example.com");
        using var watch = other.Get<ISignals>().Watch(ana);
        await HearsAsync(watch);
        one.Get<ISignals>().Raise(ana);
        Assert.True(await watch.WaitAsync(Long, _limit.Token));

        await place.SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'countersign'");
        one.Get<ISignals>().Raise(ana);

        Assert.True(await watch.WaitAsync(Long, _limit.Token));
    }

    [Fact]
    public async Task Thousands_of_signals_are_told_by_few_notifications()
    {
        using var place = new TestStore(Engine.Postgres);
        await using Store one = new(place), other = new(place);
        var users = Enumerable.Range(0, 5_000).Select(_ => UserId.New(one.Clock.GetUtcNow())).ToList();
        var watches = users.Select(user => other.Get<ISignals>().Watch(user)).ToList();
        await HearsAsync([.. watches]);
        var before = await place.SqlAsync("SELECT pg_stat_clear_snapshot(); SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");

        foreach (var user in users) one.Get<ISignals>().Raise(user);
        foreach (var watch in watches) Assert.True(await watch.WaitAsync(Long, _limit.Token));

        var transactions = await place.SqlAsync("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()") - before;
        Assert.InRange(transactions, 0, 500);
        foreach (var watch in watches) watch.Dispose();
    }

    [Fact]
    public async Task What_others_put_on_the_channel_does_no_harm()
    {
        using var place = new TestStore(Engine.Postgres);
        await using Store one = new(place), other = new(place);
        var ana = UserId.New(one.Clock.GetUtcNow());
        using var watch = one.Get<ISignals>().Watch(ana);
        await HearsAsync(watch);

        foreach (var payload in (string[])["", " ", "x", "a b", $"{ana.Value}", $"node {ana.Value} *", $"node {ana.Value}x", new string('?', 7_000)])
            await place.SqlAsync($"SELECT count(pg_notify('countersign', '{payload}'))");
        other.Get<ISignals>().Raise(ana);

        Assert.True(await watch.WaitAsync(Long, _limit.Token));
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, _limit.Token));
    }

    [Fact]
    public async Task A_node_that_hears_nothing_says_so_once_and_goes_on_alone()
    {
        using TestStore place = new(Engine.Postgres), elsewhere = new(Engine.Postgres);
        await using var store = new Store(place);
        var log = new Warnings();
        // It listens where nobody speaks, as behind a pooler whose connections change with each transaction.
        await using var signals = new PostgresSignals(elsewhere.ConnectionString!, store.Get<Database>(), store.Get<SignalHub>(), store.Clock, log);
        var ana = UserId.New(store.Clock.GetUtcNow());
        using var watch = signals.Watch(ana);

        for (var passed = 0; passed < 200 || log.Count == 0; passed++)
        {
            _limit.Token.ThrowIfCancellationRequested();
            store.Clock.Advance(SignalListener.EchoLimit);
            await Task.WhenAny(Task.Delay(5, _limit.Token));
        }
        signals.Raise(ana);

        Assert.True(await watch.WaitAsync(Long, _limit.Token));
        Assert.Equal(1, log.Count);
    }

    [Fact]
    public void A_payload_is_never_longer_than_PostgreSQL_takes()
    {
        var users = Enumerable.Range(0, 1_000).Select(_ => UserId.New(TimeProvider.System.GetUtcNow())).ToList();

        var payloads = SignalPayload.Write("node", users).ToList();

        Assert.Equal(4, payloads.Count);
        Assert.All(payloads, payload => Assert.InRange(payload.Length, 1, 7_999));
        Assert.Equal(users, payloads.SelectMany(payload => SignalPayload.TryRead(payload, out _, out _, out var read) ? read : []));
    }

    /// <summary>Waits until the nodes hear: then all that watch are signalled.</summary>
    private async Task HearsAsync(params ISignalWatch[] watches)
    {
        foreach (var watch in watches) Assert.True(await watch.WaitAsync(Long, _limit.Token));
    }

    private sealed class Warnings : ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) Interlocked.Increment(ref _count);
        }
    }
}
