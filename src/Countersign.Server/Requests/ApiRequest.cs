using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Tokens;

namespace Countersign.Server.Requests;

/// <summary>What the pipeline found out about a request, for its endpoint.</summary>
internal sealed class ApiRequest
{
    private static readonly LogSubject Nobody = new("unknown", "Public Client App", "unknown", "unknown");

    /// <summary>The request's id.</summary>
    public required string Id { get; init; }
    /// <summary>The token; null on endpoints that need none.</summary>
    public ApiToken? Token { get; set; }

    /// <summary>What goes to the log.</summary>
    public RequestContext Context(HttpContext http) => new()
    {
        RequestId = Id,
        Uri = http.Request.QueryString.HasValue ? http.Request.Path.Value + http.Request.QueryString.Value : http.Request.Path.Value ?? "/",
        IpAddress = ClientAddress.Of(http)?.ToString(),
        UserAgent = Bounded(http.Request.Headers.UserAgent.ToString()),
        Application = Token?.Name,
        TokenId = Token?.Id,
        Actor = Token?.Owner ?? Nobody,
    };

    /// <summary>The request of this context.</summary>
    public static ApiRequest Of(HttpContext http) => http.Features.Get<ApiRequest>()!;

    private static string? Bounded(string text) => text.Length == 0 ? null : text.Length > 512 ? text[..512] : text;
}

internal static class ApiRequests
{
    /// <summary>Who asks, from where.</summary>
    public static RequestContext By(this HttpContext http) => ApiRequest.Of(http).Context(http);
}
