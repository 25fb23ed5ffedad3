using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using static Countersign.Server.Tests.Hooks.HookRequests;

namespace Countersign.Server.Tests.Hooks;

public sealed class InlineHookTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_hook_is_made_shown_changed_and_removed_and_the_log_tells_of_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var made = await app.PostAsync(InlineHooks, Inline());
        var hook = $"{InlineHooks}/{made.Id}";
        var shown = await app.GetAsync(hook);
        var updated = await app.PostAsync(hook, new JsonObject { ["name"] = "Our other gateway" });
        var replaced = await app.PutAsync(hook, With(With(Inline("New"), "type", null), "channel.config.headers", null));
        var off = await app.PostAsync($"{hook}/lifecycle/deactivate");
        var stillOff = await app.PostAsync($"{hook}/lifecycle/deactivate");
        var on = await app.PostAsync($"{hook}/lifecycle/activate");
        await app.PostAsync($"{hook}/lifecycle/deactivate");
        var removed = await app.DeleteAsync(hook);
        var gone = await app.GetAsync(hook);

        Assert.StartsWith("cal", made.Id, StringComparison.Ordinal);
        Assert.Equal(("ACTIVE", Telephony, "1.0.0"), ((string?)made.Json["status"], (string?)made.Json["type"], (string?)made.Json["version"]));
        Assert.Equal(made.Text, shown.Text);
        Assert.Equal("""{"uri":"https://sms.example.com/hook","method":"POST","headers":[{"key":"X-Tenant","value":"a"}],"authScheme":{"type":"HEADER","key":"Authorization"}}""",
            made.Json["channel"]!["config"]!.ToJsonString());
        Assert.Equal(["self", "execute", "deactivate"], Links(made));
        Assert.Equal("Our other gateway", (string?)updated.Json["name"]);
        Assert.Equal("X-Tenant", (string?)updated.Json["channel"]!["config"]!["headers"]![0]!["key"]);
        Assert.Equal("[]", replaced.Json["channel"]!["config"]!["headers"]!.ToJsonString());
        Assert.Equal(("INACTIVE", "INACTIVE", "ACTIVE"), ((string?)off.Json["status"], (string?)stillOff.Json["status"], (string?)on.Json["status"]));
        Assert.Equal(["self", "activate", "delete"], Links(off));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, "E0000007"), (removed.Status, gone.Status, gone.ErrorCode));
        Assert.Equal(["inline_hook.created", "inline_hook.updated", "inline_hook.updated", "inline_hook.deactivated", "inline_hook.activated", "inline_hook.deactivated", "inline_hook.deleted"],
            await app.HookEventsAsync());
    }

    [Fact]
    public async Task Hooks_are_listed_by_type()
    {
        await using var app = new CountersignApp();
        var telephony = (await app.PostAsync(InlineHooks, Inline())).Id;
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));   // ids sort by the instant of their making
        var other = (await app.PostAsync(InlineHooks, Inline(type: "com.okta.oauth2.tokens.transform"))).Id;

        Assert.Equal([telephony, other], Ids(await app.GetAsync(InlineHooks)));
        Assert.Equal([telephony], Ids(await app.GetAsync($"{InlineHooks}?type={Telephony}")));
        Assert.Equal("E0000001", (await app.GetAsync($"{InlineHooks}?type=nothing")).ErrorCode);
    }

    [Fact]
    public async Task An_active_hook_is_not_removed()
    {
        await using var app = new CountersignApp();
        var hook = $"{InlineHooks}/{(await app.PostAsync(InlineHooks, Inline())).Id}";

        var refused = await app.DeleteAsync(hook);

        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (refused.Status, refused.ErrorCode));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(hook)).Status);
    }

    [Fact]
    public async Task A_second_telephony_hook_is_neither_made_nor_activated_while_the_first_is_active()
    {
        await using var app = new CountersignApp();
        var first = (await app.PostAsync(InlineHooks, Inline())).Id;

        var second = await app.PostAsync(InlineHooks, Inline());
        await app.PostAsync($"{InlineHooks}/{first}/lifecycle/deactivate");
        var made = await app.PostAsync(InlineHooks, Inline());
        var refused = await app.PostAsync($"{InlineHooks}/{first}/lifecycle/activate");

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (second.Status, second.ErrorCode));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (refused.Status, refused.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_activations_that_race_one_wins(Engine engine)
    {
        using var place = new TestStore(engine);
        await using var one = new CountersignApp(place);
        await using var other = engine == Engine.Postgres ? new CountersignApp(place) : null;
        var hooks = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            hooks.Add((await one.PostAsync(InlineHooks, Inline())).Id);
            await one.PostAsync($"{InlineHooks}/{hooks[^1]}/lifecycle/deactivate");
        }

        var answers = await Task.WhenAll(hooks.Select((hook, i) => Task.Run(() => (i % 2 == 0 ? one : other ?? one).PostAsync($"{InlineHooks}/{hook}/lifecycle/activate"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.ErrorCode == "E0000001"));
        one.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single((await one.GetAsync(InlineHooks)).Json.AsArray(), hook => (string?)hook!["status"] == "ACTIVE");
    }

    [Fact]
    public async Task The_secret_is_never_shown_and_lies_sealed()
    {
        await using var app = new CountersignApp();
        var made = await app.PostAsync(InlineHooks, Inline());
        var hook = $"{InlineHooks}/{made.Id}";
        List<Answer> answers =
        [
            made, await app.GetAsync(hook), await app.GetAsync(InlineHooks), await app.PutAsync(hook, Inline()), await app.PostAsync(hook, Inline()),
            await app.PostAsync($"{hook}/lifecycle/deactivate"), await app.PostAsync($"{hook}/lifecycle/activate"), await app.GetAsync("/api/v1/logs"),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.All(answers, answer => Assert.DoesNotContain("hook-secret", answer.Text, StringComparison.Ordinal));
        Assert.Equal(1, await app.Store.SqlAsync("SELECT count(*) FROM organization WHERE key LIKE 'inlineHook/%' AND CAST(document AS TEXT) LIKE '%sealed:%' AND CAST(document AS TEXT) NOT LIKE '%hook-secret%'"));
    }

    [Fact]
    public async Task A_change_that_leaves_the_secret_out_keeps_it()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new TelephonyHookCounterpart();
        var hook = $"{InlineHooks}/{(await app.PostAsync(InlineHooks, Inline(uri: endpoint.Uri.AbsoluteUri))).Id}";

        await app.PutAsync(hook, With(Inline(uri: endpoint.Uri.AbsoluteUri), "channel.config.authScheme.value", null));
        await app.PostAsync(hook, new JsonObject { ["channel"] = new JsonObject { ["config"] = new JsonObject { ["uri"] = endpoint.Uri.AbsoluteUri } } });
        var answered = await app.PostAsync($"{hook}/execute", new JsonObject { ["data"] = new JsonObject() });

        Assert.Equal(HttpStatusCode.OK, answered.Status);
        Assert.Equal(Secret, (await endpoint.ReceiveAsync()).Headers["Authorization"]);
    }

    [Fact]
    public async Task The_secret_goes_to_no_other_service_than_the_one_that_it_was_given_for()
    {
        await using var app = new CountersignApp();
        await using TelephonyHookCounterpart endpoint = new(), other = new();
        var hook = $"{InlineHooks}/{(await app.PostAsync(InlineHooks, Inline(uri: endpoint.Uri.AbsoluteUri))).Id}";

        var refused = await app.PostAsync(hook, new JsonObject { ["channel"] = new JsonObject { ["config"] = new JsonObject { ["uri"] = other.Uri.AbsoluteUri } } });
        var replaced = await app.PutAsync(hook, With(Inline(uri: other.Uri.AbsoluteUri), "channel.config.authScheme.value", null));

        Assert.All([refused, replaced], answer => Assert.Equal(("E0000001", "authScheme.value: The field cannot be left blank"), (answer.ErrorCode, answer.Cause)));
        await app.PostAsync($"{hook}/execute", new JsonObject());
        Assert.Equal((1, 0), (endpoint.Count, other.Count));
    }

    [Theory]
    [InlineData("name", null, "name")]
    [InlineData("name", "\" \"", "name")]
    [InlineData("name", "\"a\\u0000b\"", "name")]
    [InlineData("type", null, "type")]
    [InlineData("type", "\"com.okta.nothing\"", "type")]
    [InlineData("version", null, "version")]
    [InlineData("version", "\"1.0.1\"", "version")]
    [InlineData("channel", null, "channel")]
    [InlineData("channel.type", null, "channel.type")]
    [InlineData("channel.type", "\"OAUTH\"", "channel.type")]
    [InlineData("channel.version", null, "channel.version")]
    [InlineData("channel.version", "\"2\"", "channel.version")]
    [InlineData("channel.config", null, "channel.config")]
    [InlineData("channel.config.uri", null, "uri")]
    [InlineData("channel.config.uri", "\"/hook\"", "uri")]
    [InlineData("channel.config.uri", "\"http://sms.example.com/hook\"", "uri")]
    [InlineData("channel.config.uri", "\"http://127.0.0.1.example.com/hook\"", "uri")]
    [InlineData("channel.config.uri", "\"ftp://sms.example.com/hook\"", "uri")]
    [InlineData("channel.config.uri", "\"file:///etc/passwd\"", "uri")]
    [InlineData("channel.config.uri", "\"https://user:word@sms.example.com/\"", "uri")]
    [InlineData("channel.config.uri", "\"https://sms.example.com/#a\"", "uri")]
    [InlineData("channel.config.uri", "\"https://sms.example.com/a b\"", "uri")]
    [InlineData("channel.config.method", "\"GET\"", "method")]
    [InlineData("channel.config.headers", """[{"key":"Host","value":"a"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"key":"content-length","value":"1"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"key":"X Y","value":"a"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"value":"a"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"key":"X-A","value":"a\r\nX-B: b"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"key":"X-A","value":"a"},{"key":"x-a","value":"b"}]""", "headers")]
    [InlineData("channel.config.headers", """[{"key":"authorization","value":"a"}]""", "headers")]
    [InlineData("channel.config.authScheme", null, "authScheme")]
    [InlineData("channel.config.authScheme.type", "\"BASIC\"", "authScheme.type")]
    [InlineData("channel.config.authScheme.type", null, "authScheme.type")]
    [InlineData("channel.config.authScheme.key", null, "authScheme.key")]
    [InlineData("channel.config.authScheme.key", "\"Host\"", "authScheme.key")]
    [InlineData("channel.config.authScheme.value", null, "authScheme.value")]
    [InlineData("channel.config.authScheme.value", "\"\"", "authScheme.value")]
    [InlineData("channel.config.authScheme.value", "\"a\\r\\nX-B: b\"", "authScheme.value")]
    public async Task What_no_hook_can_be_is_refused(string place, string? json, string subject)
    {
        await using var app = new CountersignApp();

        var refused = await app.PostAsync(InlineHooks, With(Inline(), place, json));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", $"Api validation failed: {subject}"), (refused.Status, refused.ErrorCode, (string?)refused.Json["errorSummary"]));
        Assert.Equal("[]", (await app.GetAsync(InlineHooks)).Text);
        Assert.Empty(await app.HookEventsAsync());
    }

    [Theory]
    [InlineData("name", 255, true)]
    [InlineData("name", 256, false)]
    [InlineData("channel.config.uri", 1_024, true)]
    [InlineData("channel.config.uri", 1_025, false)]
    [InlineData("channel.config.authScheme.value", 512, true)]
    [InlineData("channel.config.authScheme.value", 513, false)]
    [InlineData("channel.config.authScheme.key", 100, true)]
    [InlineData("channel.config.authScheme.key", 101, false)]
    public async Task Lengths_are_bounded(string place, int length, bool isAccepted)
    {
        await using var app = new CountersignApp();
        var text = (place.EndsWith("uri", StringComparison.Ordinal) ? "https://sms.example.com/" : "").PadRight(length, 'a');

        var answer = await app.PostAsync(InlineHooks, With(Inline(), place, JsonValue.Create(text).ToJsonString()));

        Assert.Equal(isAccepted ? null : "E0000001", answer.ErrorCode);
    }

    [Fact]
    public async Task There_are_at_most_twenty_headers_and_fifty_hooks()
    {
        await using var app = new CountersignApp();
        var headers = new JsonArray([.. Enumerable.Range(0, 21).Select(i => new JsonObject { ["key"] = $"X-{i}", ["value"] = "a" })]);

        Assert.Equal("E0000001", (await app.PostAsync(InlineHooks, With(Inline(), "channel.config.headers", headers.ToJsonString()))).ErrorCode);
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(InlineHooks, Inline(type: "com.okta.import.transform"))).Status);
        Assert.Equal("E0000001", (await app.PostAsync(InlineHooks, Inline(type: "com.okta.import.transform"))).ErrorCode);
    }

    [Theory, InlineData("http://localhost:8080/hook"), InlineData("http://127.0.0.1/hook"), InlineData("http://[::1]:9/hook"), InlineData("https://sms.example.com:8443/hook?a=b")]
    public async Task A_hook_is_reached_over_TLS_or_on_the_same_host(string uri)
    {
        await using var app = new CountersignApp();

        Assert.Equal(uri, (string?)(await app.PostAsync(InlineHooks, Inline(uri: uri))).Json["channel"]!["config"]!["uri"]);
    }

    [Fact]
    public async Task A_hook_of_another_type_needs_no_secret_and_no_hook_changes_its_type()
    {
        await using var app = new CountersignApp();

        var made = await app.PostAsync(InlineHooks, With(Inline(type: "com.okta.import.transform"), "channel.config.authScheme", null));
        var refused = await app.PutAsync($"{InlineHooks}/{made.Id}", Inline());

        Assert.Null(made.Json["channel"]!["config"]!["authScheme"]);
        Assert.Equal("E0000001", refused.ErrorCode);
    }

    [Fact]
    public async Task A_preview_is_sent_as_it_is_and_the_answer_comes_back()
    {
        await using var app = new CountersignApp();
        await using var endpoint = new TelephonyHookCounterpart();
        var hook = $"{InlineHooks}/{(await app.PostAsync(InlineHooks, Inline(uri: endpoint.Uri.AbsoluteUri))).Id}";
        var body = JsonNode.Parse("""{"eventTypeVersion":"1.0","data":{"messageProfile":{"otpCode":"482915","deliveryChannel":"SMS"},"n":[1,2.50,null]}}""")!;

        var answered = await app.PostAsync($"{hook}/execute", body);

        Assert.Equal("SUCCESSFUL", (string?)answered.Json["commands"]![0]!["value"]![0]!["status"]);
        var received = await endpoint.ReceiveAsync();
        Assert.Equal(body.ToJsonString(), received.Text);
        Assert.Equal("a", received.Headers["X-Tenant"]);
        Assert.Contains("inline_hook.executed", await app.HookEventsAsync());
    }

    public static TheoryData<Reply, HttpStatusCode, string> Failures => new()
    {
        { Reply.Status(500), HttpStatusCode.BadGateway, "E0000134" },
        { Reply.Json(200, "nonsense"), HttpStatusCode.BadGateway, "E0000134" },
        { Reply.Json(403, "{}"), HttpStatusCode.BadRequest, "E0000135" },
        { Reply.HangUp, HttpStatusCode.GatewayTimeout, "E0000137" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task A_preview_that_fails_says_how(Reply reply, HttpStatusCode status, string code)
    {
        await using var app = new CountersignApp();
        await using var endpoint = new TelephonyHookCounterpart();
        var hook = $"{InlineHooks}/{(await app.PostAsync(InlineHooks, Inline(uri: endpoint.Uri.AbsoluteUri))).Id}";
        endpoint.AnswerWith(reply);

        var refused = await app.PostAsync($"{hook}/execute", new JsonObject { ["a"] = 1 });

        Assert.Equal((status, code), (refused.Status, refused.ErrorCode));
        Assert.NotNull(refused.Cause);
        Assert.Equal(1, endpoint.Count);
    }

    [Theory, InlineData("GET", ""), InlineData("PUT", ""), InlineData("POST", ""), InlineData("DELETE", ""), InlineData("POST", "/lifecycle/activate"), InlineData("POST", "/lifecycle/deactivate"), InlineData("POST", "/execute")]
    public async Task A_hook_that_is_not_there_is_not_found(string method, string path)
    {
        await using var app = new CountersignApp();

        var answer = await app.SendAsync(new HttpMethod(method), $"{InlineHooks}/cal00000000000000000{path}", Inline());

        Assert.Equal((HttpStatusCode.NotFound, "Not found: Resource not found: cal00000000000000000 (InlineHook)"), (answer.Status, (string?)answer.Json["errorSummary"]));
    }

    [Theory, InlineData("[]"), InlineData("{\"name\":7}"), InlineData("{\"channel\":[]}"), InlineData("{\"channel\":{\"config\":{\"headers\":{}}}}")]
    public async Task What_is_no_hook_at_all_is_not_well_formed(string json)
    {
        await using var app = new CountersignApp();

        Assert.Equal("E0000003", (await app.PostAsync(InlineHooks, JsonNode.Parse(json))).ErrorCode);
    }

    private static string[] Links(Answer answer) => [.. answer.Json["_links"]!.AsObject().Select(link => link.Key)];

    private static string[] Ids(Answer answer) => [.. answer.Json.AsArray().Select(hook => (string)hook!["id"]!)];
}
