using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing.Delivery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Testing.Duo;

/// <summary>
/// Duo, as far as its Universal Prompt (OAuth API) and its Auth API are used: it takes what the published interfaces take, checks every signature and every claim with
/// another implementation than the product's, and refuses in Duo's words what is missing, more than asked for, late, or used before.
/// </summary>
public sealed partial class DuoCounterpart : IAsyncDisposable
{
    /// <summary>The host's name.</summary>
    public const string Host = "api-0123abcd.duosecurity.com";
    /// <summary>The client of the Universal Prompt.</summary>
    public const string ClientId = "DI0123456789ABCDEFGH";
    /// <summary>Its secret.</summary>
    public const string ClientSecret = "test-client-secret-0123456789abcdefghijk";
    /// <summary>The key of the Auth API.</summary>
    public const string IntegrationKey = "DIABCDEFGH0123456789";
    /// <summary>Its secret.</summary>
    public const string SecretKey = "test-secret-key-0123456789abcdefghijklmn";
    /// <summary>Countersign's own address.</summary>
    public const string PublicUrl = "https://mfa.example.com";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;
    private readonly LoopbackServer _server;
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, bool> _usedIds = new();
    private readonly ConcurrentDictionary<string, Answered> _codes = new();

    /// <summary>Starts.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="redirectUri">The only address that the page may lead back to.</param>
    public DuoCounterpart(TimeProvider clock, string redirectUri = PublicUrl + "/duo/callback")
    {
        (_clock, RedirectUri) = (clock, redirectUri);
        _server = new LoopbackServer(Answer);
    }

    /// <summary>The only address that the page may lead back to.</summary>
    public string RedirectUri { get; }

    /// <summary>Where it listens.</summary>
    public string Origin => _server.Address.AbsoluteUri.TrimEnd('/');

    /// <summary>How many requests came.</summary>
    public int Count => _server.Count;

    /// <summary>What the user answers on the page: <c>allow</c> or <c>deny</c>.</summary>
    public string UserAnswers { get; set; } = "allow";

    /// <summary>What is wrong with the id tokens.</summary>
    public IdTokenFault Fault { get; set; }

    /// <summary>What was refused, and why; in order.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>The settings that lead a server here.</summary>
    public KeyValuePair<string, string>[] Settings(string mode) =>
    [
        new("Countersign:PublicUrl", PublicUrl), new("Countersign:Duo:Host", Host), new("Countersign:Duo:BaseUrl", Origin), new("Countersign:Duo:Mode", mode),
        new("Countersign:Duo:ClientId", ClientId), new("Countersign:Duo:ClientSecret", ClientSecret),
        new("Countersign:Duo:IntegrationKey", IntegrationKey), new("Countersign:Duo:SecretKey", SecretKey),
        new("Countersign:Duo:RedirectUri", RedirectUri == PublicUrl + "/duo/callback" ? "" : RedirectUri),
    ];

