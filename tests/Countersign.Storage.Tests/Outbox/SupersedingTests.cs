using Countersign.Factors;
using Countersign.Outbox;
using Countersign.Testing;
using Countersign.Users;

namespace Countersign.Storage.Tests.Outbox;

/// <summary>Which messages end which, in one commit and over several.</summary>
public sealed class SupersedingTests
{
    private static readonly FactorId Push = new("opf2Lc7yVb4sMkHj90h7");

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_newer_link_ends_an_older_one_of_its_factor_but_no_push_and_no_report(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ines@example.com");

        var older = await SendAsync(store, user, Link(store, user));
        var pushes = await SendAsync(store, user, Other(store, user, Channel.Push, Push.Value), Other(store, user, Channel.Push, Push.Value));
        var later = await SendAsync(store, user, Other(store, user, Channel.Push, Push.Value));
        var reports = await SendAsync(store, user, Other(store, user, Channel.Email, "one@example.com"), Other(store, user, Channel.Email, "two@example.com"));
        var newer = await SendAsync(store, user, Link(store, user));

        Assert.Equal([OutboxStatus.Superseded], await StatusesAsync(store, older));
        Assert.Equal([OutboxStatus.Waiting], await StatusesAsync(store, newer));
        Assert.All(await StatusesAsync(store, [.. pushes, .. later, .. reports]), status => Assert.Equal(OutboxStatus.Waiting, status));
        Assert.Equal(6, (await store.Get<IOutbox>().LeaseAsync(100, TimeSpan.FromMinutes(1), CancellationToken.None)).Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Messages_of_one_decision_are_committed_with_it_or_not_at_all(Engine engine)
    {
        await using var store = new Store(engine);
        var user = await store.AddUserAsync("ines@example.com");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Commits.DecideAsync<bool>(user, (_, _) => throw new InvalidOperationException("decided otherwise"), CancellationToken.None));
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM outbox"));

        await SendAsync(store, user, Other(store, user, Channel.Email, "one@example.com"), Other(store, user, Channel.Email, "two@example.com"), Other(store, user, Channel.Email, "three@example.com"));

        Assert.Equal(3, await store.SqlAsync("SELECT count(DISTINCT recipient) FROM outbox WHERE due IS NOT NULL"));
    }

    private static OutboxMessage Link(Store store, UserId user) => Other(store, user, Channel.Sms, "+14155550142") with { Factor = Push, Purpose = MessagePurpose.ActivationLink };

    private static OutboxMessage Other(Store store, UserId user, Channel channel, string recipient) => new()
    {
        Id = OutboxMessage.NewId(store.Clock.GetUtcNow()),
        Channel = channel,
        Recipient = recipient,
        User = user,
        Purpose = MessagePurpose.Verification,
        Created = store.Clock.GetUtcNow(),
        Expires = store.Clock.GetUtcNow() + TimeSpan.FromMinutes(5),
        Status = OutboxStatus.Waiting,
        Content = new byte[] { 1, 2, 3 },
    };

    private static Task<IReadOnlyList<OutboxMessage>> SendAsync(Store store, UserId user, params IReadOnlyList<OutboxMessage> messages)
        => store.Commits.DecideAsync(user, (_, _) => new Transition<IReadOnlyList<OutboxMessage>>(messages) { Sends = new(messages, [], _ => default) }, CancellationToken.None);

    private static async Task<IReadOnlyList<OutboxStatus>> StatusesAsync(Store store, IReadOnlyList<OutboxMessage> messages)
    {
        var statuses = new List<OutboxStatus>();
        foreach (var message in messages) statuses.Add((await store.Get<IOutbox>().FindAsync(message.Id, CancellationToken.None))!.Status);
        return statuses;
    }
}
