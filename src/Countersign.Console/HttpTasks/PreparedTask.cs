using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Console.Catalog;

namespace Countersign.Console.HttpTasks;

/// <summary>What an operation's task is prepared for.</summary>
/// <param name="ReferenceNames">The reference names that are taken.</param>
/// <param name="Previous">What the person had before.</param>
public sealed record TaskPreparation(IReadOnlyList<string> ReferenceNames, PreviousTask? Previous = null);

/// <summary>A task that was prepared from another operation, with what was typed since.</summary>
public sealed record PreviousTask(string? Operation, JsonObject Task);

/// <summary>A task that an operation of the catalog has prepared.</summary>
public sealed record PreparedTask
{
    /// <summary>The task.</summary>
    public required JsonObject Task { get; init; }

    /// <summary>The inputs of a workflow that it refers to.</summary>
    public TaskInput[] Inputs { get; set; } = [];

    /// <summary>The secrets that it refers to.</summary>
    public string[] Secrets { get; set; } = [];

    /// <summary>What can be added.</summary>
    public OfferedFields Offered { get; set; } = new();

    /// <summary>What the new operation has no place for, as <c>header X-Old</c>.</summary>
    public string[] Dropped { get; set; } = [];
}

/// <summary>An input of a workflow that a prepared task refers to.</summary>
public sealed record TaskInput
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</summary>
    public string In { get; set; } = "";

    /// <summary>Whether the API demands it.</summary>
    public bool Required { get; set; }

    /// <summary>What it means, as HTML that the server has made safe.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>What the API takes in its absence.</summary>
    public JsonNode? Default { get; set; }
}

/// <summary>Parameters that are not in a prepared task and could be.</summary>
public sealed record OfferedFields
{
    /// <summary>For the query.</summary>
    public ApiField[] Query { get; set; } = [];

    /// <summary>For the headers.</summary>
    public ApiField[] Header { get; set; } = [];
}

/// <summary>A command of cURL.</summary>
public sealed record CurlCommand(string Command);

/// <summary>A request in another notation.</summary>
public sealed record ReadRequest
{
    /// <summary>The request.</summary>
    [JsonPropertyName("http_request")]
    public required JsonObject HttpRequest { get; init; }

    /// <summary>What a person should know.</summary>
    public string[] Warnings { get; set; } = [];
}

/// <summary>Asks for a request in another notation: <c>curl</c>, <c>csharp</c>, <c>javascript</c> or <c>python</c>.</summary>
public sealed record RequestExport([property: JsonPropertyName("http_request")] JsonObject HttpRequest, string Format);

/// <summary>A request in another notation.</summary>
public sealed record ExportedRequest(string Code);