    /// <summary>Answers the next requests with these, whatever they are.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>Opens the page and answers as <see cref="UserAnswers"/> says.</summary>
    /// <returns>The address that the page leads to.</returns>
    public async Task<Uri> OpenAsync(string prompt)
    {
        using var response = await _browser.GetAsync(new Uri(prompt));
        return response.Headers.Location ?? throw new InvalidOperationException($"the page does not open: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Opens the page, and says what it gives: state and code.</summary>
    public async Task<(string State, string Code)> AnswerAsync(string prompt)
    {
        var query = QueryHelpers.ParseQuery((await OpenAsync(prompt)).Query);
        return (query["state"].ToString(), query["duo_code"].ToString());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return _server.DisposeAsync();
    }

    private Reply Answer(ReceivedRequest request)
    {
        var path = request.Target.Split('?')[0];
        return (request.Method, path) switch
        {
            ("POST", "/oauth/v1/health_check") => CheckHealth(request),
            ("GET", "/oauth/v1/authorize") => Authorize(request),
            ("POST", "/oauth/v1/token") => Exchange(request),
            (_, "/auth/v2/preauth" or "/auth/v2/auth" or "/auth/v2/auth_status") => AnswerAuthApi(request, path),
            _ => Refuse(404, """{"stat":"FAIL","code":40401,"message":"Resource not found"}""", path),
        };
    }

    private Reply CheckHealth(ReceivedRequest request)
    {
        if (FormFault(request, ["client_id", "client_assertion"]) is { } fault
            || (fault = AssertionFault(request.Form, "/oauth/v1/health_check")) is not null)
        {
            return Refuse(400, $$"""{"stat":"FAIL","code":40002,"message":"invalid_client","message_detail":"{{fault}}","timestamp":{{Now}}}""", fault);
        }
        return Reply.Json(200, $$$"""{"stat":"OK","response":{"timestamp":{{{Now}}}}}""");
    }

    private Reply Authorize(ReceivedRequest request)
    {
        var query = QueryHelpers.ParseQuery(request.Target[request.Target.IndexOf('?', StringComparison.Ordinal)..]);
        if (!query.Keys.Order(StringComparer.Ordinal).SequenceEqual(["client_id", "request", "response_type"])) return PageFault("parameters");
        if (query["response_type"] != "code" || query["client_id"] != ClientId) return PageFault("response_type or client_id");
        if (ReadToken(query["request"].ToString()) is not { } claims) return PageFault("signature of the request");
        if (!claims.Select(claim => claim.Key).Order(StringComparer.Ordinal).SequenceEqual(
            ["aud", "client_id", "duo_uname", "exp", "iss", "nonce", "redirect_uri", "response_type", "scope", "state", "use_duo_code_attribute"])) return PageFault("claims");
        if ((string?)claims["aud"] != Origin || (string?)claims["iss"] != ClientId || (string?)claims["client_id"] != ClientId || (string?)claims["scope"] != "openid"
            || (string?)claims["response_type"] != "code" || (bool?)claims["use_duo_code_attribute"] != true) return PageFault("a claim");
        if ((string?)claims["redirect_uri"] != RedirectUri) return PageFault("redirect_uri");
        if ((long)claims["exp"]! <= Now || (long)claims["exp"]! > Now + (long)Longest.TotalSeconds) return PageFault("exp");
        var (state, nonce) = ((string)claims["state"]!, (string)claims["nonce"]!);
        if (state.Length is < 22 or > 1_024 || nonce.Length is < 16 or > 1_024) return PageFault("state or nonce");
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = new Answered((string)claims["duo_uname"]!, nonce, UserAnswers);
        return Reply.Status(303, ("Location", $"{RedirectUri}?state={Uri.EscapeDataString(state)}&duo_code={code}"));

        Reply PageFault(string fault) => Refuse(400, $$"""{"error":"invalid_request","error_description":"{{fault}}"}""", fault);
    }

    private Reply Exchange(ReceivedRequest request)
    {
        if (FormFault(request, ["grant_type", "code", "redirect_uri", "client_id", "client_assertion_type", "client_assertion"]) is { } fault) return TokenFault("invalid_request", fault);
        var form = request.Form;
        if (form["grant_type"] != "authorization_code" || form["client_assertion_type"] != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            return TokenFault("invalid_request", "grant_type or client_assertion_type");
        if (AssertionFault(form, "/oauth/v1/token") is { } assertion) return TokenFault("invalid_client", assertion);
        if (form["redirect_uri"] != RedirectUri) return TokenFault("invalid_grant", "redirect_uri");
        if (!_codes.TryRemove(form["code"], out var answered)) return TokenFault("invalid_grant", "code");
        var token = IdToken(answered);
        return Reply.Json(200, new JsonObject { ["id_token"] = token, ["access_token"] = "access", ["expires_in"] = 3600, ["token_type"] = "Bearer" }.ToJsonString());

        Reply TokenFault(string error, string description) => Refuse(400, $$"""{"error":"{{error}}","error_description":"{{description}}"}""", description);
    }

    private static string? FormFault(ReceivedRequest request, string[] parameters)
        => request.Headers.GetValueOrDefault("Content-Type") != "application/x-www-form-urlencoded" ? "content type"
            : !request.Form.Keys.Order(StringComparer.Ordinal).SequenceEqual(parameters.Order(StringComparer.Ordinal)) ? "parameters" : null;

    private string? AssertionFault(IReadOnlyDictionary<string, string> form, string endpoint)
    {
        if (form["client_id"] != ClientId) return "client_id";
        if (ReadToken(form["client_assertion"]) is not { } claims) return "signature of the assertion";
        if (!claims.Select(claim => claim.Key).Order(StringComparer.Ordinal).SequenceEqual(["aud", "exp", "iat", "iss", "jti", "sub"])) return "claims";
        if ((string?)claims["iss"] != ClientId || (string?)claims["sub"] != ClientId) return "iss or sub";
        if ((string?)claims["aud"] != Origin + endpoint) return "aud";
        if ((long)claims["exp"]! <= Now || (long)claims["exp"]! > Now + (long)Longest.TotalSeconds || (long)claims["iat"]! > Now) return "exp or iat";
        return (string?)claims["jti"] is { Length: >= 16 } id && _usedIds.TryAdd(id, true) ? null : "jti";
    }

    /// <summary>The claims of a token of ours, checked by a library that the product does not use; null when its signature or algorithm is another.</summary>
    private static JsonObject? ReadToken(string token)
    {
        var validated = new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            // The library wants keys as long as the hash. HMAC fills shorter ones up with zeros itself.
            IssuerSigningKey = new SymmetricSecurityKey([.. Encoding.UTF8.GetBytes(ClientSecret), .. new byte[64 - ClientSecret.Length]]),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha512],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        }).GetAwaiter().GetResult();
        return validated.IsValid ? JsonNode.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]))!.AsObject() : null;
    }

    private string IdToken(Answered answered)
    {
        var claims = new JsonObject
        {
            ["iss"] = Origin + "/oauth/v1/token",
            ["sub"] = "DU0123456789ABCDEFGH",
            ["aud"] = ClientId,
            ["exp"] = Now + 3600,
            ["iat"] = Now,
            ["auth_time"] = Now,
            ["nonce"] = answered.Nonce,
            ["preferred_username"] = answered.User,
            ["auth_result"] = new JsonObject { ["result"] = answered.Result, ["status"] = answered.Result, ["status_msg"] = "Login Successful" },
            ["auth_context"] = new JsonObject { ["factor"] = "duo_push", ["reason"] = "user_approved", ["result"] = "success" },
        };
        switch (Fault)
        {
            case IdTokenFault.Issuer: claims["iss"] = "https://api-99999999.duosecurity.com/oauth/v1/token"; break;
            case IdTokenFault.Audience: claims["aud"] = "DI99999999999999999Z"; break;
            case IdTokenFault.Audiences: claims["aud"] = new JsonArray(ClientId, "DI99999999999999999Z"); break;
            case IdTokenFault.Expired: claims["exp"] = Now - 61; break;
            case IdTokenFault.NoExpiry: claims.Remove("exp"); break;
            case IdTokenFault.IssuedLater: claims["iat"] = Now + 61; break;
            case IdTokenFault.NoIssue: claims.Remove("iat"); break;
            case IdTokenFault.Nonce: claims["nonce"] = "another-nonce-0123456789"; break;
            case IdTokenFault.NoNonce: claims.Remove("nonce"); break;
            case IdTokenFault.User: claims["preferred_username"] = answered.User + "x"; break;
            case IdTokenFault.NoUser: claims.Remove("preferred_username"); break;
            case IdTokenFault.NoResult: claims.Remove("auth_result"); break;
            case IdTokenFault.OtherResult: claims["auth_result"]!["result"] = "ALLOW"; break;
            case IdTokenFault.Bypass: claims["auth_context"]!["reason"] = "bypass_user"; break;
        }
        return Sign(claims);
    }

    private string Sign(JsonObject claims)
    {
        var algorithm = Fault switch { IdTokenFault.AlgorithmNone => "none", IdTokenFault.AlgorithmHs256 => "HS256", _ => "HS512" };
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (Fault == IdTokenFault.CriticalHeader) (header["crit"], header["http://example.com/x"]) = (new JsonArray("http://example.com/x"), true);
        var signed = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        var (key, bytes) = (Encoding.UTF8.GetBytes(Fault == IdTokenFault.Signature ? SecretKey : ClientSecret), Encoding.UTF8.GetBytes(signed));
        var signature = algorithm switch { "none" => "", "HS256" => Base64UrlEncoder.Encode(HMACSHA256.HashData(key, bytes)), _ => Base64UrlEncoder.Encode(HMACSHA512.HashData(key, bytes)) };
        return Fault switch
        {
            IdTokenFault.Claims => $"{signed[..signed.IndexOf('.', StringComparison.Ordinal)]}.{Base64UrlEncoder.Encode(claims.ToJsonString().Replace("3600", "3601", StringComparison.Ordinal) + " ")}.{signature}",
            IdTokenFault.TwoParts => signed,
            IdTokenFault.Missing => "",
            _ => $"{signed}.{signature}",
        };
    }

    private Reply Refuse(int status, string json, string why)
    {
        Refusals.Enqueue(why);
        return Reply.Json(status, json);
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    private sealed record Answered(string User, string Nonce, string Result);
}
