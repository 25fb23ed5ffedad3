using Countersign.SystemLog;
using Countersign.Testing;

namespace Countersign.Storage.Tests.SystemLog;

public sealed class LogVerificationTests
{
    public static TheoryData<Engine, string, long> Forgeries()
    {
        var data = new TheoryData<Engine, string, long>();
        foreach (var engine in Enum.GetValues<Engine>())
        {
            data.Add(engine, "UPDATE log SET at = at + 1 WHERE seq = 7", 7);
            data.Add(engine, "UPDATE log SET body = substr(body, 2) WHERE seq = 7", 7);
            data.Add(engine, "DELETE FROM log WHERE seq = 7", 7);
            data.Add(engine, "DELETE FROM log WHERE seq = 12", 12);
            data.Add(engine, "DELETE FROM log_batch WHERE last_seq = 7", 7);
            data.Add(engine, "DELETE FROM log WHERE seq = 7; DELETE FROM log_batch WHERE last_seq = 7; UPDATE log SET seq = seq - 1 WHERE seq > 7; UPDATE log_batch SET last_seq = last_seq - 1 WHERE last_seq > 7; UPDATE log_head SET seq = seq - 1", 7);
            data.Add(engine, "UPDATE log_batch SET hash = digest WHERE last_seq = 7", 7);
            data.Add(engine, "UPDATE log_batch SET anchor_hash = digest WHERE last_seq = 7", 7);
            data.Add(engine, "UPDATE log_head SET hash = (SELECT hash FROM log_batch WHERE last_seq = 7)", 12);
            data.Add(engine, "INSERT INTO log(seq, at, body) SELECT 13, at, body FROM log WHERE seq = 12", 12);
            data.Add(engine, "DELETE FROM log WHERE seq <= 5; DELETE FROM log_batch WHERE last_seq <= 5; UPDATE log_start SET seq = 5, hash = (SELECT anchor_hash FROM log_batch WHERE last_seq = 6)", 5);
        }
        return data;
    }

    [Theory, MemberData(nameof(Forgeries))]
    public async Task What_was_changed_behind_its_back_is_found_where_it_is(Engine engine, string forgery, long at)
    {
        await using var store = new Store(engine);
        await WriteAsync(store, 12);
        Assert.Null((await store.Log.VerifyAsync(null, CancellationToken.None)).Fault);

        await store.SqlAsync(forgery);
        var verdict = await store.Log.VerifyAsync(null, CancellationToken.None);

        Assert.NotNull(verdict.Fault);
        Assert.Equal(at, verdict.FaultAt);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_end_that_was_cut_off_is_found_by_a_head_that_was_noted(Engine engine)
    {
        await using var store = new Store(engine);
        await WriteAsync(store, 12);
        var noted = (await store.Log.VerifyAsync(null, CancellationToken.None)).Head;
        await WriteAsync(store, 3);
        Assert.Null((await store.Log.VerifyAsync(noted, CancellationToken.None)).Fault);

        await store.SqlAsync("DELETE FROM log WHERE seq > 8; DELETE FROM log_batch WHERE last_seq > 8; UPDATE log_head SET seq = 8, hash = (SELECT hash FROM log_batch WHERE last_seq = 8)");

        Assert.Null((await store.Log.VerifyAsync(null, CancellationToken.None)).Fault);
        Assert.NotNull((await store.Log.VerifyAsync(noted, CancellationToken.None)).Fault);
        Assert.NotNull((await store.Log.VerifyAsync(noted with { Seq = 8 }, CancellationToken.None)).Fault);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Old_events_are_removed_and_what_is_left_verifies(Engine engine)
    {
        await using var store = new Store(engine);
        await WriteAsync(store, 5_000);
        store.Clock.Advance(TimeSpan.FromDays(1));
        var middle = store.Clock.GetUtcNow();
        await WriteAsync(store, 20);

        Assert.Equal(5_000, await store.Log.RemoveAsync(middle, CancellationToken.None));
        Assert.Equal(0, await store.Log.RemoveAsync(middle, CancellationToken.None));

        var verdict = await store.Log.VerifyAsync(null, CancellationToken.None);
        Assert.Null(verdict.Fault);
        Assert.Equal((5_001, 5_020), (verdict.First, verdict.Head.Seq));
        Assert.Equal((5_001, 5_020), await store.Log.BoundsAsync(CancellationToken.None));
        await store.SqlAsync("UPDATE log_start SET seq = 5001, hash = (SELECT hash FROM log_batch WHERE last_seq = 5001); DELETE FROM log WHERE seq = 5001; DELETE FROM log_batch WHERE last_seq = 5001");
        Assert.NotNull((await store.Log.VerifyAsync(null, CancellationToken.None)).Fault);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Everything_may_be_removed_and_the_log_goes_on(Engine engine)
    {
        await using var store = new Store(engine);
        await WriteAsync(store, 10);
        store.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(10, await store.Log.RemoveAsync(store.Clock.GetUtcNow(), CancellationToken.None));
        Assert.Null((await store.Log.VerifyAsync(null, CancellationToken.None)).Fault);
        await WriteAsync(store, 2);

        var verdict = await store.Log.VerifyAsync(null, CancellationToken.None);
        Assert.Equal((null, 11, 12), (verdict.Fault, verdict.First, verdict.Head.Seq));
    }

    [Fact]
    public async Task Several_nodes_write_one_chain()
    {
        using var place = new TestStore(Engine.Postgres);
        await using var one = new Store(place);
        await using var other = new Store(place);
        var users = new[] { await one.AddUserAsync("ana@example.com"), await other.AddUserAsync("ben@example.com") };

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : other).CountAsync(users[i / 2 % 2])));

        var verdict = await one.Log.VerifyAsync(null, CancellationToken.None);
        Assert.Equal((null, 402), (verdict.Fault, verdict.Head.Seq));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5:abc")]
    [InlineData("x:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("5:zz00000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_head_is_not_read(string text) => Assert.False(LogHead.TryParse(text, out _));

    [Fact]
    public void A_head_reads_as_it_is_written()
    {
        var head = new LogHead(42, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

        Assert.True(LogHead.TryParse(head.ToString(), out var read) && read.Is(head));
    }

    /// <summary>Some commits of one event each, the others of many: what is written at once travels together.</summary>
    private static async Task WriteAsync(Store store, int events)
    {
        var single = Math.Min(events, 12);
        for (var i = 0; i < single; i++) await store.Log.WriteAsync(Store.Event("user.authentication.auth_via_mfa"), CancellationToken.None);
        if (events == single) return;
        var user = await store.AddUserAsync($"{Guid.NewGuid()}@example.com");
        await Task.WhenAll(Enumerable.Range(0, events - single - 1).Select(_ => store.CountAsync(user)));
    }
}
