using System.Globalization;
using System.Net;
using Countersign.Delivery.Http;
using Countersign.Hooks;
using Countersign.Outbox;
using Countersign.Settings;

namespace Countersign.Delivery.Webhook;

/// <summary>Posts text messages, calls and e-mails to a service of one's own, which sends them; signed by the Standard Webhooks specification. Thread-safe.</summary>
public sealed class WebhookProvider : IDeliveryProvider, IDisposable
{
    private readonly Uri _url;
    private readonly WebhookSignature _signature;
    private readonly IReadOnlyList<HookHeader> _headers;
    private readonly TimeProvider _clock;
    private readonly BoundedHttpClient _client;

    /// <summary>Makes the provider of a service.</summary>
    /// <param name="name">The name that it is configured under.</param>
    /// <param name="settings">The service.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="SettingsException">The address or the secret is not set, or the secret or a header is not one.</exception>
    public WebhookProvider(string name, WebhookSettings settings, TimeProvider clock)
    {
        Name = name;
        _url = settings.Url ?? throw new SettingsException($"{nameof(settings.Url)}: not set, but needed to post messages");
        if (!WebhookSignature.TryParse(settings.Secret, out var signature))
            throw new SettingsException($"{nameof(settings.Secret)}: found {settings.Secret?.Length ?? 0} characters, allowed is 'whsec_' and 24 to 64 bytes in base64");
        _signature = signature;
        _headers = [.. settings.Headers.Select(Header)];
        _clock = clock;
        _client = new BoundedHttpClient(clock);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        var body = WebhookMessage.Write(message);
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = JsonBody.Content(body) };
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", _signature.Of(message.Id, timestamp, body));
        foreach (var header in _headers) request.Add(header);
        return Result(await _client.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks for the address without a body. There is no message that a service could be asked to ignore, so any answer but a server's failure counts: most services know nothing but POST.</summary>
    public async ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _url);
        foreach (var header in _headers) request.Add(header);
        return await _client.SendAsync(request, cancellationToken).ConfigureAwait(false) switch
        {
            HttpReply.Answered answer => new((int)answer.Status < 500, $"status {(int)answer.Status}"),
            HttpReply.Silent silent => new(false, silent.Reason),
            _ => new(false, "the answer cannot be read"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static DeliveryResult Result(HttpReply reply) => reply switch
    {
        // The status alone says that the message was taken. What is wrong with the body costs the reference, not a second message.
        HttpReply.Answered { IsSuccess: true } answer => new DeliveryResult.Accepted(BoundedText.Id(JsonBody.ReadObject(answer.Body)?.Text("reference"))),
        HttpReply.Answered { Status: HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity } answer => new DeliveryResult.Rejected($"status {(int)answer.Status}"),
        HttpReply.Answered answer => new DeliveryResult.Failed($"status {(int)answer.Status}", answer.RetryAfter),
        HttpReply.Silent silent => new DeliveryResult.Failed(silent.Reason),
        _ => new DeliveryResult.Failed("the answer cannot be read"),
    };

    private static HookHeader Header(string text, int index)
    {
        var colon = text.IndexOf(':');
        var header = colon < 0 ? null : new HookHeader(text[..colon], text[(colon + 1)..].Trim());
        if (header is not { IsSendable: true } || header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase))
            throw new SettingsException($"{nameof(WebhookSettings.Headers)}:{index}: found {text.Length} characters, allowed is a header, written 'Name: value', that is not the transport's or the signature's");
        return header;
    }
}
