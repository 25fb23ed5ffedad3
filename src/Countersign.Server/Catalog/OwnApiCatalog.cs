using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Imports;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Catalog;

/// <summary>
/// Sees to it that this server's own API is in the catalog, as this version of it describes itself. It is looked at with the first request to the catalog, not at the start, which
/// would otherwise wait for a description that most starts do not need.
/// </summary>
internal sealed class OwnApiCatalog(ICatalogStore catalog, CatalogImporter importer, DescriptionDocument description, TimeProvider clock, ILogger<OwnApiCatalog> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isThere;

    /// <summary>The filter of the catalog's endpoints.</summary>
    public static async ValueTask<object?> EnsureAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        await invocation.HttpContext.RequestServices.GetRequiredService<OwnApiCatalog>().EnsureAsync(invocation.HttpContext.RequestAborted);
        return await next(invocation);
    }

    /// <summary>Reads the description in when the catalog has another one. When that fails, the catalog is there all the same, and the next request tries again.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_isThere) return;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_isThere) return;
            // A build is known by its module: nothing need be described to see that nothing changed.
            var module = typeof(OwnApiCatalog).Module.ModuleVersionId;
            var hash = CatalogImporter.HashOf(module.ToByteArray());
            if (await catalog.FindAsync(OwnApi.Id, cancellationToken) is not { } known || known.Hash != hash) await ImportAsync(hash, CancellationToken.None);
            _isThere = true;
        }
        catch (Exception exception) when (exception is DocumentException or InvalidOperationException)
        {
            logger.LogError(EventIds.OwnApiNotDescribed, exception, "This server's own API could not be taken into the catalog");
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task ImportAsync(string hash, CancellationToken cancellationToken)
    {
        var document = ApiDocument.Read(await description.BytesAsync(), OwnApi.Id, (_, _, _) => { });
        var now = clock.GetUtcNow();
        var api = new Api
        {
            Name = new ApiName(OwnApi.Id, OwnApi.Id, null, document.Name.Version, document.Name.Title),
            Description = document.Description,
            Source = $"/openapi/{ApiDescription.Version}.json",
            Hash = hash,
            ImportedAt = now,
            UpdatedAt = now,
            IsOwn = true,
        };
        await importer.ReplaceAsync(document, api, operation => operation.OperationId == OwnApi.First ? 0 : 1, cancellationToken);
        await importer.SweepAsync(cancellationToken);
    }
}
