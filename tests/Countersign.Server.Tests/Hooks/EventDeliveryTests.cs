using System.Net;
using Countersign.Delivery;
using Countersign.Delivery.EventHooks;
using Countersign.Hooks;
using Countersign.Outbox;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using Microsoft.Extensions.DependencyInjection;
using static Countersign.Server.Tests.Hooks.HookRequests;

namespace Countersign.Server.Tests.Hooks;

public sealed class EventDeliveryTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_event_goes_from_the_log_to_the_endpoint(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>("Countersign:PublicUrl", "https://mfa.example.com"));
        await using var endpoint = new EventHookCounterpart();
        await app.AddUserAsync("before@example.com", password: null);
        var hook = await app.AddVerifiedHookAsync(endpoint);
        var user = await app.AddUserAsync("after@example.com", password: null);

        var message = await FeedAsync(app);
        var result = await SendAsync(app, message);

        Assert.IsType<DeliveryResult.Accepted>(result);
        Assert.Equal((Countersign.Outbox.Channel.EventHook, hook, 1), (message.Channel, message.Recipient, message.Attempts));
        Assert.Equal(TimeSpan.FromHours(24), message.Expires - message.Created);
        var request = await endpoint.ReceiveAsync();
        Assert.Equal(("POST", Secret), (request.Method, request.Headers["Authorization"]));
        Assert.Equal(("com.okta.event_hook", message.Id, $"https://mfa.example.com/api/v1/eventHooks/{hook}"),
            ((string?)request.Json["eventType"], (string?)request.Json["eventId"], (string?)request.Json["source"]));
        var logged = Assert.Single((await app.GetAsync("/api/v1/logs?filter=" + Uri.EscapeDataString($"eventType eq \"user.lifecycle.create\" and target.id eq \"{user}\""))).Json.AsArray());
        Assert.Equal(logged!.ToJsonString(), Assert.Single(request.Json["data"]!["events"]!.AsArray())!.ToJsonString());
    }

    [Fact]
    public async Task A_failure_is_tried_once_more_with_the_same_events()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        await app.AddVerifiedHookAsync(endpoint);
        await app.AddUserAsync("ada@example.com", password: null);
        endpoint.AnswerWith(Reply.Status(503), Reply.HangUp);

        var message = await FeedAsync(app);
        var first = await SendAsync(app, message);
        app.Clock.Advance(Lease);
        var again = Assert.Single(await app.Services.GetRequiredService<IOutbox>().LeaseAsync(10, Lease, CancellationToken.None));
        var second = await SendAsync(app, again);

        Assert.IsType<DeliveryResult.Failed>(first);
        Assert.IsType<DeliveryResult.Rejected>(second);
        Assert.Equal((await endpoint.ReceiveAsync()).Text, (await endpoint.ReceiveAsync()).Text);
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        await app.AddVerifiedHookAsync(endpoint);
        await app.AddUserAsync("ada@example.com", password: null);
        endpoint.AnswerWith(Reply.Status(410));

        Assert.IsType<DeliveryResult.Rejected>(await SendAsync(app, await FeedAsync(app)));
    }

    [Theory, InlineData("switched off"), InlineData("removed"), InlineData("moved")]
    public async Task A_hook_that_is_gone_is_not_called(string what)
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        var hook = $"{EventHooks}/{await app.AddVerifiedHookAsync(endpoint)}";
        await app.AddUserAsync("ada@example.com", password: null);
        var message = await FeedAsync(app);
        if (what == "moved") await app.PutAsync(hook, Events($"{endpoint.Uri}/elsewhere"));
        else await app.PostAsync($"{hook}/lifecycle/deactivate");
        if (what == "removed") Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync(hook)).Status);

        var result = await SendAsync(app, message);

        Assert.IsType<DeliveryResult.Rejected>(result);
        Assert.Equal(1, endpoint.Count);
    }

    [Fact]
    public async Task Events_that_the_log_does_not_keep_any_more_are_not_sent()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        await app.AddVerifiedHookAsync(endpoint);
        await app.AddUserAsync("ada@example.com", password: null);
        var message = await FeedAsync(app);
        await app.Store.SqlAsync("DELETE FROM log");

        Assert.IsType<DeliveryResult.Rejected>(await SendAsync(app, message));
        Assert.Equal(1, endpoint.Count);
    }

    [Fact]
    public async Task A_message_is_listed_without_its_content()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        var hook = await app.AddVerifiedHookAsync(endpoint);
        await app.AddUserAsync("ada@example.com", password: null);
        await FeedAsync(app);

        var listed = Assert.Single(await app.OutboxAsync(hook));

        Assert.Equal(("eventHook", "WAITING", null), ((string?)listed["channel"], (string?)listed["status"], (string?)listed["code"]));
    }

    private static async Task<OutboxEntry> FeedAsync(CountersignApp app)
    {
        Assert.Equal(1, (await app.Services.GetRequiredService<IEventFeed>().MoveAsync(CancellationToken.None)).Messages);
        return Assert.Single(await app.Services.GetRequiredService<IOutbox>().LeaseAsync(10, Lease, CancellationToken.None));
    }

    private static async Task<DeliveryResult> SendAsync(CountersignApp app, OutboxEntry message)
        => await app.Services.GetRequiredService<EventHookSender>().SendAsync(message, CancellationToken.None);
}
