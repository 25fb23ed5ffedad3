using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Countersign.Delivery.Http;
using Countersign.Outbox;
using Countersign.Settings;

namespace Countersign.Delivery.Twilio;

/// <summary>Sends text messages and calls through Twilio's REST interface of 2010-04-01, which other services offer too. Thread-safe.</summary>
public sealed class TwilioProvider : IDeliveryProvider, IDisposable
{
    /// <summary>The parameter of a callback's query that names the message.</summary>
    public const string MessageParameter = "message";

    private readonly TwilioSettings _settings;
    private readonly Uri? _statusCallback;
    private readonly TimeProvider _clock;
    private readonly BoundedHttpClient _client;
    private readonly AuthenticationHeaderValue _credentials;
    private readonly string _account;

    /// <summary>Makes the provider of an account.</summary>
    /// <param name="name">The name that it is configured under.</param>
    /// <param name="settings">The account.</param>
    /// <param name="statusCallback">The public address that Twilio tells what became of a message; null: it is not asked to. The message's id is added to its query.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="SettingsException">The account or its credentials are not set.</exception>
    public TwilioProvider(string name, TwilioSettings settings, Uri? statusCallback, TimeProvider clock)
    {
        // E-mail is nothing that Twilio needs anything for: what is missing for it is missing for all.
        if (settings.MissingFor(Channel.Email) is { } missing) throw new SettingsException($"{missing}: not set, but needed to send through Twilio");
        (Name, _settings, _statusCallback, _clock) = (name, settings, statusCallback, clock);
        _client = new BoundedHttpClient(clock);
        var (user, password) = settings.ApiKeySid is { } key ? (key, settings.ApiKeySecret) : (settings.AccountSid, settings.AuthToken);
        _credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        _account = $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(settings.AccountSid!)}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        if (_settings.MissingFor(message.Channel) is { } missing) return new DeliveryResult.Failed($"{missing} is not set");
        var secondsLeft = (message.Expires - _clock.GetUtcNow()).TotalSeconds;
        if (secondsLeft < 1) return new DeliveryResult.Rejected("the code has ended");

        var form = TwilioRequest.For(message, _settings, CallbackFor(message), (int)Math.Min(secondsLeft, int.MaxValue));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_account}/{form.Resource}.json") { Content = new FormUrlEncodedContent(form.Parameters) };
        request.Headers.Authorization = _credentials;
        // Twilio itself has no such header; services that do send a repeated message only once.
        request.Headers.TryAddWithoutValidation("Idempotency-Key", message.Id);
        return Result(await _client.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken)
    {
        // Standard API keys may not read the account itself.
        var readable = _settings.ApiKeySid is null ? $"{_account}.json" : $"{_account}/IncomingPhoneNumbers.json?PageSize=1";
        using var request = new HttpRequestMessage(HttpMethod.Get, readable);
        request.Headers.Authorization = _credentials;
        return await _client.SendAsync(request, cancellationToken).ConfigureAwait(false) switch
        {
            HttpReply.Answered { IsSuccess: true } answer => Health(JsonBody.ReadObject(answer.Body)),
            HttpReply.Answered { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new(false, "the credentials are not accepted"),
            HttpReply.Answered answer => new(false, $"status {(int)answer.Status}"),
            HttpReply.Silent silent => new(false, silent.Reason),
            _ => new(false, "the answer cannot be read"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static DeliveryResult Result(HttpReply reply)
    {
        if (reply is HttpReply.Silent silent) return new DeliveryResult.Failed(silent.Reason);
        if (reply is not HttpReply.Answered answer) return new DeliveryResult.Failed("the answer cannot be read");
        if (answer.Fault != BodyFault.None) return new DeliveryResult.Failed(answer.Fault.Reason, answer.RetryAfter);
        var body = JsonBody.ReadObject(answer.Body);
        if (!answer.IsSuccess) return TwilioErrors.Result(ErrorCode(body), (int)answer.Status, answer.RetryAfter);
        return BoundedText.Id(body?.Text("sid")) is { } sid ? new DeliveryResult.Accepted(sid) : new DeliveryResult.Failed("the answer names no message");
    }

    private static int? ErrorCode(JsonElement? body)
        => body?.Property("code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) ? number : null;

    /// <summary>An account that is suspended or closed still answers.</summary>
    private static ProviderHealth Health(JsonElement? body) => body?.Text("status") switch
    {
        null when body is null => new(false, "the answer cannot be read"),
        null or "active" => new(true, "answers"),
        var status => new(false, $"the account is {BoundedText.Of(status)}"),
    };

    private Uri? CallbackFor(RenderedMessage message)
    {
        if (_statusCallback is null) return null;
        var address = new UriBuilder(_statusCallback);
        address.Query = address.Query.Length > 1
            ? $"{address.Query}&{MessageParameter}={Uri.EscapeDataString(message.Id)}" : $"{MessageParameter}={Uri.EscapeDataString(message.Id)}";
        return address.Uri;
    }
}
