using Countersign.Outbox;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Outbox;

public sealed class OutboxTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_node_takes_up_no_more_messages_than_it_asks_for(Engine engine)
    {
        await using var store = new Store(engine);
        var now = store.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await store.SqlAsync($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
            INSERT INTO outbox(id, channel, recipient, recipient_key, purpose, created, expires, status, due, updated, attempts)
            SELECT 'msg' || (10000 + i), 'sms', '+14155550142', '+14155550142', 1, {now}, {now + 60_000}, 'WAITING', NULL, {now}, 0 FROM n
            """);
        // PostgreSQL chooses its plan by what it knows of the table: for most of the time, that nothing is due.
        await store.SqlAsync("ANALYZE");
        await store.SqlAsync($"UPDATE outbox SET due = {now}");

        var taken = await store.Get<IOutbox>().LeaseAsync(7, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(7, taken.Count);
        Assert.Equal(1_000 - 7, await store.SqlAsync($"SELECT count(*) FROM outbox WHERE due <= {now}"));
    }
}
