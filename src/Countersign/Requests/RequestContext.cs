using Countersign.SystemLog;

namespace Countersign.Requests;

/// <summary>Who asks, from where: what a request gives to the log and to messages (contract 2.5).</summary>
public sealed record RequestContext
{
    /// <summary>The request's id, also in <c>X-Okta-Request-Id</c>.</summary>
    public required string RequestId { get; init; }
    /// <summary>Path and query, without the host.</summary>
    public required string Uri { get; init; }
    /// <summary>The client's address, after trusted proxies.</summary>
    public string? IpAddress { get; init; }
    /// <summary>The client's <c>User-Agent</c>.</summary>
    public string? UserAgent { get; init; }
    /// <summary>What the API token is called, when one was used: the application that asks, as far as a person can be told.</summary>
    public string? Application { get; init; }
    /// <summary>The API token's id, when one was used.</summary>
    public string? TokenId { get; init; }
    /// <summary>Who the request acts for.</summary>
    public required LogSubject Actor { get; init; }
}
