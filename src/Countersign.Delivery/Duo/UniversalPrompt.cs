using System.Text;
using System.Text.Json;
using Countersign.Delivery.Http;
using Countersign.Factors.Duo;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Duo;

/// <summary>
/// Duo's Universal Prompt (Web SDK 4, an OpenID Connect flow: https://duo.com/docs/oauthapi). The client proves itself by tokens that it signs with its secret; Duo says what the
/// user answered in another. Thread-safe.
/// </summary>
public sealed class UniversalPrompt : IDuo, IDisposable
{
    // The longest that Duo accepts.
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(5);
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly DuoSettings _settings;
    private readonly Uri _redirectUri;
    private readonly TimeProvider _clock;
    private readonly DuoRequests _requests;
    private readonly byte[] _secret;
    private readonly string _clientId, _health, _authorize, _token;

    /// <summary>Makes the client of one account.</summary>
    /// <param name="settings">The account; nothing may be <see cref="DuoSettings.Missing"/>.</param>
    /// <param name="redirectUri">Where the page leads back to.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Is told why Duo did not serve us.</param>
    public UniversalPrompt(DuoSettings settings, Uri redirectUri, TimeProvider clock, ILogger<UniversalPrompt> logger)
    {
        (_settings, _redirectUri, _clock) = (settings, redirectUri, clock);
        _requests = new DuoRequests(clock, logger);
        (_clientId, _secret) = (settings.ClientId!, Encoding.UTF8.GetBytes(settings.ClientSecret!));
        (_health, _authorize, _token) = ($"{settings.Origin}/oauth/v1/health_check", $"{settings.Origin}/oauth/v1/authorize", $"{settings.Origin}/oauth/v1/token");
    }

    /// <inheritdoc/>
    public bool IsConfigured => true;

    /// <inheritdoc/>
    public string Host => _settings.Host!;

    /// <inheritdoc/>
    public bool UsesPrompt => true;

    /// <inheritdoc/>
    public Uri PromptAt(DuoPrompt prompt)
    {
        var request = HmacToken.Sign(_secret, claims =>
        {
            claims.WriteString("scope", "openid");
            claims.WriteString("redirect_uri", _redirectUri.AbsoluteUri);
            claims.WriteString("client_id", _clientId);
            claims.WriteString("iss", _clientId);
            claims.WriteString("aud", _settings.Origin);
            claims.WriteNumber("exp", prompt.Expires.ToUnixTimeSeconds());
            claims.WriteString("state", prompt.State);
            claims.WriteString("response_type", "code");
            claims.WriteString("nonce", prompt.Nonce);
            claims.WriteString("duo_uname", prompt.User);
            claims.WriteBoolean("use_duo_code_attribute", true);
        });
        return new Uri($"{_authorize}?response_type=code&client_id={Uri.EscapeDataString(_clientId)}&request={request}");
    }

    /// <inheritdoc/>
    public async Task<DuoReply> AskAsync(DuoQuestion question, CancellationToken cancellationToken) => question switch
    {
        DuoQuestion.Begin => await CheckAsync(cancellationToken).ConfigureAwait(false),
        DuoQuestion.Exchange exchange => await ExchangeAsync(exchange, cancellationToken).ConfigureAwait(false),
        _ => throw new ArgumentException($"the Universal Prompt is not asked {question.GetType().Name}", nameof(question)),
    };

    /// <inheritdoc/>
    public void Dispose() => _requests.Dispose();

    /// <summary>A person is sent to the page only when it will be there for them.</summary>
    private async Task<DuoReply> CheckAsync(CancellationToken cancellationToken)
    {
        var (body, instead) = await PostAsync(_health, [new("client_id", _clientId), new("client_assertion", Assertion(_health))], cancellationToken).ConfigureAwait(false);
        if (instead is not null) return instead;
        return body.Text("stat") == "OK" ? new DuoReply.Begun(null)
            : _requests.Refused("/oauth/v1/health_check", BoundedText.Of($"{body.Text("message")} {body.Text("message_detail")}") ?? "stat is not OK");
    }

    private async Task<DuoReply> ExchangeAsync(DuoQuestion.Exchange exchange, CancellationToken cancellationToken)
    {
        var (body, instead) = await PostAsync(_token,
        [
            new("grant_type", "authorization_code"),
            new("code", exchange.Code),
            new("redirect_uri", _redirectUri.AbsoluteUri),
            new("client_id", _clientId),
            new("client_assertion_type", AssertionType),
            new("client_assertion", Assertion(_token)),
        ], cancellationToken).ConfigureAwait(false);
        if (instead is not null) return instead;
        var (reply, fault) = DuoIdToken.Judge(body.Text("id_token"), _secret, _token, _clientId, exchange, _clock.GetUtcNow());
        return fault is null ? reply : _requests.Refused("/oauth/v1/token", fault);
    }

    private async Task<(JsonElement Body, DuoReply? Instead)> PostAsync(string address, List<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        return await _requests.SendAsync(request, _settings.TimeLimit, new DuoReply.Silent(), cancellationToken).ConfigureAwait(false);
    }

    private string Assertion(string audience) => HmacToken.Sign(_secret, claims =>
    {
        var now = _clock.GetUtcNow();
        claims.WriteString("iss", _clientId);
        claims.WriteString("sub", _clientId);
        claims.WriteString("aud", audience);
        claims.WriteNumber("exp", (now + AssertionLife).ToUnixTimeSeconds());
        claims.WriteNumber("iat", now.ToUnixTimeSeconds());
        claims.WriteString("jti", Guid.NewGuid().ToString());
    });
}
