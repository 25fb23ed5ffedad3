using System.Collections.Concurrent;
using System.Text;
using Countersign.Delivery.Providers;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using Countersign.Testing.WebPush;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>A device is told of requests: from the commit to a push service that checks who sends, and a browser that decrypts.</summary>
public sealed class WebPushEndToEndTests : IAsyncDisposable
{
    private const string Transaction = "v2mst.8mQ2kd0vTnCw1YxPzR5hLg", Other = "v2mst.Zk3vTnCw1YxPzR5hLg8mQ2";
    private const string Sent = "system.push.send_factor_verify_push";
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));
    private readonly PushServiceCounterpart _service;
    private readonly PushReceiver _receiver = new();
    private readonly Subscriptions _subscriptions = new();

    public WebPushEndToEndTests() => _service = new PushServiceCounterpart(() => _clock.GetUtcNow());

    private string Endpoint => _service.Endpoint("JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV");

    private PushMessage Message => new(_receiver.At(Endpoint), Transaction, FiveMinutes);

    public ValueTask DisposeAsync()
    {
        _receiver.Dispose();
        return _service.DisposeAsync();
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_device_is_told_where_to_look_and_nobody_else_learns_anything(Engine engine)
    {
        using var store = new TestStore(engine);
        await using var app = On(store);
        var user = await app.AddUserAsync(PumpApp.Address);

        await app.CommitAsync(user, Message);
        var request = await _service.ReceiveAsync();
        var noted = await app.EndedAsync(FactorMessageApp.Push.Value);

        Assert.Equal($$"""{"v":1,"factor":"{{FactorMessageApp.Push}}","transaction":"{{Transaction}}"}""", Encoding.UTF8.GetString(_receiver.Read(request.Body)));
        Assert.Equal(("/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", "300", "high", "8mQ2kd0vTnCw1YxPzR5hLg", "application/octet-stream"),
            (request.Target, request.Headers["TTL"], request.Headers["Urgency"], request.Headers["Topic"], request.Headers["Content-Type"]));
        var (token, key) = PushServiceCounterpart.ReadAuthorization(request.Headers["Authorization"], _clock.GetUtcNow());
        Assert.Equal(app.Services.GetRequiredService<IWebPush>().PublicKey, key);
        Assert.Equal("mailto:ops@example.com", token.Subject);

        Assert.Equal(("push", "SENT", "127.0.0.1", "VERIFICATION", user), ((string?)noted["channel"], (string?)noted["status"], (string?)noted["provider"], (string?)noted["purpose"], (string?)noted["userId"]));
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM outbox WHERE content IS NOT NULL"));
        var logged = Assert.Single(await app.EventsAsync(Sent));
        Assert.Equal("SUCCESS", (string?)logged["outcome"]!["result"]);
        Assert.Contains(logged["target"]!.AsArray(), target => (string?)target!["alternateId"] == PumpApp.Address);
        Assert.Contains(logged["target"]!.AsArray(), target => (string?)target!["id"] == FactorMessageApp.Push.Value);
        foreach (var secret in (string[])[Endpoint, "JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", Message.Subscription.Auth, Message.Subscription.P256dh, Transaction])
            Assert.DoesNotContain(secret, noted.ToJsonString() + logged.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(404), InlineData(410)]
    public async Task A_subscription_that_is_gone_is_forgotten(int status)
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store);
        var user = await app.AddUserAsync(PumpApp.Address);
        _service.AnswerWith(Reply.Status(status));

        await app.CommitAsync(user, Message);

        Assert.Equal(("FAILED", "the subscription is gone"), await StateAsync(app));
        Assert.Equal((new UserId(user), FactorMessageApp.Push, Endpoint), Assert.Single(_subscriptions.Forgotten));
        Assert.Equal("FAILURE", (string?)Assert.Single(await app.EventsAsync(Sent))["outcome"]!["result"]);
        Assert.Equal(1, _service.Count);
    }

    [Theory, InlineData(400), InlineData(401), InlineData(403), InlineData(413), InlineData(307)]
    public async Task What_a_push_service_refuses_is_not_sent_again_or_anywhere_else(int status)
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store);
        _service.AnswerWith(Reply.Status(status, ("Location", $"{_service.Origin}/elsewhere")));

        await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message);

        Assert.Equal(("FAILED", $"status {status}"), await StateAsync(app));
        Assert.Empty(_subscriptions.Forgotten);
        Assert.Equal(1, _service.Count);
    }

    [Theory, InlineData(429), InlineData(500), InlineData(503)]
    public async Task A_push_service_that_asks_for_time_gets_it_while_the_request_lives(int status)
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store);
        _service.AnswerWith(Reply.Status(status, ("Retry-After", "30")));
        await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message);
        await app.PostponedAsync(FactorMessageApp.Push.Value);
        Assert.Equal(1, _service.Count);

        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(("SENT", null), await StateAsync(app));
        await _service.ReceiveAsync();
        Assert.Equal("269", (await _service.ReceiveAsync()).Headers["TTL"]);
    }

    [Fact]
    public async Task Nothing_is_sent_once_the_request_would_be_over()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store);
        _service.AnswerWith(Reply.Status(503, ("Retry-After", "400")));

        await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message);

        Assert.Equal(("FAILED", "status 503"), await StateAsync(app));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Each_of_several_requests_is_told(Engine engine)
    {
        using var store = new TestStore(engine);
        await using var app = On(store);
        var user = await app.AddUserAsync(PumpApp.Address);

        await app.CommitAsync(user, Message);
        await app.CommitAsync(user, Message with { TransactionId = Other });

        string[] topics = [(await _service.ReceiveAsync()).Headers["Topic"], (await _service.ReceiveAsync()).Headers["Topic"]];
        Assert.Equal(new[] { Transaction[6..], Other[6..] }.Order(), topics.Order());
    }

    [Fact]
    public async Task A_push_service_that_is_not_allowed_any_more_is_not_called()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store, new KeyValuePair<string, string>("Countersign:Push:WebPush:Services:0", "push.example.com"));
        Assert.False(app.Services.GetRequiredService<IWebPush>().Accepts(Message.Subscription));

        await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message);

        Assert.Equal(("FAILED", "the push service is not allowed"), await StateAsync(app));
        Assert.Equal(0, _service.Count);
    }

    [Fact]
    public async Task Where_Web_Push_is_switched_off_messages_are_left_out()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = On(store, new("Countersign:Push:WebPush:Enabled", "false"), new("Countersign:Delivery:OutboxOnly", "true"));
        var webPush = app.Services.GetRequiredService<IWebPush>();

        Assert.Empty(await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message));

        Assert.Null(webPush.PublicKey);
        Assert.False(webPush.Accepts(Message.Subscription));
        Assert.Empty(await app.OutboxAsync(FactorMessageApp.Push.Value));
        Assert.Equal(0, await store.SqlAsync("SELECT count(*) FROM organization WHERE key LIKE 'secret/%'"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_key_is_the_same_after_a_restart_and_on_every_node(Engine engine)
    {
        using var store = new TestStore(engine);
        string?[] keys = [null, null, null];
        await using (var first = On(store)) keys[0] = first.Services.GetRequiredService<IWebPush>().PublicKey;
        await using (var second = On(store)) keys[1] = second.Services.GetRequiredService<IWebPush>().PublicKey;
        await using (var third = On(store)) keys[2] = third.Services.GetRequiredService<IWebPush>().PublicKey;

        Assert.Equal(87, keys[0]!.Length);
        Assert.Single(keys.Distinct());
    }

    private CountersignApp On(TestStore store, params IReadOnlyList<KeyValuePair<string, string>> settings)
        => new(store, [new("Countersign:Delivery:PollInterval", "00:00:00.05"), new("Countersign:Delivery:OutboxOnly", "false"), new("Countersign:Push:WebPush:Services:0", _service.Origin),
            new("Countersign:Push:WebPush:Contact", "mailto:ops@example.com"), .. settings])
        {
            Replaces = services => services.AddSingleton(new ProviderRoutes([])).AddSingleton<IPushSubscriptions>(_subscriptions),
            Clock = _clock,
        };

    private static async Task<(string?, string?)> StateAsync(CountersignApp app)
    {
        var noted = await app.EndedAsync(FactorMessageApp.Push.Value);
        return ((string?)noted["status"], (string?)noted["reason"]);
    }

    private sealed class Subscriptions : IPushSubscriptions
    {
        public ConcurrentQueue<(UserId, FactorId, string)> Forgotten { get; } = [];

        public Task ForgetAsync(UserId user, FactorId factor, string endpoint, CancellationToken cancellationToken)
        {
            Forgotten.Enqueue((user, factor, endpoint));
            return Task.CompletedTask;
        }
    }
}
