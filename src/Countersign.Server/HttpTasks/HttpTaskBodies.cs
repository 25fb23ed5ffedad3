using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Countersign.Server.HttpTasks;

/// <summary>The body that asks to read a cURL command.</summary>
internal sealed record FromCurlRequest
{
    /// <summary>The command as it was copied; at most 262,144 characters.</summary>
    public string? Command { get; init; }
}

/// <summary>The body that asks to write a request as code.</summary>
internal sealed record ExportHttpTaskRequest
{
    /// <summary>The request of an HTTP task.</summary>
    [JsonPropertyName("http_request")]
    public JsonObject? HttpRequest { get; init; }
    /// <summary><c>curl</c>, <c>csharp</c>, <c>javascript</c> or <c>python</c>.</summary>
    public string? Format { get; init; }
}

/// <summary>What a command was read as.</summary>
internal sealed record ReadHttpTaskShape
{
    /// <summary>The request of an HTTP task.</summary>
    [JsonPropertyName("http_request")]
    public required JsonObject HttpRequest { get; init; }
    /// <summary>What was read otherwise than it stands in the command, for a person.</summary>
    public required string[] Warnings { get; init; }
}

/// <summary>A request as code.</summary>
/// <param name="Code">The code.</param>
internal sealed record HttpTaskCodeShape(string Code);
