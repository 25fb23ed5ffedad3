using System.Text.Json;
using Countersign.Integrations.Http;
using Countersign.Integrations.Secrets;

namespace Countersign.Integrations.TestRequests;

/// <summary>A request to be tried out, as it was typed (workflow contract 17).</summary>
public sealed record TestRequest
{
    /// <summary>A UUID in lower case.</summary>
    public required string Id { get; init; }
    /// <summary>The id of the user who sends it.</summary>
    public required string Owner { get; init; }
    /// <summary>The request as the contract's <c>http_request</c>, with its expressions.</summary>
    public required JsonElement HttpRequest { get; init; }
    /// <summary>Values for expressions, by what stands between <c>${</c> and <c>}</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>();
    /// <summary>The environment whose variables are <c>${workflow.env.NAME}</c>.</summary>
    public required VariableSet Environment { get; init; }
    /// <summary>The operation of the catalog that it was prepared from; null: none.</summary>
    public string? Operation { get; init; }

    /// <summary>The address as it was typed; empty when there is none.</summary>
    public string TypedUrl => Text("uri");

    /// <summary>The method as it was typed; empty when there is none.</summary>
    public string TypedMethod => Text("method");

    private string Text(string name) => HttpRequest.ValueKind == JsonValueKind.Object && HttpRequest.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>What came of a test request.</summary>
public sealed record TestedRequest
{
    /// <summary>What was tried.</summary>
    public required TestRequest Request { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>What was sent and came back; null when nothing was sent.</summary>
    public HttpExchange? Exchange { get; init; }
    /// <summary>What went wrong; null when nothing did.</summary>
    public HttpFault? Fault { get; init; }
    /// <summary>The expressions that could not be filled.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
    /// <summary>What looks wrong, for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>The status that the task in a workflow would have.</summary>
    public required Workflows.AttemptStatus TaskStatus { get; init; }
    /// <summary>What the task in a workflow would do with this answer: one sentence.</summary>
    public required string Hint { get; init; }
    /// <summary>Takes out of everything what is nobody's business.</summary>
    public required Scrubber Scrubber { get; init; }
}
