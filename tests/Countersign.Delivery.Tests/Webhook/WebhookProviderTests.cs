using System.Text.Json.Nodes;
using Countersign.Delivery.Webhook;
using Countersign.Outbox;
using Countersign.Settings;
using Countersign.Testing.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Webhook;

public sealed class WebhookProviderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Messages.Created.AddSeconds(2));
    private readonly WebhookReceiver _receiver = new();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Theory]
    [InlineData(Channel.Sms, """
        {"id":"msg0001tests00000000","channel":"sms","to":"+14155550142","code":"482915","language":"en","text":"Your verification code is 482915.",
         "purpose":"verification","created":"2026-03-05T09:41:07.000Z","expires":"2026-03-05T09:46:07.000Z",
         "user":{"id":"00u7kq3vN2cXW1bYt0h7","login":"ines.kovar@example.com","firstName":"Ines","lastName":"Kovar"}}
        """)]
    [InlineData(Channel.Email, """
        {"id":"msg0001tests00000000","channel":"email","to":"ines.kovar@example.com","code":"482915","language":"en","text":"Your verification code is 482915.",
         "subject":"Your code","html":"<p>Your code is <b>482915</b></p>",
         "purpose":"verification","created":"2026-03-05T09:41:07.000Z","expires":"2026-03-05T09:46:07.000Z",
         "user":{"id":"00u7kq3vN2cXW1bYt0h7","login":"ines.kovar@example.com","firstName":"Ines","lastName":"Kovar"}}
        """)]
    public async Task A_message_is_posted_and_signed(Channel channel, string expected)
    {
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(channel), CancellationToken.None);

        Assert.Equal(new DeliveryResult.Accepted("ref-1"), result);
        var delivery = await _receiver.ReceiveAsync();
        Assert.True(delivery.IsSigned);
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), delivery.Message.ToJsonString());
        Assert.Equal("POST", delivery.Request.Method);
        Assert.Equal("/messages", delivery.Request.Target);
        Assert.Equal("application/json", delivery.Request.Headers["Content-Type"]);
        Assert.Equal("msg0001tests00000000", delivery.Request.Headers["webhook-id"]);
        Assert.Equal($"{_clock.GetUtcNow().ToUnixTimeSeconds()}", delivery.Request.Headers["webhook-timestamp"]);
    }

    [Fact]
    public async Task A_link_stands_in_place_of_a_code_and_a_report_has_neither()
    {
        using var provider = Provider();
        const string link = "https://mfa.example.com/authenticator/#activate=t";

        await provider.SendAsync(Messages.Of(Channel.Sms) with { Code = null, Link = link, Text = $"Open {link}", Purpose = MessagePurpose.ActivationLink }, CancellationToken.None);
        await provider.SendAsync(Messages.Of(Channel.Email) with { Code = null, Purpose = MessagePurpose.Report }, CancellationToken.None);

        var (first, second) = ((await _receiver.ReceiveAsync()).Message, (await _receiver.ReceiveAsync()).Message);
        Assert.Equal((link, "activationLink"), ((string?)first["link"], (string?)first["purpose"]));
        Assert.False(first.ContainsKey("code"));
        Assert.Equal("report", (string?)second["purpose"]);
        Assert.False(second.ContainsKey("code") || second.ContainsKey("link"));
    }

    [Fact]
    public async Task A_call_carries_its_extension_and_an_activation_its_purpose()
    {
        using var provider = Provider();

        await provider.SendAsync(Messages.Of(Channel.Call) with { Extension = "1234", Purpose = MessagePurpose.Activation, Text = "Ваш код: 4 8 \"😀\"" }, CancellationToken.None);

        var delivery = await _receiver.ReceiveAsync();
        Assert.True(delivery.IsSigned);
        Assert.Equal("call", (string?)delivery.Message["channel"]);
        Assert.Equal("1234", (string?)delivery.Message["extension"]);
        Assert.Equal("activation", (string?)delivery.Message["purpose"]);
        Assert.Equal("Ваш код: 4 8 \"😀\"", (string?)delivery.Message["text"]);
    }

    [Fact]
    public async Task Fixed_headers_go_with_every_request()
    {
        using var provider = Provider("X-Tenant: a", "Authorization:Bearer b:c");

        await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);
        await provider.CheckAsync(CancellationToken.None);

        for (var i = 0; i < 2; i++)
        {
            var headers = (await _receiver.ReceiveAsync()).Request.Headers;
            Assert.Equal(("a", "Bearer b:c"), (headers["X-Tenant"], headers["Authorization"]));
        }
    }

    public static TheoryData<string, Reply, DeliveryResult> Answers => new()
    {
        { "no body", Reply.Status(204), new DeliveryResult.Accepted(null) },
        { "another body", Reply.Json(202, "thanks"), new DeliveryResult.Accepted(null) },
        { "a reference", Reply.Json(299, """{"reference":"r-7","more":[]}"""), new DeliveryResult.Accepted("r-7") },
        { "a reference that is none", Reply.Json(200, """{"reference":7}"""), new DeliveryResult.Accepted(null) },
        { "a long reference", Reply.Json(200, $$"""{"reference":"{{new string('r', 201)}}"}"""), new DeliveryResult.Accepted(null) },
        { "a long body", Reply.Long(200, """{"reference":"r-7"}""", 10_000_000), new DeliveryResult.Accepted(null) },
        { "half a body", Reply.CutOff(200, """{"reference":"r-7","""), new DeliveryResult.Accepted(null) },
        { "410", Reply.Status(410), new DeliveryResult.Rejected("status 410") },
        { "422", Reply.Status(422), new DeliveryResult.Rejected("status 422") },
        { "429", Reply.Status(429, ("Retry-After", "12")), new DeliveryResult.Failed("status 429", TimeSpan.FromSeconds(12)) },
        { "503", Reply.Status(503, ("Retry-After", "99999")), new DeliveryResult.Failed("status 503", TimeSpan.FromHours(1)) },
        { "500", Reply.Status(500), new DeliveryResult.Failed("status 500") },
        { "401", Reply.Status(401), new DeliveryResult.Failed("status 401") },
        { "a redirect", Reply.Status(308, ("Location", "/elsewhere")), new DeliveryResult.Failed("status 308") },
        { "no answer", Reply.HangUp, new DeliveryResult.Failed("no connection") },
    };

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task The_status_says_what_became_of_a_message(string what, Reply reply, DeliveryResult expected)
    {
        _receiver.AnswerWith(reply);
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        Assert.True(expected == result, $"{what}: {result}");
        Assert.Equal(1, _receiver.Count);
    }

    [Fact]
    public async Task The_time_limit_is_the_callers()
    {
        _receiver.AnswerWith(Reply.Silence);
        using var provider = Provider();
        using var limit = new CancellationTokenSource();

        var sending = provider.SendAsync(Messages.Of(Channel.Sms), limit.Token);
        await _receiver.ReceiveAsync();
        await limit.CancelAsync();

        Assert.Equal(new DeliveryResult.Failed("no answer in time"), await sending);
    }

    [Fact]
    public async Task A_service_that_answers_is_healthy()
    {
        using var provider = Provider();
        Assert.Equal(new ProviderHealth(true, "status 405"), await provider.CheckAsync(CancellationToken.None));

        _receiver.AnswerWith(Reply.Status(502), Reply.HangUp);
        Assert.Equal(new ProviderHealth(false, "status 502"), await provider.CheckAsync(CancellationToken.None));
        Assert.Equal(new ProviderHealth(false, "no connection"), await provider.CheckAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("X-Tenant")]
    [InlineData(": a")]
    [InlineData("X Tenant: a")]
    [InlineData("X-Tenant: a\r\nX-Other: b")]
    [InlineData("Host: elsewhere")]
    [InlineData("Webhook-Signature: v1,x")]
    public void A_header_that_cannot_be_sent_is_refused_at_the_start(string header)
    {
        var refusal = Assert.Throws<SettingsException>(() => Provider("X-First: 1", header));

        Assert.StartsWith("Headers:1:", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(header, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_set_is_named()
    {
        Assert.Contains("Url", Assert.Throws<SettingsException>(() => new WebhookProvider("own", new WebhookSettings { Secret = WebhookReceiver.Secret }, _clock)).Message, StringComparison.Ordinal);
        Assert.Contains("Secret", Assert.Throws<SettingsException>(() => new WebhookProvider("own", new WebhookSettings { Url = _receiver.Url }, _clock)).Message, StringComparison.Ordinal);
    }

    private WebhookProvider Provider(params string[] headers)
        => new("own", new WebhookSettings { Url = _receiver.Url, Secret = WebhookReceiver.Secret, Headers = headers }, _clock);
}
