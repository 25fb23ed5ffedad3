using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Server.Tests.Hooks;

/// <summary>The usual bodies and calls of tests on hooks.</summary>
internal static class HookRequests
{
    public const string InlineHooks = "/api/v1/inlineHooks", EventHooks = "/api/v1/eventHooks", Telephony = "com.okta.telephony.provider", Secret = "Bearer hook-secret-0123456789";

    public static JsonObject Inline(string name = "Our gateway", string type = Telephony, string uri = "https://sms.example.com/hook") => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["version"] = "1.0.0",
        ["channel"] = Channel(uri),
    };

    public static JsonObject Events(string uri = "https://example.com/events", params string[] items) => new()
    {
        ["name"] = "Our records",
        ["events"] = new JsonObject { ["type"] = "EVENT_TYPE", ["items"] = new JsonArray([.. items.Length == 0 ? ["user.lifecycle.create"] : items]) },
        ["channel"] = Channel(uri),
    };

    public static JsonObject Channel(string uri) => new()
    {
        ["type"] = "HTTP",
        ["version"] = "1.0.0",
        ["config"] = new JsonObject
        {
            ["uri"] = uri,
            ["method"] = "POST",
            ["headers"] = new JsonArray(new JsonObject { ["key"] = "X-Tenant", ["value"] = "a" }),
            ["authScheme"] = new JsonObject { ["type"] = "HEADER", ["key"] = "Authorization", ["value"] = Secret },
        },
    };

    /// <summary>The body with the member at a place such as <c>channel.config.uri</c> set to a JSON text; null takes it away.</summary>
    public static JsonObject With(JsonObject body, string place, string? json)
    {
        JsonNode node = body;
        var names = place.Split('.');
        foreach (var name in names[..^1]) node = node[name]!;
        if (json is null) node.AsObject().Remove(names[^1]);
        else node[names[^1]] = JsonNode.Parse(json);
        return body;
    }

    extension(CountersignApp app)
    {
        /// <summary>Makes an event hook at this endpoint and has it verified.</summary>
        public async Task<string> AddVerifiedHookAsync(EventHookCounterpart endpoint, params string[] items)
        {
            var id = (await app.PostAsync(EventHooks, Events(endpoint.Uri.AbsoluteUri, items))).Id;
            var verified = await app.PostAsync($"{EventHooks}/{id}/lifecycle/verify");
            Assert.Equal("VERIFIED", (string?)verified.Json["verificationStatus"]);
            await endpoint.ReceiveAsync();
            return id;
        }

        /// <summary>The events of hooks in the system log, oldest first.</summary>
        public async Task<string[]> HookEventsAsync()
            => [.. (await app.GetAsync("/api/v1/logs?filter=" + Uri.EscapeDataString("eventType sw \"inline_hook\" or eventType sw \"event_hook\""))).Json.AsArray().Select(logged => (string)logged!["eventType"]!)];
    }
}
