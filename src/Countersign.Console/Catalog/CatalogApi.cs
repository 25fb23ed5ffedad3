namespace Countersign.Console.Catalog;

/// <summary>An API of the catalog.</summary>
public sealed record CatalogApi
{
    /// <summary>The readable id, as <c>stripe.com-2024-04-10</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Who offers it.</summary>
    public string Provider { get; set; } = "";

    /// <summary>Its name among the provider's; null when there is only one.</summary>
    public string? Name { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>What its document calls it.</summary>
    public string? Title { get; set; }

    /// <summary>Its description as HTML that the server has made safe.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>How many operations it has.</summary>
    public int Operations { get; set; }

    /// <summary>When it first came into the catalog.</summary>
    public DateTimeOffset? ImportedAt { get; set; }

    /// <summary>When it was last imported again.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>Where its document came from.</summary>
    public string? Source { get; set; }

    /// <summary>All versions of it that the catalog has.</summary>
    public ApiVersion[] Versions { get; set; } = [];

    /// <summary>Whether it is this server's own API, which stays.</summary>
    public bool IsOwn { get; set; }

    /// <summary>Its groups of operations.</summary>
    public Facet[] Tags { get; set; } = [];

    internal string Words => Title is { Length: > 0 } title ? title : string.IsNullOrEmpty(Name) ? Provider : $"{Provider} {Name}";
}

/// <summary>One version of an API.</summary>
public sealed record ApiVersion(string Id, string Version);
