using System.Text.Json.Nodes;

namespace Countersign.Server.Catalog;

/// <summary>What a search found.</summary>
internal sealed record CatalogSearchShape
{
    /// <summary>The operations, the best first.</summary>
    public required CatalogHitShape[] Results { get; init; }
    /// <summary>The nearest words, when nothing was found.</summary>
    public string[]? Suggestions { get; init; }
}

/// <summary>What names an API.</summary>
/// <param name="Id">Its id in the catalog.</param>
/// <param name="Provider">Who provides it.</param>
/// <param name="Name">Which of the provider's APIs.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">For people.</param>
internal sealed record CatalogApiNameShape(string Id, string Provider, string? Name, string Version, string Title);

/// <summary>An operation in a list.</summary>
internal record CatalogHitShape
{
    /// <summary>Its id, <c>{api}/{method}/{slug}</c>.</summary>
    public required string Id { get; init; }
    /// <summary>The API that it belongs to.</summary>
    public required CatalogApiNameShape Api { get; init; }
    /// <summary>For example <c>POST</c>.</summary>
    public required string Method { get; init; }
    /// <summary>The path's template.</summary>
    public required string Path { get; init; }
    /// <summary>For people.</summary>
    public required string Title { get; init; }
    /// <summary>The first sentence about it.</summary>
    public string? Summary { get; init; }
    /// <summary>Whether it should no longer be used.</summary>
    public required bool Deprecated { get; init; }
    /// <summary>Its tags.</summary>
    public required string[] Tags { get; init; }
    /// <summary>In searches: the texts in which something was found, as HTML with <c>mark</c>.</summary>
    public JsonObject? Highlights { get; init; }
}

/// <summary>A name and how many operations have it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Count">Operations.</param>
internal sealed record CatalogFacetShape(string Name, int Count);

/// <summary>What a search can be narrowed by.</summary>
/// <param name="Providers">Providers.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Tags">Tags.</param>
internal sealed record CatalogFacetsShape(CatalogFacetShape[] Providers, CatalogFacetShape[] Methods, CatalogFacetShape[] Tags);

/// <summary>A version of an API.</summary>
/// <param name="Id">Its id in the catalog.</param>
/// <param name="Version">The version.</param>
internal sealed record CatalogVersionShape(string Id, string Version);

/// <summary>An API of the catalog.</summary>
internal sealed record CatalogApiShape
{
    /// <summary>Its id in the catalog.</summary>
    public required string Id { get; init; }
    /// <summary>Who provides it.</summary>
    public required string Provider { get; init; }
    /// <summary>Which of the provider's APIs.</summary>
    public string? Name { get; init; }
    /// <summary>Its version.</summary>
    public required string Version { get; init; }
    /// <summary>For people.</summary>
    public required string Title { get; init; }
    /// <summary>What it is for, as HTML.</summary>
    public string? DescriptionHtml { get; init; }
    /// <summary>How many operations it has.</summary>
    public required int Operations { get; init; }
    /// <summary>When it first came.</summary>
    public required DateTimeOffset ImportedAt { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Where its document came from.</summary>
    public required string Source { get; init; }
    /// <summary>Its versions, this one included.</summary>
    public CatalogVersionShape[]? Versions { get; init; }
    /// <summary>Whether it is this server's own.</summary>
    public required bool IsOwn { get; init; }
    /// <summary>Its tags.</summary>
    public CatalogFacetShape[]? Tags { get; init; }
}

/// <summary>An operation's reference page.</summary>
internal sealed record CatalogOperationShape : CatalogHitShape
{
    /// <summary>What it does, as HTML.</summary>
    public string? DescriptionHtml { get; init; }
    /// <summary>Where it can be asked.</summary>
    public required JsonObject[] Servers { get; init; }
    /// <summary>Parameters by where they stand: <c>path</c>, <c>header</c>, <c>query</c>, <c>cookie</c>.</summary>
    public required JsonObject Parameters { get; init; }
    /// <summary>The body.</summary>
    public JsonObject? Body { get; init; }
    /// <summary>What may be answered.</summary>
    public required JsonObject[] Responses { get; init; }
    /// <summary>Ways of showing who asks.</summary>
    public required JsonObject[] Authentication { get; init; }
    /// <summary>More, elsewhere.</summary>
    public JsonObject? ExternalDocs { get; init; }
}

/// <summary>What something consists of.</summary>
/// <param name="Fields">Its fields.</param>
internal sealed record CatalogFieldsShape(JsonObject[] Fields);

/// <summary>A prepared HTTP task.</summary>
internal sealed record CatalogHttpTaskShape
{
    /// <summary>The task.</summary>
    public required JsonObject Task { get; init; }
    /// <summary>The inputs of the workflow that it reads.</summary>
    public required JsonObject[] Inputs { get; init; }
    /// <summary>The secrets that it reads.</summary>
    public required string[] Secrets { get; init; }
    /// <summary>Parameters that were not put in.</summary>
    public required JsonObject Offered { get; init; }
    /// <summary>What was typed before and has no place here.</summary>
    public required string[] Dropped { get; init; }
}

/// <summary>An import into the catalog.</summary>
internal sealed record CatalogImportShape
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary><c>RUNNING</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>CANCELED</c>.</summary>
    public required string Status { get; init; }
    /// <summary>What it reads.</summary>
    public required string Source { get; init; }
    /// <summary>Documents read so far.</summary>
    public required int Documents { get; init; }
    /// <summary>Documents that there are; 0 while nobody knows.</summary>
    public required int DocumentsTotal { get; init; }
    /// <summary>APIs added or changed.</summary>
    public required int Apis { get; init; }
    /// <summary>Documents that were there already.</summary>
    public required int Known { get; init; }
    /// <summary>Operations added or changed.</summary>
    public required int Operations { get; init; }
    /// <summary>Documents that could not be taken.</summary>
    public required int Refused { get; init; }
    /// <summary>Errors in documents that were taken all the same.</summary>
    public required int Errors { get; init; }
    /// <summary>Lesser faults.</summary>
    public required int Warnings { get; init; }
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }
}

/// <summary>What an import found wrong with a document.</summary>
/// <param name="Severity"><c>REFUSED</c>, <c>ERROR</c> or <c>WARNING</c>.</param>
/// <param name="Document">The document's name.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record CatalogFindingShape(string Severity, string Document, string Place, string Reason);
