using System.Text.Json.Nodes;
using Countersign.Delivery.TelephonyHook;
using Countersign.Hooks;
using Countersign.Outbound;
using Countersign.Outbox;
using Countersign.Testing.Delivery;
using Countersign.Testing.SystemLog;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.TelephonyHook;

public sealed class TelephonyHookClientTests : IAsyncDisposable
{
    private const string BaseUrl = "https://mfa.example.com";

    private readonly NotedLog _log = new();
    private readonly FakeTimeProvider _clock = new(Messages.Created);
    private readonly TelephonyHookCounterpart _endpoint = new();
    private readonly TelephonyHookClient _client;

    public TelephonyHookClientTests() => _client = new TelephonyHookClient(_clock, LoopbackGuard.Open, new OutboundEvents(_log, _clock));

    private HookEndpoint Hook => new("cal2mXq7VtRbWnYk40h7", _endpoint.Channel);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    /// <summary>The example of contract 15.2, property by property and in its order.</summary>
    [Fact]
    public async Task A_text_message_is_given_over_as_in_the_contracts_example()
    {
        await _client.SendAsync(Hook, Messages.Of(Channel.Sms) with { Text = "Example Org: your code is 482915" }, BaseUrl, CancellationToken.None);

        var request = await _endpoint.ReceiveAsync();
        var body = request.Json;
        Assert.Matches("^[0-9A-Za-z]{22}$", (string?)body["eventId"]);
        body["eventId"] = "kL3vTq8WQm2Xc0bRzY5dNg";
        Assert.Equal(JsonNode.Parse("""
            {
              "eventId": "kL3vTq8WQm2Xc0bRzY5dNg", "eventTime": "2026-03-05T09:41:07.000Z",
              "eventType": "com.okta.telephony.provider", "eventTypeVersion": "1.0", "contentType": "application/json", "cloudEventVersion": "0.1",
              "source": "https://mfa.example.com/api/v1/inlineHooks/cal2mXq7VtRbWnYk40h7",
              "requestType": "com.okta.user.telephony.mfa-verification",
              "data": {
                "context": { "request": { "id": "reqT7vWq2XmB0cRkY", "method": "POST", "url": { "value": "/api/v1/users/00u7kq3vN2cXW1bYt0h7/factors/sms8Tq2mXo5cLwNz70h7/verify" }, "ipAddress": "198.51.100.23" } },
                "userProfile": { "firstName": "Ines", "lastName": "Kovar", "login": "ines.kovar@example.com", "userId": "00u7kq3vN2cXW1bYt0h7" },
                "messageProfile": {
                  "msgTemplate": "Example Org: your code is 482915", "phoneNumber": "+14155550142", "otpExpires": "2026-03-05T09:46:07.000Z",
                  "deliveryChannel": "SMS", "otpCode": "482915", "locale": "EN-US" }
              }
            }
            """)!.ToJsonString(), body.ToJsonString());
        Assert.Equal(("POST", "/telephony?tenant=a"), (request.Method, request.Target));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("a", request.Headers["X-Tenant"]);
        Assert.Equal(TelephonyHookCounterpart.Authorization, request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Configured_headers_go_along_but_do_not_disturb_ours()
    {
        var channel = _endpoint.Channel with
        {
            Headers = [new HookHeader("authorization", "Bearer other"), new HookHeader("Content-Language", "de"), new HookHeader("Content-Type", "text/plain"), new HookHeader("X-Bad", "a\r\nX-Worse: b")],
        };

        Assert.IsType<HookAnswer.Sent>(await _client.SendAsync(new HookEndpoint("cal2mXq7VtRbWnYk40h7", channel), Messages.Of(Channel.Sms), BaseUrl, CancellationToken.None));

        var headers = (await _endpoint.ReceiveAsync()).Headers;
        Assert.Equal((TelephonyHookCounterpart.Authorization, "de", "application/json"), (headers["Authorization"], headers["Content-Language"], headers["Content-Type"]));
        Assert.DoesNotContain("X-Bad", headers.Keys);
        Assert.DoesNotContain("X-Worse", headers.Keys);
    }

    [Fact]
    public async Task A_call_has_an_extension_but_no_text()
    {
        var message = Messages.Of(Channel.Call) with { Extension = "1234", Language = "pt-br", Purpose = MessagePurpose.Activation };

        await _client.SendAsync(Hook, message, BaseUrl + "/", CancellationToken.None);

        var body = (await _endpoint.ReceiveAsync()).Json;
        Assert.Equal("com.okta.user.telephony.pre-enrollment", (string?)body["requestType"]);
        Assert.Equal("https://mfa.example.com/api/v1/inlineHooks/cal2mXq7VtRbWnYk40h7", (string?)body["source"]);
        Assert.Equal("""{"phoneNumber":"+14155550142","phoneExtension":"1234","otpExpires":"2026-03-05T09:46:07.000Z","deliveryChannel":"voice call","otpCode":"482915","locale":"PT-BR"}""",
            body["data"]!["messageProfile"]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SUCCESSFUL", HookSendStatus.Successful)]
    [InlineData("PENDING", HookSendStatus.Pending)]
    public async Task A_message_that_the_endpoint_took_is_sent(string status, HookSendStatus expected)
    {
        _endpoint.AnswerWith(TelephonyHookCounterpart.Action(status));

        Assert.Equal(new HookAnswer.Sent("acme-sms", "SM49a8ece2822d44e4adaccd7ed268f954", expected), await SendAsync());
    }

    [Theory]
    [InlineData("""{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"FAILED","provider":"acme-sms"}]}]}""", "FAILED")]
    [InlineData("""{"error":{"errorSummary":"No credit","errorCauses":[{"errorSummary":"a","reason":"b","location":"c"}]}}""", "No credit")]
    [InlineData("""{"error":{}}""", "an error without a summary")]
    [InlineData("""{"error":"No"}""", "an error without a summary")]
    [InlineData("""{"error":{"errorSummary":"a\nb"},"commands":[{"type":"com.okta.telephony.action","value":[{"status":"SUCCESSFUL"}]}]}""", "a b")]
    [InlineData("""{"error":{"errorSummary":"482915 cannot go to +14155550142"}}""", "… cannot go to +…")]
    public async Task An_endpoint_may_refuse(string answer, string summary)
    {
        _endpoint.AnswerWith(Reply.Json(200, answer));

        Assert.Equal(new HookAnswer.Refused(summary), await SendAsync());
    }

    [Fact]
    public async Task A_long_summary_is_cut()
    {
        _endpoint.AnswerWith(Reply.Json(200, $$$"""{"error":{"errorSummary":"{{{new string('a', 5_000)}}}"}}"""));

        Assert.Equal(200, Assert.IsType<HookAnswer.Refused>(await SendAsync()).Summary.Length);
    }

    public static TheoryData<string, Reply> BadAnswers => new()
    {
        { "500", Reply.Status(500) },
        { "201, though it says that it sent", Reply.Json(201, """{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"SUCCESSFUL"}]}]}""") },
        { "204", Reply.Status(204) },
        { "400 with an error object", Reply.Json(400, """{"error":{"errorSummary":"No"}}""") },
        { "a redirect", Reply.Status(302, ("Location", "/telephony")) },
        { "no body", Reply.Status(200) },
        { "malformed JSON", Reply.Json(200, """{"commands":[""") },
        { "a list", Reply.Json(200, "[]") },
        { "an empty object", Reply.Json(200, "{}") },
        { "no commands", Reply.Json(200, """{"commands":[]}""") },
        { "commands that are none", Reply.Json(200, """{"commands":{"type":"com.okta.telephony.action"}}""") },
        { "another command", Reply.Json(200, """{"commands":[{"type":"com.okta.telephony.inaction","value":[{"status":"SUCCESSFUL"}]}]}""") },
        { "no value", Reply.Json(200, """{"commands":[{"type":"com.okta.telephony.action","value":[]}]}""") },
        { "a value that is none", Reply.Json(200, """{"commands":[{"type":"com.okta.telephony.action","value":["SUCCESSFUL"]}]}""") },
        { "an unknown status", TelephonyHookCounterpart.Action("DELIVERED") },
        { "a status in other letters", TelephonyHookCounterpart.Action("successful") },
        { "half a surrogate pair", TelephonyHookCounterpart.Action("\\ud800") },
        { "a status that is a number", Reply.Json(200, """{"commands":[{"type":"com.okta.telephony.action","value":[{"status":200}]}]}""") },
        { "deep nesting", Reply.Json(200, new string('[', 10_000)) },
        { "10 MB", Reply.Long(200, """{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"SUCCESSFUL"}]}]}""", 10_000_000) },
        { "half a body", Reply.CutOff(200, """{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"SUCCESSFUL"}]}]}""") },
    };

    [Theory]
    [MemberData(nameof(BadAnswers), DisableDiscoveryEnumeration = true)]
    public async Task An_answer_that_is_none_is_unreadable(string what, Reply reply)
    {
        _endpoint.AnswerWith(reply);

        var answer = await SendAsync();

        Assert.True(answer is HookAnswer.Unreadable { Reason.Length: > 0 }, $"{what}: {answer}");
        Assert.Equal(1, _endpoint.Count);
    }

    [Fact]
    public async Task Ids_that_are_too_long_are_left_out()
    {
        _endpoint.AnswerWith(Reply.Json(200, $$"""{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"PENDING","transactionId":"{{new string('a', 201)}}"}]}]}"""));

        Assert.Equal(new HookAnswer.Sent(null, null, HookSendStatus.Pending), await SendAsync());
    }

    [Fact]
    public async Task After_three_seconds_the_endpoint_is_silent()
    {
        _endpoint.AnswerWith(Reply.Silence);

        var sending = SendAsync();
        await _endpoint.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(new HookAnswer.Silent("no answer in time"), await sending);
        Assert.Equal(1, _endpoint.Count);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_within_three_seconds_is_silence()
    {
        _endpoint.AnswerWith(Reply.Stalled(200, """{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"SUCCESSFUL"}]}]}"""));

        var sending = SendAsync();
        await _endpoint.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.IsType<HookAnswer.Silent>(await sending);
    }

    [Fact]
    public async Task A_connection_that_fails_is_silence()
    {
        _endpoint.AnswerWith(Reply.HangUp);
        Assert.Equal(new HookAnswer.Silent("no connection"), await SendAsync());

        await _endpoint.DisposeAsync();
        Assert.Equal(new HookAnswer.Silent("no connection"), await SendAsync());
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so()
    {
        _endpoint.AnswerWith(Reply.Silence);
        using var patience = new CancellationTokenSource();

        var sending = _client.SendAsync(Hook, Messages.Of(Channel.Sms), BaseUrl, patience.Token);
        await _endpoint.ReceiveAsync();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_preview_is_posted_as_it_is_and_its_answer_given_back()
    {
        var preview = new JsonObject { ["data"] = new JsonObject { ["ü"] = null }, ["n"] = 1.50m, ["none"] = null };
        _endpoint.AnswerWith(Reply.Json(200, """{"commands":[]}"""), Reply.Json(500, """{"error":{}}"""), Reply.Status(204), Reply.HangUp, Reply.Long(200, "{}", 10_000_000));

        var answered = Assert.IsType<HookPreview.Answered>(await _client.ExecuteAsync(_endpoint.Channel, preview, CancellationToken.None));
        Assert.Equal((200, """{"commands":[]}"""), (answered.Status, answered.Body.GetRawText()));
        Assert.Equal("""{"data":{"ü":null},"n":1.50,"none":null}""", (await _endpoint.ReceiveAsync()).Text);

        Assert.Equal(500, Assert.IsType<HookPreview.Answered>(await _client.ExecuteAsync(_endpoint.Channel, preview, CancellationToken.None)).Status);
        Assert.IsType<HookPreview.Unreadable>(await _client.ExecuteAsync(_endpoint.Channel, preview, CancellationToken.None));
        Assert.IsType<HookPreview.Silent>(await _client.ExecuteAsync(_endpoint.Channel, preview, CancellationToken.None));
        Assert.IsType<HookPreview.Unreadable>(await _client.ExecuteAsync(_endpoint.Channel, preview, CancellationToken.None));
    }

    private Task<HookAnswer> SendAsync() => _client.SendAsync(Hook, Messages.Of(Channel.Sms), BaseUrl, CancellationToken.None);
}
