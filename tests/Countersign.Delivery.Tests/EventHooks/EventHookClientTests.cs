using System.Text.Json.Nodes;
using Countersign.Delivery.EventHooks;
using Countersign.Hooks;
using Countersign.Outbound;
using Countersign.Testing.Delivery;
using Countersign.Testing.SystemLog;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.EventHooks;

public sealed class EventHookClientTests : IAsyncDisposable
{
    private readonly NotedLog _log = new();
    private readonly FakeTimeProvider _clock = new(Messages.Created);
    private readonly EventHookCounterpart _endpoint = new();
    private readonly EventHookClient _client;

    public EventHookClientTests() => _client = new EventHookClient(_clock, LoopbackGuard.Open, new OutboundEvents(_log, _clock));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task An_endpoint_at_a_private_address_is_not_called_unless_an_operator_allows_it_and_the_log_says_so()
    {
        using var client = new EventHookClient(_clock, LoopbackGuard.Closed, new OutboundEvents(_log, _clock));

        var first = await client.VerifyAsync(_endpoint.Channel, "value-1", CancellationToken.None);
        await client.VerifyAsync(_endpoint.Channel, "value-2", CancellationToken.None);

        Assert.Contains("Countersign__Outbound__AllowedNetworks__0=127.0.0.1/32", Assert.IsType<EventHookVerification.Silent>(first).Reason, StringComparison.Ordinal);
        Assert.Equal(0, _endpoint.Count);
        var logged = Assert.Single(_log.Events);   // once a minute, not once a try
        Assert.Equal(("integration.outbound.refuse", "DENY", "127.0.0.1"), (logged.EventType, logged.Outcome, logged.Targets[0].Id));
    }

    [Fact]
    public async Task An_endpoint_that_gives_the_value_back_is_verified()
    {
        Assert.IsType<EventHookVerification.Verified>(await VerifyAsync());

        var request = await _endpoint.ReceiveAsync();
        Assert.Equal(("GET", "/events"), (request.Method, request.Target));
        Assert.Equal("value-1", request.Headers["x-okta-verification-challenge"]);
        Assert.Equal("events-secret-0123456789", request.Headers["X-Api-Key"]);
    }

    public static TheoryData<string, Reply> BadVerifications => new()
    {
        { "another value", Reply.Json(200, """{"verification":"value-2"}""") },
        { "the value as text", Reply.Json(200, "value-1") },
        { "nothing", Reply.Status(204) },
        { "another status", Reply.Json(404, """{"verification":"value-1"}""") },
        { "a redirect", Reply.Status(301, ("Location", "/events")) },
        { "10 MB", Reply.Long(200, """{"verification":"value-1"}""", 10_000_000) },
        { "half a body", Reply.CutOff(200, """{"verification":"value-1"}""") },
    };

    [Theory]
    [MemberData(nameof(BadVerifications), DisableDiscoveryEnumeration = true)]
    public async Task Any_other_answer_verifies_nothing(string what, Reply reply)
    {
        _endpoint.AnswerWith(reply);

        var verification = await VerifyAsync();

        Assert.True(verification is EventHookVerification.Refused { Reason.Length: > 0 }, $"{what}: {verification}");
        Assert.Equal(1, _endpoint.Count);
    }

    [Fact]
    public async Task An_endpoint_has_three_seconds()
    {
        _endpoint.AnswerWith(Reply.Silence, Reply.Silence);

        var verifying = VerifyAsync();
        await _endpoint.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new EventHookVerification.Silent("no answer in time"), await verifying);

        var delivering = DeliverAsync();
        await _endpoint.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new EventHookAnswer.Failed("no answer in time"), await delivering);
    }

    [Fact]
    public async Task Events_are_delivered_in_the_contracts_envelope()
    {
        Assert.IsType<EventHookAnswer.Delivered>(await DeliverAsync());

        var request = await _endpoint.ReceiveAsync();
        Assert.Equal(("POST", "/events", "application/json"), (request.Method, request.Target, request.Headers["Content-Type"]));
        Assert.Equal(("a", "events-secret-0123456789"), (request.Headers["X-Tenant"], request.Headers["X-Api-Key"]));
        Assert.Equal("""{"eventType":"com.okta.event_hook","eventTypeVersion":"1.0","cloudEventsVersion":"0.1","eventId":"batch-1","eventTime":"2026-03-05T09:41:07.412Z","source":"https://mfa.example.com/api/v1/eventHooks/who2mXq7VtRbWnYk40h7","contentType":"application/json","data":{"events":[{"uuid":"5d1b0a1c-18a9-11f1-9c39-3f0b2a6f1e77","outcome":{"result":"SUCCESS","reason":null}}]}}""",
            request.Text);
    }

    [Fact]
    public async Task The_same_batch_can_be_sent_again()
    {
        _endpoint.AnswerWith(Reply.Status(500));
        var batch = Batch();

        Assert.IsType<EventHookAnswer.Failed>(await DeliverAsync(batch));
        Assert.IsType<EventHookAnswer.Delivered>(await DeliverAsync(batch));

        Assert.Equal((await _endpoint.ReceiveAsync()).Body, (await _endpoint.ReceiveAsync()).Body);
    }

    public static TheoryData<string, Reply, EventHookAnswer> Answers => new()
    {
        { "200 and 10 MB", Reply.Long(200, "{}", 10_000_000), new EventHookAnswer.Delivered() },
        { "299", Reply.Status(299), new EventHookAnswer.Delivered() },
        { "400", Reply.Status(400), new EventHookAnswer.Refused("status 400") },
        { "429", Reply.Status(429), new EventHookAnswer.Refused("status 429") },
        { "a redirect", Reply.Status(302, ("Location", "/")), new EventHookAnswer.Refused("status 302") },
        { "500", Reply.Status(500), new EventHookAnswer.Failed("status 500") },
        { "599", Reply.Status(599), new EventHookAnswer.Failed("status 599") },
        { "no answer", Reply.HangUp, new EventHookAnswer.Failed("no connection") },
    };

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task The_status_says_what_became_of_events(string what, Reply reply, EventHookAnswer expected)
    {
        _endpoint.AnswerWith(reply);

        var answer = await DeliverAsync();

        Assert.True(expected == answer, $"{what}: {answer}");
        Assert.Equal(1, _endpoint.Count);
    }

    private Task<EventHookVerification> VerifyAsync() => _client.VerifyAsync(_endpoint.Channel, "value-1", CancellationToken.None);

    private Task<EventHookAnswer> DeliverAsync(EventBatch? batch = null)
        => _client.DeliverAsync(new HookEndpoint("who2mXq7VtRbWnYk40h7", _endpoint.Channel), batch ?? Batch(), "https://mfa.example.com", CancellationToken.None);

    private static EventBatch Batch() => new("batch-1", Messages.Created.AddMilliseconds(412),
        [new JsonObject { ["uuid"] = "5d1b0a1c-18a9-11f1-9c39-3f0b2a6f1e77", ["outcome"] = new JsonObject { ["result"] = "SUCCESS", ["reason"] = null } }]);
}
