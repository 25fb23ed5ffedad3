namespace Countersign.Integrations.Catalog;

/// <summary>Keeps APIs, their operations and the pieces of their documents. What is being written is seen by nobody before <see cref="PublishAsync"/>.</summary>
public interface ICatalogStore
{
    /// <summary>The API of this id; null when there is none.</summary>
    Task<Api?> FindAsync(string api, CancellationToken cancellationToken);
    /// <summary>APIs in the order of their ids, behind <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Api>> ListAsync(string? text, string? provider, string? after, int limit, CancellationToken cancellationToken);
    /// <summary>The versions of an API: all of the same provider and name, in the order of their ids.</summary>
    Task<IReadOnlyList<ApiName>> VersionsAsync(ApiName api, CancellationToken cancellationToken);
    /// <summary>The tags of an API, the most frequent first; at most 200.</summary>
    Task<IReadOnlyList<Facet>> TagsAsync(string api, CancellationToken cancellationToken);
    /// <summary>Whether a document of this hash is in the catalog.</summary>
    Task<bool> HasAsync(string hash, CancellationToken cancellationToken);
    /// <summary>Takes an API out; false when there is none.</summary>
    Task<bool> RemoveAsync(string api, CancellationToken cancellationToken);

    /// <summary>One operation; null when there is none.</summary>
    Task<CatalogOperation?> FindAsync(OperationKey operation, CancellationToken cancellationToken);
    /// <summary>Several operations by their ids, in that order; those that are not there are left out.</summary>
    Task<IReadOnlyList<CatalogOperation>> FindAsync(IReadOnlyList<OperationKey> operations, CancellationToken cancellationToken);
    /// <summary>An API's operations in the order of its document, with their places, behind the place <paramref name="after"/>.</summary>
    Task<IReadOnlyList<(int Position, CatalogOperation Operation)>> OperationsAsync(string api, string? tag, int? after, int limit, CancellationToken cancellationToken);
    /// <summary>Pieces of an API's document, by their pointers; those that it does not have are left out.</summary>
    Task<IReadOnlyDictionary<string, byte[]>> FragmentsAsync(string api, IReadOnlyCollection<string> pointers, CancellationToken cancellationToken);

    /// <summary>Which slugs an API's operations have now, by method and path.</summary>
    Task<IReadOnlyDictionary<(string Method, string Path), string>> SlugsAsync(string api, CancellationToken cancellationToken);
    /// <summary>Begins the content of an API; answers its number.</summary>
    Task<int> BeginAsync(CancellationToken cancellationToken);
    /// <summary>Writes some of a content.</summary>
    Task WriteAsync(int content, IReadOnlyList<NewOperation> operations, IReadOnlyList<Fragment> fragments, CancellationToken cancellationToken);
    /// <summary>Adds the words of a content to those that are searched, and what counts are needed.</summary>
    Task WriteCountsAsync(int content, IReadOnlyDictionary<string, int> words, IReadOnlyDictionary<string, int> tags, IReadOnlyDictionary<string, int> methods, CancellationToken cancellationToken);
    /// <summary>Shows a content as that of an API, in place of the one before.</summary>
    Task PublishAsync(Api api, int content, CancellationToken cancellationToken);
    /// <summary>Removes some of what no API shows; true while there is more.</summary>
    Task<bool> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Notes that a person opened an operation's page.</summary>
    Task OpenedAsync(string person, OperationKey operation, CancellationToken cancellationToken);
    /// <summary>The pages that a person last opened, newest first.</summary>
    Task<IReadOnlyList<OperationKey>> RecentAsync(string person, int limit, CancellationToken cancellationToken);
}

/// <summary>An operation's id in its parts.</summary>
/// <param name="Api">The API's id.</param>
/// <param name="Method">Lower case.</param>
/// <param name="Slug">The last part.</param>
public readonly record struct OperationKey(string Api, string Method, string Slug)
{
    /// <summary>Reads <c>{api}/{method}/{slug}</c>; null when it has another form.</summary>
    public static OperationKey? Parse(string id) => id.Split('/') is [{ Length: > 0 } api, { Length: > 0 } method, { Length: > 0 } slug] ? new OperationKey(api, method, slug) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Api}/{Method}/{Slug}";
}

/// <summary>An operation to be written.</summary>
/// <param name="Position">Its place in the document.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Text">What is searched.</param>
public sealed record NewOperation(int Position, CatalogOperation Operation, Search.SearchText Text);

/// <summary>A piece of a document.</summary>
/// <param name="Pointer">A JSON pointer with <c>#</c>.</param>
/// <param name="Body">JSON in the form of OpenAPI 3.1.</param>
public sealed record Fragment(string Pointer, byte[] Body);
