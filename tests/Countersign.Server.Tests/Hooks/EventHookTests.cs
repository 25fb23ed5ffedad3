using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Countersign.Hooks;
using Countersign.SystemLog;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using static Countersign.Server.Tests.Hooks.HookRequests;

namespace Countersign.Server.Tests.Hooks;

public sealed class EventHookTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_hook_is_made_shown_verified_changed_and_removed_and_the_log_tells_of_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await using var endpoint = new EventHookCounterpart();

        var made = await app.PostAsync(EventHooks, With(Events(endpoint.Uri.AbsoluteUri), "description", "\"For the auditors\""));
        var hook = $"{EventHooks}/{made.Id}";
        var shown = await app.GetAsync(hook);
        var listed = await app.GetAsync(EventHooks);
        var verified = await app.PostAsync($"{hook}/lifecycle/verify");
        var replaced = await app.PutAsync(hook, With(Events(endpoint.Uri.AbsoluteUri, "user.account.lock", "user.account.lock"), "name", "\"New\""));
        var off = await app.PostAsync($"{hook}/lifecycle/deactivate");
        await app.PostAsync($"{hook}/lifecycle/activate");
        var refused = await app.DeleteAsync(hook);
        await app.PostAsync($"{hook}/lifecycle/deactivate");
        var removed = await app.DeleteAsync(hook);

        Assert.StartsWith("who", made.Id, StringComparison.Ordinal);
        Assert.Equal(("ACTIVE", "UNVERIFIED", "For the auditors"), ((string?)made.Json["status"], (string?)made.Json["verificationStatus"], (string?)made.Json["description"]));
        Assert.StartsWith("00u", (string?)made.Json["createdBy"], StringComparison.Ordinal);
        Assert.Equal("""{"type":"EVENT_TYPE","items":["user.lifecycle.create"],"filter":null}""", made.Json["events"]!.ToJsonString());
        Assert.Equal("""{"type":"HEADER","key":"Authorization"}""", made.Json["channel"]!["config"]!["authScheme"]!.ToJsonString());
        Assert.Equal(made.Text, shown.Text);
        Assert.Equal($"[{made.Text}]", listed.Text);
        Assert.Equal("VERIFIED", (string?)verified.Json["verificationStatus"]);
        Assert.Equal(("New", "VERIFIED", null), ((string?)replaced.Json["name"], (string?)replaced.Json["verificationStatus"], (string?)replaced.Json["description"]));
        Assert.Equal("""["user.account.lock"]""", replaced.Json["events"]!["items"]!.ToJsonString());
        Assert.Equal("INACTIVE", (string?)off.Json["status"]);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (refused.Status, refused.ErrorCode));
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal("[]", (await app.GetAsync(EventHooks)).Text);
        Assert.Equal(["event_hook.created", "event_hook.verified", "event_hook.updated", "event_hook.deactivated", "event_hook.activated", "event_hook.deactivated", "event_hook.deleted"],
            await app.HookEventsAsync());
    }

    [Fact]
    public async Task The_endpoint_is_asked_with_its_headers_and_gets_the_value()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        var hook = (await app.PostAsync(EventHooks, Events(endpoint.Uri.AbsoluteUri))).Id;

        await app.PostAsync($"{EventHooks}/{hook}/lifecycle/verify");

        var request = await endpoint.ReceiveAsync();
        Assert.Equal(("GET", Secret, "a"), (request.Method, request.Headers["Authorization"], request.Headers["X-Tenant"]));
        Assert.Equal(32, request.Headers["X-Okta-Verification-Challenge"].Length);
    }

    [Fact]
    public async Task An_endpoint_is_asked_twice_and_stays_unverified_when_it_fails_both_times()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        var hook = $"{EventHooks}/{(await app.PostAsync(EventHooks, Events(endpoint.Uri.AbsoluteUri))).Id}";
        endpoint.AnswerWith(Reply.Status(500), Reply.Json(200, """{"verification":"another"}"""), Reply.HangUp);

        var refused = await app.PostAsync($"{hook}/lifecycle/verify");
        var unverified = await app.GetAsync(hook);
        var verified = await app.PostAsync($"{hook}/lifecycle/verify");

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (refused.Status, refused.ErrorCode));
        Assert.StartsWith("The endpoint could not be verified: ", refused.Cause, StringComparison.Ordinal);
        Assert.Equal(("UNVERIFIED", "VERIFIED"), ((string?)unverified.Json["verificationStatus"], (string?)verified.Json["verificationStatus"]));
        Assert.Equal(4, endpoint.Count);
    }

    [Theory]
    [InlineData("channel.config.uri", "\"https://example.com/other\"", "UNVERIFIED")]
    [InlineData("channel.config.authScheme.value", "\"another secret\"", "UNVERIFIED")]
    [InlineData("channel.config.authScheme.key", "\"X-Key\"", "UNVERIFIED")]
    [InlineData("channel.config.authScheme", null, "UNVERIFIED")]
    [InlineData("channel.config.authScheme.value", null, "VERIFIED")]
    [InlineData("channel.config.headers", "[]", "VERIFIED")]
    [InlineData("name", "\"New\"", "VERIFIED")]
    public async Task Another_address_or_secret_must_be_verified_again(string place, string? json, string status)
    {
        await using var app = new CountersignApp();
        await using var endpoint = new EventHookCounterpart();
        var hook = await app.AddVerifiedHookAsync(endpoint);

        var replaced = await app.PutAsync($"{EventHooks}/{hook}", With(Events(endpoint.Uri.AbsoluteUri), place, json));

        Assert.Equal(status, (string?)replaced.Json["verificationStatus"]);
    }

    [Theory]
    [InlineData("name", null, "name")]
    [InlineData("events", null, "events.items")]
    [InlineData("events.type", null, "events.type")]
    [InlineData("events.type", "\"FLOW\"", "events.type")]
    [InlineData("events.items", null, "events.items")]
    [InlineData("events.items", "[]", "events.items")]
    [InlineData("events.items", "[\"user.nothing\"]", "events.items")]
    [InlineData("events.items", "[null]", "events.items")]
    [InlineData("events.items", "[\"event_hook.delivery\"]", "events.items")]
    [InlineData("events.filter", """{"type":"EXPRESSION_LANGUAGE","eventFilterMap":[]}""", "events.filter")]
    [InlineData("channel", null, "channel")]
    [InlineData("channel.type", "\"OAUTH\"", "channel.type")]
    [InlineData("channel.config.uri", "\"http://example.com/events\"", "uri")]
    [InlineData("channel.config.headers", """[{"key":"X-Okta-Verification-Challenge","value":"a"}]""", "headers")]
    [InlineData("channel.config.authScheme.value", null, "authScheme.value")]
    public async Task What_no_hook_can_be_is_refused(string place, string? json, string subject)
    {
        await using var app = new CountersignApp();

        var refused = await app.PostAsync(EventHooks, With(Events(), place, json));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", $"Api validation failed: {subject}"), (refused.Status, refused.ErrorCode, (string?)refused.Json["errorSummary"]));
        Assert.Equal("[]", (await app.GetAsync(EventHooks)).Text);
    }

    [Fact]
    public async Task There_are_at_most_fifty_hooks()
    {
        await using var app = new CountersignApp();
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(EventHooks, With(Events(), "channel.config.authScheme", null))).Status);

        Assert.Equal("E0000001", (await app.PostAsync(EventHooks, Events())).ErrorCode);
    }

    [Theory, InlineData("GET", ""), InlineData("PUT", ""), InlineData("DELETE", ""), InlineData("POST", "/lifecycle/activate"), InlineData("POST", "/lifecycle/deactivate"), InlineData("POST", "/lifecycle/verify")]
    public async Task A_hook_that_is_not_there_is_not_found(string method, string path)
    {
        await using var app = new CountersignApp();

        var answer = await app.SendAsync(new HttpMethod(method), $"{EventHooks}/who00000000000000000{path}", Events());

        Assert.Equal((HttpStatusCode.NotFound, "Not found: Resource not found: who00000000000000000 (EventHook)"), (answer.Status, (string?)answer.Json["errorSummary"]));
    }

    [Theory]
    [InlineData("/api/v1/inlineHooks", "okta.inlineHooks.read", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/inlineHooks", "okta.inlineHooks.manage", HttpStatusCode.OK, HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/inlineHooks", "okta.eventHooks.manage", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/eventHooks", "okta.eventHooks.read", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/eventHooks", "okta.eventHooks.manage", HttpStatusCode.OK, HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/eventHooks", "okta.logs.read", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task A_token_needs_the_scope(string path, string scope, HttpStatusCode reading, HttpStatusCode changing)
    {
        await using var app = new CountersignApp();
        var token = (string)(await app.PostAsync("/countersign/v1/tokens", new JsonObject { ["name"] = "part", ["scopes"] = new JsonArray(scope) })).Json["token"]!;
        using var client = app.CreateAuthorizedClient(token);

        using var read = await client.GetAsync(new Uri(path, UriKind.Relative));
        using var changed = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent("{}"));

        Assert.Equal((reading, changing), (read.StatusCode, changed.StatusCode));
    }

    [Fact]
    public void Every_event_type_is_known_and_hooks_can_be_told_of_all_but_their_own()
    {
        var types = typeof(LogEventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.True(LogEventTypes.IsKnown(type), $"{type} has no text of its own"));
        Assert.All(types, type => Assert.Equal(type is not LogEventTypes.OutboundRefused && !type.StartsWith("event_hook.", StringComparison.Ordinal), EventHook.CanBeTold(type)));
        Assert.False(LogEventTypes.IsKnown("user.nothing"));
    }
}
