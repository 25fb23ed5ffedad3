namespace Countersign.Server.Catalog;

/// <summary>The API catalog: search, reference pages, imports (workflow contract 14 to 16).</summary>
internal static class CatalogEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddCatalog(this WebApplicationBuilder builder)
    {
    }

    /// <summary>The endpoints.</summary>
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
    }
}
