using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SystemLog;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Hooks;

public abstract class EventFeedTests : IAsyncLifetime, IDisposable
{
    private const string Wanted = LogEventTypes.UserCreate, Unwanted = LogEventTypes.Verify;
    private readonly TestStore _place;
    private readonly Store _store;

    protected EventFeedTests(Engine engine)
    {
        _place = new TestStore(engine);
        _store = new Store(_place);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_hook_is_told_of_what_it_wants_once()
    {
        await AddHookAsync("who1", Wanted, LogEventTypes.UserDeactivate);
        await LogAsync(Wanted, Unwanted, LogEventTypes.UserDeactivate);

        var step = await MoveAsync();
        var again = await MoveAsync();

        Assert.Equal((1, false), (step.Messages, step.HasMore));
        Assert.Equal(0, again.Messages);
        Assert.Equal([Wanted, LogEventTypes.UserDeactivate], await ToldAsync("who1"));
    }

    [Fact]
    public async Task A_message_waits_is_due_and_ends_after_a_day()
    {
        await AddHookAsync("who1", Wanted);
        await LogAsync(Wanted);
        await MoveAsync();

        var message = Assert.Single(await _store.Get<IOutbox>().LeaseAsync(10, TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.Equal((Channel.EventHook, "who1", OutboxStatus.Waiting, null, null), (message.Channel, message.Recipient, message.Status, message.User, message.Factor));
        Assert.Equal((_store.Clock.GetUtcNow(), _store.Clock.GetUtcNow().AddHours(24)), (message.Created, message.Expires));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => EventMessage.Open(_store.Get<IVault>(), "msg0", message.Content.Span));
    }

    [Fact]
    public async Task Each_hook_is_told_of_its_own()
    {
        await AddHookAsync("who1", Wanted);
        await AddHookAsync("who2", Unwanted, Wanted);
        await AddHookAsync("who3", LogEventTypes.AccountLock);
        await LogAsync(Wanted, Unwanted);

        Assert.Equal(2, (await MoveAsync()).Messages);

        Assert.Equal([Wanted], await ToldAsync("who1"));
        Assert.Equal([Unwanted, Wanted], (await ToldAsync("who2")).Order());
        Assert.Empty(await ToldAsync("who3"));
    }

    [Fact]
    public async Task Many_events_go_in_messages_of_fifty_and_steps_of_two_hundred()
    {
        await AddHookAsync("who1", Wanted);
        await LogAsync([.. Enumerable.Repeat(Wanted, 230)]);

        var first = await MoveAsync();
        var second = await MoveAsync();

        Assert.Equal((4, true), (first.Messages, first.HasMore));
        Assert.Equal((1, false), (second.Messages, second.HasMore));
        Assert.Equal(230, (await ToldAsync("who1")).Count);
    }

    [Fact]
    public async Task Hooks_do_not_feed_on_themselves()
    {
        await AddHookAsync("who1", LogEventTypes.EventHookDelivery, LogEventTypes.EventHookUpdated, Wanted);
        await LogAsync(LogEventTypes.EventHookDelivery, LogEventTypes.EventHookUpdated);

        Assert.Equal(0, (await MoveAsync()).Messages);
    }

    [Fact]
    public async Task What_happened_before_a_hook_was_verified_is_not_told()
    {
        await LogAsync(Wanted, Wanted);
        await AddHookAsync("who1", Wanted);
        await LogAsync(Wanted);

        await MoveAsync();

        Assert.Single(await ToldAsync("who1"));
    }

    [Theory, InlineData(false, true), InlineData(true, false)]
    public async Task A_hook_that_is_not_verified_or_not_active_is_told_nothing(bool isVerified, bool isActive)
    {
        await ChangeAsync(Hook("who1", Wanted) with { IsVerified = isVerified, IsActive = isActive });
        await LogAsync(Wanted);

        Assert.Equal(default, await MoveAsync());
    }

    [Fact]
    public async Task A_hook_that_was_changed_is_told_by_what_it_wants_now()
    {
        await AddHookAsync("who1", Wanted);
        await AddHookAsync("who2", Wanted);
        await LogAsync(Wanted, Unwanted);
        await ChangeAsync(Hook("who1", Unwanted));
        await ChangeAsync(Hook("who2", Wanted) with { IsActive = false });

        await MoveAsync();

        Assert.Equal([Unwanted], await ToldAsync("who1"));
        Assert.Empty(await ToldAsync("who2"));
    }

    /// <summary>The other node still remembers the settings from before: what is told goes by what is stored.</summary>
    [Fact]
    public async Task A_hook_that_another_node_verified_misses_nothing()
    {
        await using var other = new Store(_place);
        await AddHookAsync("who1", LogEventTypes.AccountLock);
        await other.Get<IOrganizationStore>().GetAsync(CancellationToken.None);
        await AddHookAsync("who2", Wanted);
        await LogAsync(Wanted);

        await other.Get<IEventFeed>().MoveAsync(CancellationToken.None);

        Assert.Equal([Wanted], await ToldAsync("who2"));
    }

    [Fact]
    public async Task Two_nodes_at_once_tell_of_every_event_once()
    {
        await using var other = _place.Engine == Engine.Postgres ? new Store(_place) : null;
        await AddHookAsync("who1", Wanted);
        await AddHookAsync("who2", Wanted, Unwanted);

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 120; i++) await LogAsync(i % 3 == 0 ? Unwanted : Wanted);
        });
        var feeding = new[] { _store, other ?? _store, _store, other ?? _store }.Select(node => Task.Run(async () =>
        {
            while (!writing.IsCompleted || (await node.Get<IEventFeed>().MoveAsync(CancellationToken.None)).HasMore) await node.Get<IEventFeed>().MoveAsync(CancellationToken.None);
        }));
        await Task.WhenAll([writing, .. feeding]);
        await MoveAsync();

