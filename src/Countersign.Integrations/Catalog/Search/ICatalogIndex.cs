namespace Countersign.Integrations.Catalog.Search;

/// <summary>Where the words of a query are looked for.</summary>
public enum SearchScope
{
    /// <summary>Titles and operation ids.</summary>
    Titles,
    /// <summary>These, the API's names and the paths.</summary>
    Names,
    /// <summary>Everything, descriptions included.</summary>
    Everything,
}

/// <summary>One word of a query, and what may stand for it.</summary>
/// <param name="Words">Whole words, in the form in which they are indexed.</param>
/// <param name="Prefixes">Beginnings of words.</param>
public sealed record SearchTerm(IReadOnlyList<string> Words, IReadOnlyList<string> Prefixes);

/// <summary>Asks for operations that have every term.</summary>
/// <param name="Terms">The terms; none asks for all.</param>
/// <param name="Scope">Where they must be.</param>
/// <param name="Marks">Marks that the operation must bear (<see cref="SearchText.Marks"/>).</param>
/// <param name="Most">At most so many, in the order of their keys.</param>
public sealed record IndexQuery(IReadOnlyList<SearchTerm> Terms, SearchScope Scope, IReadOnlyList<string> Marks, int Most);

/// <summary>The engine's full-text index.</summary>
public interface ICatalogIndex
{
    /// <summary>The operations that match, in the order of their keys.</summary>
    Task<IReadOnlyList<CatalogOperation>> FindAsync(IndexQuery query, CancellationToken cancellationToken);
    /// <summary>How often these words occur.</summary>
    Task<IReadOnlyDictionary<string, int>> CountAsync(IReadOnlyCollection<string> words, CancellationToken cancellationToken);
    /// <summary>The most frequent words that begin so.</summary>
    Task<IReadOnlyList<Facet>> BeginningAsync(string prefix, int limit, CancellationToken cancellationToken);
    /// <summary>The most frequent words of these lengths that begin or end so: among them is every word that is one typing error away.</summary>
    Task<IReadOnlyList<Facet>> AlikeAsync(string prefix, string suffix, int shortest, int longest, int limit, CancellationToken cancellationToken);
    /// <summary>Counts of the whole catalog, the largest first.</summary>
    Task<CatalogFacets> FacetsAsync(int limit, CancellationToken cancellationToken);
    /// <summary>Counts over what a query finds.</summary>
    Task<CatalogFacets> FacetsAsync(IndexQuery query, int limit, CancellationToken cancellationToken);
}

/// <summary>What a search can be narrowed by.</summary>
/// <param name="Providers">Providers.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Tags">Tags.</param>
public sealed record CatalogFacets(IReadOnlyList<Facet> Providers, IReadOnlyList<Facet> Methods, IReadOnlyList<Facet> Tags);
