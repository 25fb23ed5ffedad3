using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Server.TestRequests;

/// <summary>What sends a test request.</summary>
internal sealed record SendTestRequest
{
    /// <summary>The request of the HTTP task, with its expressions.</summary>
    [JsonPropertyName("http_request")]
    public JsonElement? HttpRequest { get; init; }
    /// <summary>Values for expressions, by what stands between <c>${</c> and <c>}</c>.</summary>
    public Dictionary<string, JsonElement>? Variables { get; init; }
    /// <summary>The environment whose variables are used; <c>default</c> unless given.</summary>
    public string? EnvironmentId { get; init; }
    /// <summary>A UUID by which the request can be cancelled; one is made unless given.</summary>
    public string? Id { get; init; }
    /// <summary>The id of the operation that the request was prepared from.</summary>
    public string? Operation { get; init; }
}

/// <summary>What came of a test request.</summary>
internal sealed record TestRequestShape
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>When it was sent.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>The request as it was sent, without secrets.</summary>
    public JsonElement? Request { get; init; }
    /// <summary>The answer, without secrets; absent when there was none.</summary>
    public JsonElement? Response { get; init; }
    /// <summary>Where the time went, in milliseconds.</summary>
    public JsonElement? Timings { get; init; }
    /// <summary>The address that was connected to.</summary>
    public string? RemoteAddress { get; init; }
    /// <summary>The version of HTTP.</summary>
    public string? HttpVersion { get; init; }
    /// <summary>The redirects that were followed.</summary>
    public JsonElement[]? Redirects { get; init; }
    /// <summary>What looks wrong.</summary>
    public required string[] Warnings { get; init; }
    /// <summary>What the task in a workflow would do with this answer.</summary>
    public required string Hint { get; init; }
    /// <summary>The status that the task would have.</summary>
    public required string TaskStatus { get; init; }
    /// <summary>What went wrong; absent when nothing did.</summary>
    public JsonElement? Error { get; init; }
}

/// <summary>A test request in a list.</summary>
internal sealed record TestRequestListingShape
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>When it was sent.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>The operation that it was prepared from.</summary>
    public string? Operation { get; init; }
    /// <summary>The method as typed.</summary>
    public required string Method { get; init; }
    /// <summary>The address as typed.</summary>
    public required string Url { get; init; }
    /// <summary>The status of the answer.</summary>
    public int? StatusCode { get; init; }
    /// <summary>How long it took, in milliseconds.</summary>
    public double? TotalMs { get; init; }
    /// <summary>What went wrong.</summary>
    public string? Error { get; init; }
}
