using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Testing.Delivery;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Testing.WebPush;

/// <summary>
/// A push service (RFC 8030). It takes a message only if it says who sends it: the token must verify, by a reader of others, with the key that the header names (RFC 8292), and be for this service.
/// </summary>
public sealed class PushServiceCounterpart : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly Func<DateTimeOffset> _now;

    /// <summary>Starts.</summary>
    /// <param name="now">The time by which tokens are judged.</param>
    public PushServiceCounterpart(Func<DateTimeOffset> now)
    {
        _now = now;
        _server = new LoopbackServer(request => Fault(request) is { } fault
            ? Reply.Json(fault.Status, $$"""{"reason":"{{fault.Reason}}"}""")
            : Reply.Status(201, ("Location", $"{Origin}/message/1")));
    }

    /// <summary>Its origin, to be allowed.</summary>
    public string Origin => _server.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>How many requests came.</summary>
    public int Count => _server.Count;

    /// <summary>The endpoint of a subscription here.</summary>
    public string Endpoint(string name) => $"{Origin}/push/{name}";

    /// <summary>Answers the next requests with these, whatever is in them.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>The next message; waits for it, but not forever. What is wrong with it fails the test that asks.</summary>
    public async Task<ReceivedRequest> ReceiveAsync()
    {
        var request = await _server.ReceiveAsync();
        return Fault(request) is { } fault ? throw new InvalidOperationException($"the message would be refused: {fault.Reason}") : request;
    }

    /// <summary>The claims of a header's token, and its key; it verifies with that key.</summary>
    /// <exception cref="SecurityTokenException">It does not verify.</exception>
    public static (JsonWebToken Token, string Key) ReadAuthorization(string authorization, DateTimeOffset? now = null)
    {
        if (!authorization.StartsWith("vapid ", StringComparison.Ordinal)) throw new SecurityTokenException("not vapid");
        var parameters = authorization["vapid ".Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        using var key = ECDsa.Create(PushReceiver.Point(Base64Url.DecodeFromChars(parameters["k"])));
        var result = new JsonWebTokenHandler().ValidateTokenAsync(parameters["t"], new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            ValidAlgorithms = ["ES256"],
            ValidateIssuer = false,
            ValidateAudience = false,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => now is null || (now.Value.UtcDateTime < expires && expires <= now.Value.UtcDateTime.AddHours(24)),
        }).GetAwaiter().GetResult();
        return result.IsValid ? ((JsonWebToken)result.SecurityToken, parameters["k"]) : throw new SecurityTokenException("the token does not verify", result.Exception);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private (int Status, string Reason)? Fault(ReceivedRequest request)
    {
        if (request.Method != "POST") return (405, "the method");
        if (!request.Headers.TryGetValue("TTL", out var ttl) || !uint.TryParse(ttl, out _)) return (400, "TTL");
        if (!request.Headers.TryGetValue("Content-Encoding", out var coding) || coding != "aes128gcm") return (400, "Content-Encoding");
        if (!request.Headers.TryGetValue("Authorization", out var authorization)) return (401, "no Authorization");
        try
        {
            var (token, _) = ReadAuthorization(authorization, _now());
            return token.Audiences.SequenceEqual([Origin]) ? request.Body.Length > 4_096 ? (413, "too long") : null : (403, "aud");
        }
        catch (SecurityTokenException exception)
        {
            return (403, exception.Message);
        }
    }
}
