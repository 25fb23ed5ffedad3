using System.Net.Http.Headers;
using Countersign.Console.Api;

namespace Countersign.Console.Catalog;

/// <summary>What can be asked of <c>/countersign/v1/catalog</c>.</summary>
internal static class CatalogOperations
{
    private const string Root = "/countersign/v1/catalog", Imports = $"{Root}/imports", Apis = $"{Root}/apis";
    private const int PageSize = 50;

    /// <summary>The largest file that the server takes, in bytes.</summary>
    public const long LargestFile = 64L << 20;

    /// <summary>Path of the best results.</summary>
    public static string SearchPath(CatalogSearch search, int limit = 20)
        => $"{Root}/search".WithQuery(("q", search.Words), ("provider", search.Provider), ("method", search.Method), ("tag", search.Tag), ("limit", limit.ToString()));

    /// <summary>Path of the first APIs.</summary>
    public static string ApisPath(string? words) => Apis.WithQuery(("q", words), ("limit", PageSize.ToString()));

    /// <summary>Path of an API's first operations.</summary>
    public static string ApiOperationsPath(string api, string? tag) => $"{Apis}/{Uri.EscapeDataString(api)}/operations".WithQuery(("tag", tag), ("limit", PageSize.ToString()));

    /// <summary>Path of the newest imports.</summary>
    public static string ImportsPath { get; } = Imports.WithQuery(("limit", PageSize.ToString()));

    /// <summary>Path of an import's first findings.</summary>
    public static string FindingsPath(string import, string? severity)
        => $"{Imports}/{Uri.EscapeDataString(import)}/findings".WithQuery(("severity", severity), ("limit", PageSize.ToString()));

    /// <summary>Path of an operation.</summary>
    public static string OperationPath(string id) => $"{Root}/operations/{Escape(id)}";

    /// <summary>The console's page of an operation.</summary>
    public static string OperationHref(string id) => $"catalog/{Escape(id)}";

    /// <summary>The console's page of an API.</summary>
    public static string ApiHref(string id) => $"catalog/apis/{Uri.EscapeDataString(id)}";

    /// <summary>The console's search page.</summary>
    public static string SearchHref(CatalogSearch search)
        => "catalog".WithQuery(("q", search.Words), ("provider", search.Provider), ("method", search.Method), ("tag", search.Tag));

    extension(ApiClient api)
    {
        /// <summary>Reads one part of what a search found.</summary>
        public Task<(SearchResults Value, string? Next)> SearchCatalogAsync(string path, CancellationToken cancellationToken)
            => api.GetPartAsync<SearchResults>(path, cancellationToken);

        /// <summary>Reads what a search can be narrowed to.</summary>
        public Task<SearchFacets> ReadFacetsAsync(string? words, CancellationToken cancellationToken)
            => api.GetAsync<SearchFacets>($"{Root}/facets".WithQuery(("q", words)), cancellationToken);

        /// <summary>Reads one page of APIs.</summary>
        public Task<Page<CatalogApi>> ListApisAsync(string path, CancellationToken cancellationToken)
            => api.GetPageAsync<CatalogApi>(path, cancellationToken);

        /// <summary>Reads an API.</summary>
        public Task<CatalogApi> GetApiAsync(string id, CancellationToken cancellationToken)
            => api.GetAsync<CatalogApi>($"{Apis}/{Uri.EscapeDataString(id)}", cancellationToken);

        /// <summary>Reads one page of an API's operations.</summary>
        public Task<Page<OperationHit>> ListApiOperationsAsync(string path, CancellationToken cancellationToken)
            => api.GetPageAsync<OperationHit>(path, cancellationToken);

        /// <summary>Removes an API with its operations.</summary>
        public Task DeleteApiAsync(string id, CancellationToken cancellationToken)
            => api.DeleteAsync($"{Apis}/{Uri.EscapeDataString(id)}", cancellationToken);

        /// <summary>Reads an operation.</summary>
        public Task<Operation> GetOperationAsync(string id, CancellationToken cancellationToken)
            => api.GetAsync<Operation>(OperationPath(id), cancellationToken);

        /// <summary>Reads the fields that lie deeper than an operation's page shows at first.</summary>
        public Task<FieldSchema> ReadFieldsAsync(string id, string pointer, CancellationToken cancellationToken)
            => api.GetAsync<FieldSchema>($"{OperationPath(id)}/schema".WithQuery(("at", pointer)), cancellationToken);

        /// <summary>Imports a document by its address or its text.</summary>
        public Task<CatalogImport> ImportAsync(NewImport import, CancellationToken cancellationToken)
            => api.PostAsync<NewImport, CatalogImport>(Imports, import, cancellationToken);

        /// <summary>Imports a file: a document, or an archive of documents.</summary>
        public Task<CatalogImport> ImportFileAsync(string name, Stream file, CancellationToken cancellationToken)
        {
            var content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            return api.PostContentAsync<CatalogImport>(Imports.WithQuery(("name", name)), content, cancellationToken);
        }

        /// <summary>Reads one page of imports.</summary>
        public Task<Page<CatalogImport>> ListImportsAsync(string path, CancellationToken cancellationToken)
            => api.GetPageAsync<CatalogImport>(path, cancellationToken);

        /// <summary>Stops an import; what it brought stays.</summary>
        public Task StopImportAsync(string id, CancellationToken cancellationToken)
            => api.DeleteAsync($"{Imports}/{Uri.EscapeDataString(id)}", cancellationToken);

        /// <summary>Reads one page of what an import found wrong.</summary>
        public Task<Page<ImportFinding>> ListFindingsAsync(string path, CancellationToken cancellationToken)
            => api.GetPageAsync<ImportFinding>(path, cancellationToken);
    }

    // An id has slashes, which separate the parts of a path here as there.
    private static string Escape(string id) => string.Join('/', id.Split('/').Select(Uri.EscapeDataString));
}

/// <summary>What is looked for in the catalog; null is no limit.</summary>
internal sealed record CatalogSearch(string? Words = null, string? Provider = null, string? Method = null, string? Tag = null)
{
    /// <summary>Whether it is narrowed by more than words.</summary>
    public bool IsNarrowed => Provider is not null || Method is not null || Tag is not null;
}
