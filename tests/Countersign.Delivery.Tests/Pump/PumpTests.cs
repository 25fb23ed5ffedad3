using System.Text.Json.Nodes;
using Countersign.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>What the pump does with messages, and with providers that are down, slow, refuse, or break in the middle.</summary>
public sealed class PumpTests
{
    private const string Sent = "system.sms.send_factor_verify_message";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_challenge_is_sent_noted_and_logged_and_its_code_is_kept_nowhere(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("first");
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        var factor = await app.SmsAsync();

        Assert.Equal("CHALLENGE", (await app.PostAsync($"{factor}/verify")).FactorResult);
        var message = await provider.ReceiveAsync();
        var noted = await app.EndedAsync();

        Assert.Equal((PumpApp.Number, $"Your verification code is {message.Code}."), (message.Recipient, message.Text));
        Assert.Equal(("SENT", "first", "first-reference", message.Id), ((string?)noted["status"], (string?)noted["provider"], (string?)noted["reference"], (string?)noted["id"]));
        Assert.Null(noted["code"]);
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM outbox WHERE content IS NOT NULL"));
        var logged = Assert.Single(await app.EventsAsync(Sent));
        Assert.Equal("SUCCESS", (string?)logged["outcome"]!["result"]);
        Assert.Contains(logged["target"]!.AsArray(), target => (string?)target!["id"] == "first");
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", new JsonObject { ["passCode"] = message.Code })).FactorResult);
    }

    [Fact]
    public async Task When_a_provider_fails_or_throws_the_next_gets_the_message_with_the_same_id()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider first = new("first"), second = new("second"), third = new("third");
        first.Then(new DeliveryResult.Failed("DOWN"));
        second.Then(_ => throw new InvalidOperationException("broken"));
        await using var app = PumpApp.On(store, null, [PumpApp.Route(third, 3), PumpApp.Route(first, 1), PumpApp.Route(second, 2)]);
        await app.PostAsync($"{await app.SmsAsync()}/verify");

        var ids = new[] { await first.ReceiveAsync(), await second.ReceiveAsync(), await third.ReceiveAsync() }.Select(message => message.Id).ToList();

