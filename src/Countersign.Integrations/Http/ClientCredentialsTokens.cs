using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>Fetches access tokens for client credentials (RFC 6749 §4.4) through the guard, and keeps each until shortly before it ends, in memory alone. Thread-safe.</summary>
internal sealed class ClientCredentialsTokens(HttpSender sender, TimeProvider clock)
{
    private const int MostKept = 1_000, LongestAnswer = 64 * 1024;
    // What a token lives when its server does not say, at most, and by how much earlier another is fetched.
    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(1), LongestLife = TimeSpan.FromDays(1), Margin = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);

    /// <summary>A token, or what went wrong.</summary>
    public async Task<(string? Token, HttpFault? Fault)> GetAsync(HttpAuthentication.ClientCredentials credentials, HttpRequestSettings settings, string caller, CancellationToken cancellationToken)
    {
        var key = KeyOf(credentials);
        if (_kept.TryGetValue(key, out var known) && known.Until > clock.GetUtcNow()) return (known.Token, null);
        var exchange = await AskAsync(credentials, inBody: false, settings, caller, cancellationToken).ConfigureAwait(false);
        // RFC 6749 §2.3.1: Basic must be supported, but some servers take the secret in the body alone.
        if (exchange is { Fault: null, Answer.StatusCode: 400 or 401 }) exchange = await AskAsync(credentials, inBody: true, settings, caller, cancellationToken).ConfigureAwait(false);
        if (exchange.Fault is { } fault) return (null, fault with { Message = $"No token was fetched: {fault.Message}" });
        var (place, answer) = (RequestUri.Place(exchange.Request.Uri), exchange.Answer!);
        if (answer.StatusCode is < 200 or > 299)
        {
            var isFinal = answer.StatusCode is >= 400 and < 500 and not (408 or 425 or 429);
            return (null, new HttpFault(isFinal ? HttpFaultKind.Invalid : HttpFaultKind.BadResponse, $"No token was fetched: {place} answered {answer.StatusCode} {answer.ReasonPhrase}."));
        }
        if (Read(answer.Body) is not var (token, life)) return (null, new HttpFault(HttpFaultKind.BadResponse, $"No token was fetched: the answer of {place} has no access_token."));
        if (_kept.Count >= MostKept) _kept.Clear();
        if (life > Margin) _kept[key] = (token, clock.GetUtcNow() + life - Margin);
        return (token, null);
    }

    /// <summary>Fetches another one next time.</summary>
    public void Forget(HttpAuthentication.ClientCredentials credentials) => _kept.TryRemove(KeyOf(credentials), out _);

    private Task<HttpExchange> AskAsync(HttpAuthentication.ClientCredentials credentials, bool inBody, HttpRequestSettings settings, string caller, CancellationToken cancellationToken)
    {
        var form = new StringBuilder("grant_type=client_credentials");
        Add("scope", credentials.Scope);
        Add("audience", credentials.Audience);
        if (inBody)
        {
            Add("client_id", credentials.ClientId);
            Add("client_secret", credentials.ClientSecret);
        }
        var headers = new List<KeyValuePair<string, string>> { new("Accept", "application/json"), new("Content-Type", "application/x-www-form-urlencoded") };
        if (!inBody) headers.Add(new("Authorization", Authentication.BasicValue(Uri.EscapeDataString(credentials.ClientId), Uri.EscapeDataString(credentials.ClientSecret))));
        var request = new HttpRequestSettings
        {
            Method = "POST",
            Uri = credentials.TokenUrl,
            Headers = [.. headers],
            Body = Encoding.ASCII.GetBytes(form.ToString()),
            ConnectTimeout = settings.ConnectTimeout,
            ReadTimeout = settings.ReadTimeout,
            FollowsRedirects = false,
        };
        return sender.SendAsync(request, new CallLimits(LongestAnswer, request.LongestCall) { Caller = caller }, cancellationToken);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) form.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private static (string Token, TimeSpan Life)? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var json = JsonBuilder.Read(body.Span);
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("access_token", out var text) || text.ValueKind != JsonValueKind.String || text.GetString() is not { Length: > 0 } token || !RequestReader.IsValue(token)) return null;
            var seconds = json.TryGetProperty("expires_in", out var given) && given.ValueKind is JsonValueKind.Number or JsonValueKind.String && double.TryParse(Template.TextOf(given), out var read) && read >= 0 ? read : UsualLife.TotalSeconds;
            return (token, TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds)));
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string KeyOf(HttpAuthentication.ClientCredentials credentials)
    {
        var parts = string.Join('\0', credentials.TokenUrl.AbsoluteUri, credentials.ClientId, credentials.ClientSecret, credentials.Scope, credentials.Audience);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }
}
