using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>How a request says who it is from: the member <c>authentication</c> of <c>http_request</c>, which is ours. Closed.</summary>
public abstract record HttpAuthentication
{
    private HttpAuthentication() { }

    /// <summary>A bearer token (RFC 6750).</summary>
    public sealed record Bearer(string Token) : HttpAuthentication;
    /// <summary>A user's name and password (RFC 7617).</summary>
    public sealed record Basic(string Username, string Password) : HttpAuthentication;
    /// <summary>A key in a header or in the query.</summary>
    public sealed record ApiKey(bool InQuery, string Name, string Value) : HttpAuthentication;
    /// <summary>OAuth 2.0 client credentials (RFC 6749 §4.4).</summary>
    public sealed record ClientCredentials(Uri TokenUrl, string ClientId, string ClientSecret, string? Scope, string? Audience) : HttpAuthentication;

    /// <summary>What in it is nobody else's business.</summary>
    public IEnumerable<string> Secrets => this switch
    {
        Bearer bearer => [bearer.Token],
        Basic basic => [basic.Password],
        ApiKey key => [key.Value],
        ClientCredentials credentials => [credentials.ClientSecret],
        _ => [],
    };

    /// <summary>Reads one; null and a fault that names the field when it is none.</summary>
    internal static HttpAuthentication? TryRead(JsonElement value, out string? fault)
    {
        var reading = new Reading(value);
        var read = reading.Read();
        fault = reading.Fault;
        return fault is null ? read : null;
    }

    private sealed class Reading(JsonElement value)
    {
        public string? Fault { get; private set; }

        public HttpAuthentication? Read()
        {
            if (value.ValueKind != JsonValueKind.Object) return Refuse("authentication must be an object.");
            return Text("type") switch
            {
                "bearer" => new Bearer(Needed("token")),
                "basic" => new Basic(Needed("username"), Text("password") ?? ""),
                "apiKey" when Text("in") is not (null or "header" or "query") => Refuse("authentication.in must be header or query."),
                "apiKey" => new ApiKey(Text("in") == "query", Needed("name"), Needed("value")),
                "oauth2" => RequestUri.TryRead(Needed("tokenUrl"), encode: true, out var tokenUrl, out var wrong)
                    ? new ClientCredentials(tokenUrl, Needed("clientId"), Needed("clientSecret"), Text("scope"), Text("audience"))
                    : Refuse($"authentication.tokenUrl {wrong}."),
                _ => Refuse("authentication.type must be bearer, basic, apiKey or oauth2."),
            };
        }

        private string Needed(string name)
        {
            if (Text(name) is { Length: > 0 } text) return text;
            Refuse($"authentication.{name} is missing.");
            return "";
        }

        private string? Text(string name)
            => value.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Template.TextOf(member) : null;

        private HttpAuthentication? Refuse(string fault)
        {
            Fault ??= fault;
            return null;
        }
    }
}
