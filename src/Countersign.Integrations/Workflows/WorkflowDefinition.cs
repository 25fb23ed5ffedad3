using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>A workflow definition (workflow contract 2): a view of its document, of which nothing is lost.</summary>
public sealed partial class WorkflowDefinition
{
    /// <summary>Views a document without a fault in the rules of the contract.</summary>
    public WorkflowDefinition(JsonElement document) => Document = document;

    /// <summary>The document as it was stored, unknown properties included.</summary>
    public JsonElement Document { get; }
    /// <summary>The name.</summary>
    public string Name => Document.GetProperty("name").GetString()!;
    /// <summary>The version, from 1.</summary>
    public int Version => Document.TryGetProperty("version", out var version) && version.TryGetInt32(out var number) ? number : 1;
}

/// <summary>A task of a definition (workflow contract 3): a view of its document.</summary>
public sealed partial class WorkflowTask(JsonElement document)
{
    /// <summary>The document, unknown properties included.</summary>
    public JsonElement Document { get; } = document;
}

/// <summary>A task definition (workflow contract 4): a view of its document.</summary>
public sealed partial class TaskDefinition(JsonElement document)
{
    /// <summary>The document, unknown properties included.</summary>
    public JsonElement Document { get; } = document;
    /// <summary>The name.</summary>
    public string Name => Document.GetProperty("name").GetString()!;
}
