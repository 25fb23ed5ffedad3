namespace Countersign.Console.Catalog;

/// <summary>The API that an operation belongs to.</summary>
public sealed record ApiName
{
    /// <summary>The readable id, as <c>stripe.com-2024-04-10</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>Who offers it.</summary>
    public string Provider { get; set; } = "";

    /// <summary>Its name among the provider's; null when there is only one.</summary>
    public string? Name { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>What its document calls it.</summary>
    public string? Title { get; set; }

    internal string Words => Title is { Length: > 0 } title ? title : string.IsNullOrEmpty(Name) ? Provider : $"{Provider} {Name}";
}

/// <summary>An operation in a list or among search results.</summary>
public sealed record OperationHit
{
    /// <summary><c>{api}/{method}/{slug}</c>, which is the end of its permalink too.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public ApiName Api { get; set; } = new();

    /// <summary>The HTTP method in capitals.</summary>
    public string Method { get; set; } = "";

    /// <summary>The path template.</summary>
    public string Path { get; set; } = "";

    /// <summary>A few words.</summary>
    public string? Title { get; set; }

    /// <summary>The first sentence of its description, or what stands for it.</summary>
    public string? Summary { get; set; }

    /// <summary>Whether its provider advises against it.</summary>
    public bool Deprecated { get; set; }

    /// <summary>The groups that its document puts it into.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>Field names to HTML in which what was found is marked; the server has escaped all else.</summary>
    public IReadOnlyDictionary<string, string> Highlights { get; set; } = new Dictionary<string, string>();

    internal string Href => CatalogOperations.OperationHref(Id);
}

/// <summary>One part of what a search found.</summary>
public sealed record SearchResults
{
    /// <summary>The best first.</summary>
    public OperationHit[] Results { get; set; } = [];

    /// <summary>The nearest words there are, when nothing was found.</summary>
    public string[] Suggestions { get; set; } = [];
}

/// <summary>What a search can be narrowed to, the largest first.</summary>
public sealed record SearchFacets
{
    /// <summary>Who offers what was found.</summary>
    public Facet[] Providers { get; set; } = [];

    /// <summary>The HTTP methods.</summary>
    public Facet[] Methods { get; set; } = [];

    /// <summary>The groups.</summary>
    public Facet[] Tags { get; set; } = [];
}

/// <summary>One value with the number of operations that have it.</summary>
public sealed record Facet(string Name, int Count);