        Assert.Single(ids.Distinct());
        Assert.Equal("third", (string?)(await app.EndedAsync())["provider"]);
        Assert.Single(await app.EventsAsync(Sent));
    }

    [Fact]
    public async Task A_slow_provider_is_left_after_its_time_limit()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider slow = new("slow"), second = new("second");
        slow.Then(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return slow.Usually;
        });
        await using var app = PumpApp.On(store, null, [PumpApp.Route(slow, 1, settings => settings.TimeLimit = TimeSpan.FromMilliseconds(100)), PumpApp.Route(second, 2)]);

        await app.PostAsync($"{await app.SmsAsync()}/verify");

        Assert.Equal("second", (string?)(await app.EndedAsync())["provider"]);
    }

    [Fact]
    public async Task A_provider_that_ignores_its_time_limit_holds_nothing_up()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider deaf = new("deaf"), second = new("second");
        var never = new TaskCompletionSource<DeliveryResult>();
        deaf.Then(_ => never.Task);
        await using var app = PumpApp.On(store, null, [PumpApp.Route(deaf, 1, settings => settings.TimeLimit = TimeSpan.FromMilliseconds(100)), PumpApp.Route(second, 2)]);

        await app.PostAsync($"{await app.SmsAsync()}/verify");

        Assert.Equal("second", (string?)(await app.EndedAsync())["provider"]);
        never.SetResult(deaf.Usually);
    }

    [Fact]
    public async Task A_recipient_that_is_refused_is_not_tried_elsewhere()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider first = new("first"), second = new("second");
        first.Then(new DeliveryResult.Rejected("21211"));
        await using var app = PumpApp.On(store, null, [PumpApp.Route(first, 1), PumpApp.Route(second, 2)]);
        await app.PostAsync($"{await app.SmsAsync()}/verify");

        var ended = await app.EndedAsync();

        Assert.Equal(("FAILED", "21211"), ((string?)ended["status"], (string?)ended["reason"]));
        Assert.Empty(second.All);
        Assert.Equal("FAILURE", (string?)Assert.Single(await app.EventsAsync(Sent))["outcome"]!["result"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_nobody_took_is_tried_again_while_the_code_lives(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("only") { Usually = new DeliveryResult.Failed("DOWN") };
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        for (var attempts = 1; attempts < 5; attempts++) provider.Then(new DeliveryResult.Failed($"DOWN {attempts}"));
        await app.PostAsync($"{await app.SmsAsync()}/verify");
        for (var attempts = 1; attempts < 5; attempts++)
        {
            await app.PostponedAsync(reason: $"DOWN {attempts}");
            app.Clock.Advance(TimeSpan.FromSeconds(60));
        }
        Assert.True(provider.All.Count is >= 4 and <= 5, $"{provider.All.Count} tries");
        provider.Usually = new DeliveryResult.Accepted(null);

        var ended = await app.EndedAsync();

        Assert.Contains((string?)ended["status"], (string?[])["SENT", "FAILED"]);
        Assert.Single(provider.All.Select(message => message.Id).Distinct());
        Assert.All(provider.All, message => Assert.True(message.Expires > message.Created));
    }

    [Fact]
    public async Task A_provider_that_comes_back_gets_what_waits()
    {
        using var store = new TestStore(Engine.Sqlite);
        var provider = new ScriptedProvider("only");
        provider.Then(new DeliveryResult.Failed("DOWN"));
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        await app.PostAsync($"{await app.SmsAsync()}/verify");
        await app.PostponedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("SENT", (string?)(await app.EndedAsync())["status"]);

        Assert.Equal(2, provider.All.Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_ended_code_is_never_sent(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("only") { Usually = new DeliveryResult.Failed("DOWN", TimeSpan.FromMinutes(4)) };
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        await app.PostAsync($"{await app.SmsAsync()}/verify");
        await app.PostponedAsync();
        provider.Usually = new DeliveryResult.Accepted(null);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var ended = await app.EndedAsync();

        Assert.Equal("EXPIRED", (string?)ended["status"]);
        Assert.Single(provider.All);
        Assert.Equal("FAILURE", (string?)Assert.Single(await app.EventsAsync(Sent))["outcome"]!["result"]);
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM outbox WHERE content IS NOT NULL"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_newer_code_takes_the_place_of_one_that_waits(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("only");
        provider.Then(new DeliveryResult.Failed("DOWN", TimeSpan.FromMinutes(1)));
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        var factor = await app.SmsAsync();
        await app.PostAsync($"{factor}/verify");
        await app.PostponedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.PostAsync($"{factor}/verify");
        await app.EndedAsync(statuses: "SENT");
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["SENT", "SUPERSEDED"], (await app.OutboxAsync(PumpApp.Number)).Select(message => (string?)message["status"]));

        Assert.Equal(2, provider.All.Count);
    }

    [Fact]
    public async Task Countries_go_to_the_providers_that_serve_them()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider german = new("german"), rest = new("rest");
        await using var app = PumpApp.On(store, null,
            [PumpApp.Route(german, 1, settings => settings.Countries = ["DE"]), PumpApp.Route(rest, 2, settings => settings.ExceptCountries = ["FR", "DE"])]);
        await app.PostAsync($"{await app.SmsAsync("+4915112345678", "de@example.com")}/verify");
        await app.PostAsync($"{await app.SmsAsync("+14155550142", "us@example.com")}/verify");
        await app.PostAsync($"{await app.SmsAsync("+33612345678", "fr@example.com")}/verify");

        Assert.Equal("german", (string?)(await app.EndedAsync("+4915112345678"))["provider"]);
        Assert.Equal("rest", (string?)(await app.EndedAsync("+14155550142"))["provider"]);
        Assert.Equal("NO_PROVIDER", (string?)(await app.EndedAsync("+33612345678"))["reason"]);
    }

    [Fact]
    public async Task A_provider_that_failed_several_times_in_a_row_comes_last_for_a_while()
    {
        using var store = new TestStore(Engine.Sqlite);
        ScriptedProvider ill = new("ill") { Usually = new DeliveryResult.Failed("DOWN") }, well = new("well");
        await using var app = PumpApp.On(store, null, [PumpApp.Route(ill, 1), PumpApp.Route(well, 2)]);
        var factor = await app.SmsAsync();
        for (var sent = 0; sent < 4; sent++)
        {
            await app.PostAsync($"{factor}/verify");
            await app.EndedAsync(statuses: "SENT");
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));   // the newest message is told by its instant
        }
        Assert.Equal(3, ill.All.Count);
        app.Clock.Advance(TimeSpan.FromSeconds(31));

        await app.PostAsync($"{factor}/verify");
        await app.EndedAsync(statuses: "SENT");

        Assert.Equal(4, ill.All.Count);
        Assert.Equal(5, well.All.Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Two_nodes_send_every_message_once(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("shared");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));
        await using var one = PumpApp.On(store, clock, [PumpApp.Route(provider)]);
        await using var other = PumpApp.On(store, clock, [PumpApp.Route(provider)]);
        var factors = new List<string>();
        for (var i = 0; i < 40; i++) factors.Add(await one.SmsAsync($"+1415555{1000 + i}", $"user{i}@example.com"));

        await Task.WhenAll(factors.Select((factor, i) => (i % 2 == 0 ? one : other).PostAsync($"{factor}/verify")));
        for (var i = 0; i < 40; i++) Assert.Equal("SENT", (string?)(await one.EndedAsync($"+1415555{1000 + i}"))["status"]);

        Assert.Equal(40, provider.All.Count);
        Assert.Equal(40, provider.All.Select(message => message.Id).Distinct().Count());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_a_node_keeps_too_long_is_sent_by_another_with_the_same_id_and_the_late_word_counts_for_nothing(Engine engine)
    {
        using var store = new TestStore(engine);
        ScriptedProvider stuck = new("stuck"), good = new("good");
        var late = new TaskCompletionSource<DeliveryResult>();
        stuck.Then(_ => late.Task);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));
        await using var one = PumpApp.On(store, clock, [PumpApp.Route(stuck, 1, settings => settings.TimeLimit = TimeSpan.FromMinutes(2))],
            new KeyValuePair<string, string>("Countersign:Delivery:Concurrency", "1"));   // so that it takes up nothing else meanwhile
        await one.PostAsync($"{await one.SmsAsync()}/verify");
        var held = await stuck.ReceiveAsync();
        await using var other = PumpApp.On(store, clock, [PumpApp.Route(good)]);
        _ = other.Client;
        clock.Advance(TimeSpan.FromSeconds(31));
        var sent = await good.ReceiveAsync();
        await other.EndedAsync();

        late.SetResult(new DeliveryResult.Rejected("LATE"));
        await one.DisposeAsync();   // notes the late word
        var ended = await other.EndedAsync();

        Assert.Equal(held.Id, sent.Id);
        Assert.Equal(("SENT", "good"), ((string?)ended["status"], (string?)ended["provider"]));
        Assert.Single(await other.EventsAsync(Sent));
    }
}
