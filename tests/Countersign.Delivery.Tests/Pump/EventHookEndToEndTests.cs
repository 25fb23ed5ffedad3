using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>From an event of the log to the address that wanted it (contract 15.3).</summary>
public sealed class EventHookEndToEndTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Events_that_a_verified_hook_wants_are_posted_to_it_and_tried_once_more_after_a_fault(Engine engine)
    {
        using var store = new TestStore(engine);
        await using var endpoint = new EventHookCounterpart();
        await using var app = PumpApp.On(store, null, []);
        var hook = await RegisterAsync(app, endpoint, "user.lifecycle.create", "user.lifecycle.suspend");
        Assert.Equal("VERIFIED", (string?)(await app.PostAsync($"/api/v1/eventHooks/{hook}/lifecycle/verify")).Json["verificationStatus"]);
        await endpoint.ReceiveAsync();   // the challenge

        endpoint.AnswerWith(Reply.Status(503));
        await app.AddUserAsync("ines@example.com");
        var first = await NextAsync(app, endpoint);
        var second = await NextAsync(app, endpoint);

        Assert.Equal(first.Text, second.Text);
        var events = second.Json["data"]!["events"]!.AsArray();
        Assert.Equal(["user.lifecycle.create"], events.Select(logged => (string?)logged!["eventType"]));
        Assert.Equal("SENT", (string?)(await app.EndedAsync(hook))["status"]);
    }

    [Fact]
    public async Task A_hook_that_fails_twice_is_told_no_more_of_that_event()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var endpoint = new EventHookCounterpart();
        await using var app = PumpApp.On(store, null, []);
        var hook = await RegisterAsync(app, endpoint, "user.lifecycle.create");
        await app.PostAsync($"/api/v1/eventHooks/{hook}/lifecycle/verify");
        await endpoint.ReceiveAsync();
        endpoint.AnswerWith(Reply.Status(503), Reply.Status(503));
        await app.AddUserAsync("ines@example.com");
        await NextAsync(app, endpoint);
        await NextAsync(app, endpoint);

        Assert.Equal("FAILED", (string?)(await app.EndedAsync(hook))["status"]);

        Assert.Equal("FAILURE", (string?)Assert.Single(await app.EventsAsync("event_hook.delivery"))["outcome"]!["result"]);
    }

    /// <summary>The next request, the clock moved until it comes.</summary>
    private static async Task<ReceivedRequest> NextAsync(CountersignApp app, EventHookCounterpart endpoint)
    {
        var next = endpoint.ReceiveAsync();
        while (!next.IsCompleted)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(next, Task.Delay(50));
        }
        return await next;
    }

    private static async Task<string> RegisterAsync(CountersignApp app, EventHookCounterpart endpoint, params string[] events)
    {
        var registered = await app.PostAsync("/api/v1/eventHooks", new JsonObject
        {
            ["name"] = "Users",
            ["events"] = new JsonObject { ["type"] = "EVENT_TYPE", ["items"] = new JsonArray([.. events.Select(one => (JsonNode)one)]) },
            ["channel"] = new JsonObject
            {
                ["type"] = "HTTP",
                ["version"] = "1.0.0",
                ["config"] = new JsonObject
                {
                    ["uri"] = endpoint.Uri.ToString(),
                    ["authScheme"] = new JsonObject { ["type"] = "HEADER", ["key"] = endpoint.Channel.Authentication!.Key, ["value"] = endpoint.Channel.Authentication.Value },
                },
            },
        });
        Assert.True(registered.Status == HttpStatusCode.OK, registered.Text);
        return registered.Id;
    }
}
