using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>The telephony hook as the API's clients see it (contract 15.2): its word decides whether the request fails.</summary>
public sealed class TelephonyHookEndToEndTests
{
    public static TheoryData<string, HttpStatusCode, string> Failures => new()
    {
        { "FAILED", HttpStatusCode.BadRequest, "E0000135" },
        { "500", HttpStatusCode.BadGateway, "E0000134" },
        { "unknown", HttpStatusCode.BadGateway, "E0000134" },
        { "hang up", HttpStatusCode.GatewayTimeout, "E0000137" },
    };

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_active_hook_sends_in_place_of_the_providers(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("builtin");
        await using var hook = new TelephonyHookCounterpart();
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        await RegisterAsync(app, hook);

        Assert.Equal("CHALLENGE", (await app.PostAsync($"{await app.SmsAsync()}/verify")).FactorResult);
        var asked = await hook.ReceiveAsync();
        var sent = await app.EndedAsync();

        Assert.Equal("com.okta.user.telephony.mfa-verification", (string?)asked.Json["requestType"]);
        Assert.Equal("SENT", (string?)sent["status"]);
        Assert.Empty(provider.All);
        Assert.Single(await app.EventsAsync("inline_hook.executed"));
        Assert.Single(await app.EventsAsync("inline_hook.response.processed"));
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_hook_that_fails_fails_the_request_when_nobody_else_sends(string answer, HttpStatusCode status, string error)
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var hook = new TelephonyHookCounterpart();
        await using var app = PumpApp.On(store, null, []);
        await RegisterAsync(app, hook);
        var factor = await app.SmsAsync();
        hook.AnswerWith(Answer(answer));

        var refused = await app.PostAsync($"{factor}/verify");

        Assert.Equal((status, error), (refused.Status, refused.ErrorCode));
        Assert.Equal("FAILED", (string?)(await app.EndedAsync())["status"]);
        Assert.Equal(1, hook.Count);
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_hook_that_fails_leaves_the_message_to_the_providers(string answer, HttpStatusCode status, string error)
    {
        _ = (status, error);
        using var store = new TestStore(Engine.Sqlite);
        var provider = new ScriptedProvider("builtin");
        await using var hook = new TelephonyHookCounterpart();
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        await RegisterAsync(app, hook);
        var factor = await app.SmsAsync();
        hook.AnswerWith(Answer(answer));

        Assert.Equal("CHALLENGE", (await app.PostAsync($"{factor}/verify")).FactorResult);
        var code = (await provider.ReceiveAsync()).Code;

        Assert.Equal("builtin", (string?)(await app.EndedAsync())["provider"]);
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", new JsonObject { ["passCode"] = code })).FactorResult);
    }

    [Fact]
    public async Task Without_hook_and_provider_phones_are_not_available()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = PumpApp.On(store, null, []);
        var factor = await app.SmsAsync();

        Assert.Equal("E0000247", (await app.PostAsync($"{factor}/verify")).ErrorCode);

        Assert.Empty(await app.OutboxAsync(PumpApp.Number));
        Assert.Equal("DENY", (string?)Assert.Single(await app.EventsAsync("system.sms.send_factor_verify_message"))["outcome"]!["result"]);
    }

    private static Reply Answer(string answer) => answer switch
    {
        "500" => Reply.Status(500),
        "unknown" => TelephonyHookCounterpart.Action("PERHAPS"),
        "hang up" => Reply.HangUp,
        _ => TelephonyHookCounterpart.Action(answer),
    };

    internal static async Task RegisterAsync(CountersignApp app, TelephonyHookCounterpart hook)
    {
        var registered = await app.PostAsync("/api/v1/inlineHooks", new JsonObject
        {
            ["name"] = "SMS through our gateway",
            ["type"] = "com.okta.telephony.provider",
            ["version"] = "1.0.0",
            ["channel"] = new JsonObject
            {
                ["type"] = "HTTP",
                ["version"] = "1.0.0",
                ["config"] = new JsonObject
                {
                    ["uri"] = hook.Uri.ToString(),
                    ["method"] = "POST",
                    ["headers"] = new JsonArray(new JsonObject { ["key"] = "X-Tenant", ["value"] = "a" }),
                    ["authScheme"] = new JsonObject { ["type"] = "HEADER", ["key"] = "Authorization", ["value"] = TelephonyHookCounterpart.Authorization },
                },
            },
        });
        Assert.Equal(HttpStatusCode.OK, registered.Status);
    }
}
