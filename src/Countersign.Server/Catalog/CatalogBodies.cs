using System.Text.Json.Nodes;

namespace Countersign.Server.Catalog;

/// <summary>What is to be imported: an address, or a document.</summary>
internal sealed record CatalogImportRequest
{
    /// <summary>Where the document or archive is fetched from.</summary>
    public string? Url { get; init; }
    /// <summary>What the document is called.</summary>
    public string? Name { get; init; }
    /// <summary>The document itself, JSON or YAML.</summary>
    public string? Document { get; init; }
}

/// <summary>What a prepared task must fit to.</summary>
internal sealed record PrepareHttpTaskRequest
{
    /// <summary>Reference names that the definition has.</summary>
    public string?[]? ReferenceNames { get; init; }
    /// <summary>The task as it stands, for another operation.</summary>
    public PreviousTask? Previous { get; init; }
}

/// <summary>A task that was prepared before.</summary>
internal sealed record PreviousTask
{
    /// <summary>The id of the operation that it was prepared for.</summary>
    public string? Operation { get; init; }
    /// <summary>The task as it stands now.</summary>
    public JsonObject? Task { get; init; }
}
