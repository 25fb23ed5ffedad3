using System.Net;
using Countersign.Delivery.Http;
using Countersign.Delivery.Pump;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Outbox;

namespace Countersign.Delivery.WebPush;

/// <summary>Posts messages to push services (RFC 8030 §5). Thread-safe.</summary>
public sealed class WebPushSender : IPushSender, IDisposable
{
    private const string TransactionPrefix = "v2mst.";
    private const int LongestTopic = 32;

    private readonly WebPush _webPush;
    private readonly IPushSubscriptions _subscriptions;
    private readonly TimeProvider _clock;
    private readonly BoundedHttpClient _client;

    /// <summary>Makes the sender.</summary>
    /// <param name="webPush">The key and the allowed services.</param>
    /// <param name="settings">The time limit.</param>
    /// <param name="subscriptions">Told of subscriptions that a push service knows no more.</param>
    /// <param name="clock">The time.</param>
    public WebPushSender(WebPush webPush, WebPushSettings settings, IPushSubscriptions subscriptions, TimeProvider clock)
    {
        (_webPush, _subscriptions, _clock, TimeLimit) = (webPush, subscriptions, clock, settings.TimeLimit);
        _client = new BoundedHttpClient(clock, allows: webPush.Allows);
    }

    /// <inheritdoc/>
    public TimeSpan TimeLimit { get; }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> SendAsync(OutboxEntry entry, PushContent content, CancellationToken cancellationToken)
    {
        // Looked at again: settings may have changed since the device subscribed.
        if (_webPush.AddressOf(content.Subscription) is not { } address) return new DeliveryResult.Rejected("the push service is not allowed");
        using var keys = SubscriptionKeys.TryRead(content.Subscription);
        if (keys is null) return new DeliveryResult.Rejected("the subscription's keys cannot be read");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(PushEncryption.Encrypt(PushPayload.Write(new FactorId(entry.Recipient), content.Transaction), keys)),
        };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        Add("TTL", $"{Math.Max(0, (long)(entry.Expires - _clock.GetUtcNow()).TotalSeconds)}");
        Add("Urgency", "high");
        if (Topic(content.Transaction) is { } topic) Add("Topic", topic);
        Add("Authorization", _webPush.Authorization(address));
        var reply = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply is not HttpReply.Answered { Status: HttpStatusCode.NotFound or HttpStatusCode.Gone }) return Result(reply);
        // RFC 8030 §7.3: the subscription has ended.
        await _subscriptions.ForgetAsync(entry.User!.Value, new FactorId(entry.Recipient), content.Subscription.Endpoint, cancellationToken).ConfigureAwait(false);
        return new DeliveryResult.Rejected("the subscription is gone");

        void Add(string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>A message takes the place of one with the same topic (§5.4), so that a try that is made again is shown once; null where the transaction's id has not the form of one.</summary>
    private static string? Topic(string transaction)
    {
        var topic = transaction.StartsWith(TransactionPrefix, StringComparison.Ordinal) ? transaction[TransactionPrefix.Length..] : transaction;
        return topic.Length is > 0 and <= LongestTopic && topic.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? topic : null;
    }

    // The status is the whole answer. The address of the message in it is for whoever may take it back, and is not kept.
    private static DeliveryResult Result(HttpReply reply) => reply switch
    {
        HttpReply.Answered { IsSuccess: true } => new DeliveryResult.Accepted(null),
        HttpReply.Answered { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError } answer
            => new DeliveryResult.Failed($"status {(int)answer.Status}", answer.RetryAfter),
        HttpReply.Answered answer => new DeliveryResult.Rejected($"status {(int)answer.Status}"),
        HttpReply.Silent silent => new DeliveryResult.Failed(silent.Reason),
        _ => new DeliveryResult.Failed("the answer cannot be read"),
    };
}
