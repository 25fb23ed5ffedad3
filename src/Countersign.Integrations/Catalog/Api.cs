namespace Countersign.Integrations.Catalog;

/// <summary>What names an API: who provides it, what it is called, in which version (workflow contract 14).</summary>
/// <param name="Id">Readable and unique, <c>[a-z0-9.-]</c>, at most 200 characters; never changes.</param>
/// <param name="Provider">The provider, usually a domain, for example <c>stripe.com</c>.</param>
/// <param name="Name">Which of the provider's APIs; null when it has one.</param>
/// <param name="Version">The version as the document says it.</param>
/// <param name="Title">For people.</param>
public sealed record ApiName(string Id, string Provider, string? Name, string Version, string Title);

/// <summary>An API of the catalog.</summary>
public sealed record Api
{
    /// <summary>What names it.</summary>
    public required ApiName Name { get; init; }
    /// <summary>Markdown, as the document says it; at most 65,536 characters.</summary>
    public string? Description { get; init; }
    /// <summary>Where the document came from: a file's name, a path in an archive, an address.</summary>
    public required string Source { get; init; }
    /// <summary>SHA-256 of the document and of the form in which it is kept, in hexadecimal: what is known need not be read again.</summary>
    public required string Hash { get; init; }
    /// <summary>How many operations it has.</summary>
    public int Operations { get; init; }
    /// <summary>When it first came.</summary>
    public DateTimeOffset ImportedAt { get; init; }
    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Whether it is this server's own.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>An operation as lists and searches show it.</summary>
public sealed record CatalogOperation
{
    /// <summary>Its place among all: the order in which equally good ones are shown. Deprecated ones come last, short titles first.</summary>
    public required long Key { get; init; }
    /// <summary>The API that it belongs to.</summary>
    public required ApiName Api { get; init; }
    /// <summary>Whether the API is this server's own.</summary>
    public bool IsOwn { get; init; }
    /// <summary>Upper case, for example <c>POST</c>.</summary>
    public required string Method { get; init; }
    /// <summary>The path's template.</summary>
    public required string Path { get; init; }
    /// <summary>The last part of its id, <c>[a-z0-9-]</c>.</summary>
    public required string Slug { get; init; }
    /// <summary>The document's <c>operationId</c>.</summary>
    public string? OperationId { get; init; }
    /// <summary>For people.</summary>
    public required string Title { get; init; }
    /// <summary>The first sentence about it, plain text.</summary>
    public string? Summary { get; init; }
    /// <summary>Whether it should no longer be used.</summary>
    public bool IsDeprecated { get; init; }
    /// <summary>The document's tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The permalink: <c>{api}/{method}/{slug}</c>.</summary>
    public string Id => $"{Api.Id}/{Method.ToLowerInvariant()}/{Slug}";
}

/// <summary>A name and how often it occurs: providers, methods, tags.</summary>
/// <param name="Name">The name.</param>
/// <param name="Count">Operations.</param>
public sealed record Facet(string Name, int Count);
