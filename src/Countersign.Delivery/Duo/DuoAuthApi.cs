using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Delivery.Http;
using Countersign.Factors.Duo;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Duo;

/// <summary>Duo's Auth API 2 (https://duo.com/docs/authapi): Duo sends the user a push, and is asked later what came of it. Thread-safe.</summary>
public sealed class DuoAuthApi : IDuo, IDisposable
{
    private readonly DuoSettings _settings;
    private readonly TimeProvider _clock;
    private readonly DuoRequests _requests;
    private readonly byte[] _secretKey;

    /// <summary>Makes the client of one account.</summary>
    /// <param name="settings">The account; nothing may be <see cref="DuoSettings.Missing"/>.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Is told why Duo did not serve us.</param>
    public DuoAuthApi(DuoSettings settings, TimeProvider clock, ILogger<DuoAuthApi> logger)
    {
        (_settings, _clock) = (settings, clock);
        _requests = new DuoRequests(clock, logger);
        _secretKey = Encoding.UTF8.GetBytes(settings.SecretKey!);
    }

    /// <inheritdoc/>
    public bool IsConfigured => true;

    /// <inheritdoc/>
    public string Host => _settings.Host!;

    /// <inheritdoc/>
    public bool UsesPrompt => false;

    /// <inheritdoc/>
    public Uri PromptAt(DuoPrompt prompt) => throw new InvalidOperationException("the Auth API has no page");

    /// <inheritdoc/>
    public async Task<DuoReply> AskAsync(DuoQuestion question, CancellationToken cancellationToken) => question switch
    {
        DuoQuestion.Begin begin => await PushAsync(begin.User, cancellationToken).ConfigureAwait(false),
        DuoQuestion.Status status => await StatusAsync(status.Transaction, cancellationToken).ConfigureAwait(false),
        // A page that was opened before the settings changed.
        DuoQuestion.Exchange => _requests.Refused("/oauth/v1/token", "the user was sent to Duo's page, which is no longer used"),
        _ => throw new ArgumentException($"the Auth API is not asked {question.GetType().Name}", nameof(question)),
    };

    /// <inheritdoc/>
    public void Dispose() => _requests.Dispose();

    private async Task<DuoReply> PushAsync(string user, CancellationToken cancellationToken)
    {
        var (known, instead) = await CallAsync(HttpMethod.Post, "/auth/v2/preauth", [new("username", user)], _settings.TimeLimit, new DuoReply.Silent(), cancellationToken).ConfigureAwait(false);
        if (instead is not null) return instead;
        // "allow" lets the user in unasked, because of a policy or because Duo does not know them: nothing was proved.
        if (known.Text("result") is not "auth" and var result) return _requests.Refused("/auth/v2/preauth", BoundedText.Of($"the result is {result}: {known.Text("status_msg")}")!);
        (var pushed, instead) = await CallAsync(HttpMethod.Post, "/auth/v2/auth",
            [new("username", user), new("factor", "push"), new("device", "auto"), new("async", "1")], _settings.TimeLimit, new DuoReply.Silent(), cancellationToken).ConfigureAwait(false);
        if (instead is not null) return instead;
        return BoundedText.Id(pushed.Text("txid")) is { } transaction ? new DuoReply.Begun(transaction) : _requests.Refused("/auth/v2/auth", "no txid");
    }

    private async Task<DuoReply> StatusAsync(string transaction, CancellationToken cancellationToken)
    {
        // Duo holds the answer back until there are news, so that no answer means that there are none.
        var (body, instead) = await CallAsync(HttpMethod.Get, "/auth/v2/auth_status", [new("txid", transaction)], _settings.PollTimeLimit, new DuoReply.Waiting(), cancellationToken).ConfigureAwait(false);
        if (instead is not null) return instead;
        return (body.Text("result"), body.Text("status")) switch
        {
            ("waiting", _) => new DuoReply.Waiting(),
            ("allow", "allow") => new DuoReply.Allowed(),
            ("deny", "timeout") => new DuoReply.TimedOut(),
            ("deny", _) => new DuoReply.Denied(),
            var (result, status) => _requests.Refused("/auth/v2/auth_status", BoundedText.Of($"the result is {result}, the status {status}")!),
        };
    }

    private async Task<(JsonElement Response, DuoReply? Instead)> CallAsync(
        HttpMethod method, string path, KeyValuePair<string, string>[] parameters, TimeSpan limit, DuoReply whenLate, CancellationToken cancellationToken)
    {
        var (sent, date) = (DuoSignature.Parameters(parameters), DuoSignature.Date(_clock.GetUtcNow()));
        using var request = new HttpRequestMessage(method, method == HttpMethod.Get ? $"{_settings.Origin}{path}?{sent}" : $"{_settings.Origin}{path}");
        if (method != HttpMethod.Get) request.Content = new StringContent(sent, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        request.Headers.TryAddWithoutValidation("Date", date);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", DuoSignature.Credentials(
            _settings.IntegrationKey!, _secretKey, DuoSignature.Canonical(date, method.Method, _settings.Host!, path, sent), HashAlgorithmName.SHA512));
        var (body, instead) = await _requests.SendAsync(request, limit, whenLate, cancellationToken).ConfigureAwait(false);
        if (instead is not null) return (default, instead);
        return body.Text("stat") == "OK" && body.Property("response") is { ValueKind: JsonValueKind.Object } response ? (response, null) : (default, _requests.Refused(path, "stat is not OK"));
    }
}
