using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Countersign.Console.TestRequests;

/// <summary>A request to be sent once, as the task in a workflow would send it.</summary>
public sealed record NewTestRequest
{
    /// <summary>The request, with its expressions.</summary>
    [JsonPropertyName("http_request")]
    public required JsonObject HttpRequest { get; init; }

    /// <summary>What expressions stand for: paths, as <c>workflow.input.userId</c>, to values.</summary>
    public JsonObject Variables { get; set; } = [];

    /// <summary>The environment that its variables come from.</summary>
    public string? EnvironmentId { get; set; }

    /// <summary>The id by which it can be cancelled.</summary>
    public string? Id { get; set; }

    /// <summary>The operation of the catalog that it was prepared from.</summary>
    public string? Operation { get; set; }
}

/// <summary>A request that was sent, and what came of it.</summary>
public sealed record TestRequest
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>What was sent, redacted.</summary>
    public SentRequest? Request { get; set; }

    /// <summary>What was answered; null when nothing was.</summary>
    public TestResponse? Response { get; set; }

    /// <summary>How long each part took.</summary>
    public TestTimings? Timings { get; set; }

    /// <summary>Who answered.</summary>
    public string? RemoteAddress { get; set; }

    /// <summary>As <c>2</c> or <c>1.1</c>.</summary>
    public string? HttpVersion { get; set; }

    /// <summary>Where the answers before the last one led.</summary>
    public TestRedirect[] Redirects { get; set; } = [];

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>What the task in a workflow would do with this answer.</summary>
    public string? Hint { get; set; }

    /// <summary>The status that the task would have, as <c>COMPLETED</c>.</summary>
    public string? TaskStatus { get; set; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public TestError? Error { get; set; }

    /// <summary>What was typed; only when it is asked for by its id.</summary>
    public NewTestRequest? Typed { get; set; }

    /// <summary>The operation of the catalog that it was prepared from.</summary>
    public string? Operation { get; set; }
}

/// <summary>What was sent, redacted.</summary>
public sealed record SentRequest
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; set; } = "";

    /// <summary>The whole address.</summary>
    public string Url { get; set; } = "";

    /// <summary>The headers in order.</summary>
    public TestHeader[] Headers { get; set; } = [];

    /// <summary>The body as text.</summary>
    public string? Body { get; set; }
}

/// <summary>A header.</summary>
public sealed record TestHeader(string Name, string Value);

/// <summary>What was answered.</summary>
public sealed record TestResponse
{
    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; set; }

    /// <summary>The words beside it.</summary>
    public string? ReasonPhrase { get; set; }

    /// <summary>The headers in order.</summary>
    public TestHeader[] Headers { get; set; } = [];

    /// <summary>What the body says it is.</summary>
    public string? ContentType { get; set; }

    /// <summary>The body's beginning, as <see cref="BodyEncoding"/> says.</summary>
    public string? Body { get; set; }

    /// <summary><c>text</c> or <c>base64</c>.</summary>
    public string? BodyEncoding { get; set; }

    /// <summary>How long the body is.</summary>
    public long Bytes { get; set; }

    /// <summary>Whether there is more of the body than is here.</summary>
    public bool Truncated { get; set; }

    /// <summary>How it is best shown: <c>json</c>, <c>xml</c>, <c>html</c>, <c>text</c>, <c>image</c> or <c>binary</c>.</summary>
    public string? Shown { get; set; }
}

/// <summary>How long each part took, in milliseconds; what did not happen is null.</summary>
public sealed record TestTimings
{
    /// <summary>Finding the address.</summary>
    public double? DnsMs { get; set; }

    /// <summary>Connecting.</summary>
    public double? ConnectMs { get; set; }

    /// <summary>Agreeing on encryption.</summary>
    public double? TlsMs { get; set; }

    /// <summary>Sending the request.</summary>
    public double? SendMs { get; set; }

    /// <summary>Waiting for the first byte of the answer.</summary>
    public double? FirstByteMs { get; set; }

    /// <summary>Reading the rest.</summary>
    public double? DownloadMs { get; set; }

    /// <summary>All of it.</summary>
    public double TotalMs { get; set; }
}

/// <summary>An answer that led elsewhere.</summary>
public sealed record TestRedirect(int StatusCode, string Url);

/// <summary>Why there is no whole answer.</summary>
public sealed record TestError
{
    /// <summary>As <c>timeout</c> or <c>blocked</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>One sentence for a person.</summary>
    public string Message { get; set; } = "";

    /// <summary>The expressions that nothing was given for.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    /// <summary>The setting that an operator would change.</summary>
    public string? Setting { get; set; }
}

/// <summary>One line of the history.</summary>
public sealed record PastTestRequest
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The operation of the catalog that it was prepared from.</summary>
    public string? Operation { get; set; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; set; } = "";

    /// <summary>The address as it was typed, expressions and all.</summary>
    public string Url { get; set; } = "";

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? StatusCode { get; set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double? TotalMs { get; set; }

    /// <summary>What went wrong: a kind, as <c>timeout</c>.</summary>
    public JsonNode? Error { get; set; }

    internal string? Fault => Error switch
    {
        null => null,
        JsonObject fault => fault["kind"]?.ToString(),
        _ => Error.ToString(),
    };
}