        Assert.Equal(await NumbersAsync(Wanted), await ToldNumbersAsync("who1"));
        Assert.Equal((await NumbersAsync(Wanted)).Concat(await NumbersAsync(Unwanted)).Order(), await ToldNumbersAsync("who2"));
    }

    [Fact]
    public async Task Events_that_were_removed_are_passed_over()
    {
        await AddHookAsync("who1", Wanted);
        await LogAsync(Wanted, Wanted);
        _store.Clock.Advance(TimeSpan.FromHours(1));
        await LogAsync(Wanted);
        await _store.Log.RemoveAsync(_store.Clock.GetUtcNow().AddMinutes(-1), CancellationToken.None);

        Assert.Equal(1, (await MoveAsync()).Messages);

        Assert.Single(await ToldAsync("who1"));
        Assert.Equal(0, (await MoveAsync()).Messages);
    }

    [Fact]
    public async Task A_log_that_nobody_wants_anything_of_is_written_down_now_and_then()
    {
        await AddHookAsync("who1", LogEventTypes.AccountLock);
        await LogAsync(Unwanted, Unwanted);

        await MoveAsync();
        var before = await _store.SqlAsync("SELECT seq FROM event_feed");
        _store.Clock.Advance(TimeSpan.FromMinutes(2));
        await LogAsync(Unwanted);
        await MoveAsync();

        Assert.Equal(0, before);
        Assert.Equal(await _store.SqlAsync("SELECT seq FROM log_head"), await _store.SqlAsync("SELECT seq FROM event_feed"));
    }

    private Task<EventFeedStep> MoveAsync() => _store.Get<IEventFeed>().MoveAsync(CancellationToken.None);

    private async Task LogAsync(params string[] types)
    {
        foreach (var type in types) await _store.Log.WriteAsync(Store.Event(type), CancellationToken.None);
    }

    private async Task AddHookAsync(string id, params string[] events)
    {
        var (_, last) = await _store.Log.BoundsAsync(CancellationToken.None);
        await ChangeAsync(Hook(id, events) with { After = last });
    }

    private Task<bool> ChangeAsync(EventHook hook) => _store.Get<IOrganizationStore>().ChangeAsync(
        (organization, _) => new OrganizationChange<bool>(true, organization with { EventHooks = organization.EventHooks.SetItem(hook.Id, hook) }), CancellationToken.None);

    private static EventHook Hook(string id, params string[] events) => new()
    {
        Id = id,
        Name = id,
        Created = default,
        LastUpdated = default,
        CreatedBy = "00u1",
        Uri = "https://example.com/events",
        Events = [.. events],
        IsVerified = true,
    };

    private async Task<IReadOnlyList<long>> NumbersAsync(string type)
        => [.. (await _store.Log.ReadAsync(0, long.MaxValue, 10_000, descending: false, CancellationToken.None)).Where(entry => entry.Event.EventType == type).Select(entry => entry.Seq)];

    /// <summary>The numbers of all events that the outbox has for a hook.</summary>
    private async Task<IReadOnlyList<long>> ToldNumbersAsync(string hookId)
    {
        var messages = await _store.Get<IOutbox>().ListAsync(new OutboxQuery(hookId, null, 1_000), CancellationToken.None);
        var numbers = messages.Select(message => EventMessage.Open(_store.Get<IVault>(), message.Id, message.Content.Span).Events).ToList();
        Assert.All(numbers, some => Assert.InRange(some.Length, 1, EventMessage.MostEvents));
        return [.. numbers.SelectMany(some => some).Order()];
    }

    private async Task<IReadOnlyList<string>> ToldAsync(string hookId)
    {
        var types = new List<string>();
        foreach (var number in await ToldNumbersAsync(hookId)) types.Add(Assert.Single(await _store.Log.ReadAsync(number, number, 1, descending: false, CancellationToken.None)).Event.EventType);
        return types;
    }
}

public sealed class SqliteEventFeedTests() : EventFeedTests(Engine.Sqlite);

public sealed class PostgresEventFeedTests() : EventFeedTests(Engine.Postgres);
