using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Catalog.Preparation;

/// <summary>An HTTP task that was prepared for an operation (workflow contract 16).</summary>
public sealed record PreparedTask
{
    /// <summary>The task, for a definition's <c>tasks</c>.</summary>
    public required JsonObject Task { get; init; }
    /// <summary>The inputs of the workflow that it reads.</summary>
    public required IReadOnlyList<PreparedInput> Inputs { get; init; }
    /// <summary>The secrets that it reads.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }
    /// <summary>Query parameters that were not put in.</summary>
    public required IReadOnlyList<Field> OfferedQuery { get; init; }
    /// <summary>Headers that were not put in.</summary>
    public required IReadOnlyList<Field> OfferedHeaders { get; init; }
    /// <summary>What a person had typed and this operation has no place for: <c>header X-Old</c>.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>As JSON (docs/integrations-api.md).</summary>
    public JsonObject ToJson() => new()
    {
        ["task"] = Task.DeepClone(),
        ["inputs"] = new JsonArray([.. Inputs.Select(input => (JsonNode?)input.ToJson())]),
        ["secrets"] = new JsonArray([.. Secrets.Select(secret => (JsonNode?)secret)]),
        ["offered"] = new JsonObject { ["query"] = Field.ToJson(OfferedQuery), ["header"] = Field.ToJson(OfferedHeaders) },
        ["dropped"] = new JsonArray([.. Dropped.Select(dropped => (JsonNode?)dropped)]),
    };
}

/// <summary>An input of the workflow that a prepared task reads.</summary>
/// <param name="Name">Its name: <c>${workflow.input.NAME}</c>.</param>
/// <param name="In">What it is for: <c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="IsRequired">Whether the operation needs it.</param>
/// <param name="DescriptionHtml">Safe HTML.</param>
/// <param name="Default">What is assumed without it.</param>
public sealed record PreparedInput(string Name, string In, bool IsRequired, string? DescriptionHtml, JsonNode? Default)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["in"] = In, ["required"] = IsRequired };
        if (DescriptionHtml is not null) json["descriptionHtml"] = DescriptionHtml;
        if (Default is not null) json["default"] = Default.DeepClone();
        return json;
    }
}
