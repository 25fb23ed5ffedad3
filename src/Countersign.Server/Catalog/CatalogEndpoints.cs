using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Imports;
using Countersign.Integrations.Catalog.Preparation;
using Countersign.Integrations.Catalog.Reference;
using Countersign.Integrations.Catalog.Search;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Catalog;

/// <summary>The API catalog: search, reference pages, imports (workflow contract 14 to 16).</summary>
internal static class CatalogEndpoints
{
    private const int UsualHits = 20, MostHits = 100, UsualList = 50, MostList = 200, MostFacets = 50, Recent = 10;

    /// <summary>What the endpoints need.</summary>
    public static void AddCatalog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CatalogSearch>();
        builder.Services.AddSingleton<CatalogImporter>();
        builder.Services.AddSingleton<ReferencePages>();
        builder.Services.AddSingleton<OwnApiCatalog>();
        builder.Services.AddSingleton<ImportRunner>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ImportRunner>());
    }

    /// <summary>The endpoints.</summary>
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        var catalog = routes.MapGroup("/countersign/v1/catalog").WithTags("Catalog").InRateLimitGroup("Catalog").RequireScope(ApiScopes.IntegrationsRead).AddEndpointFilter(OwnApiCatalog.EnsureAsync);
        catalog.MapGet("/search", SearchAsync).WithName("SearchCatalog").Answers<CatalogSearchShape>().TakesQuery("q", "What to look for; without it, what was last opened and this server's own API.")
            .TakesFilters().TakesPage(UsualHits, MostHits);
        catalog.MapGet("/facets", FacetsAsync).WithName("ListCatalogFacets").Answers<CatalogFacetsShape>().TakesQuery("q", "What is looked for.");
        catalog.MapGet("/apis", ApisAsync).WithName("ListCatalogApis").Answers<CatalogApiShape[]>().TakesQuery("q", "Part of the title or id.").TakesQuery("provider", "Only APIs of this provider.")
            .TakesPage(UsualList, MostList);
        catalog.MapGet("/apis/{api}", ApiAsync).WithName("GetCatalogApi").Answers<CatalogApiShape>();
        catalog.MapGet("/apis/{api}/operations", OperationsAsync).WithName("ListCatalogOperations").Answers<CatalogHitShape[]>().TakesQuery("tag", "Only operations with this tag.").TakesPage(UsualList, MostList);
        catalog.MapDelete("/apis/{api}", RemoveAsync).WithName("RemoveCatalogApi").RequireScope(ApiScopes.IntegrationsManage).AnswersNothing();
        catalog.MapGet("/operations/{api}/{method}/{slug}", OperationAsync).WithName("GetCatalogOperation").Answers<CatalogOperationShape>();
        catalog.MapGet("/operations/{api}/{method}/{slug}/schema", SchemaAsync).WithName("GetCatalogSchema").Answers<CatalogFieldsShape>().TakesQuery("at", "What a field's `more` says.");
        catalog.MapPost("/operations/{api}/{method}/{slug}/http-task", PrepareAsync).WithName("PrepareHttpTask").TakesBody<PrepareHttpTaskRequest>().Answers<CatalogHttpTaskShape>();
        catalog.MapImports();
    }

    internal static RouteHandlerBuilder TakesPage(this RouteHandlerBuilder builder, int usual, int most)
        => builder.TakesNumber("limit", "Entries on a page.", 1, most, usual).TakesQuery("after", "Where the page before ended.");

    private static RouteHandlerBuilder TakesFilters(this RouteHandlerBuilder builder)
        => builder.TakesQuery("provider", "Only operations of this provider.").TakesQuery("method", "Only operations of this HTTP method.").TakesQuery("tag", "Only operations with this tag.");

    /// <summary>Searches the catalog's operations. The obvious one comes first; with nothing to look for, what the caller last opened, then this server's own.</summary>
    internal static async Task<IResult> SearchAsync(HttpContext http, CatalogSearch search, ICatalogStore catalog, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualHits, MostHits, out var limit) || !TryReadPlace(http, CatalogSearch.MostCandidates * 8, out var from)) return ApiErrors.InvalidPaging.ToResult();
        var query = Read(http);
        var found = query.Words.IsEmpty && !query.HasFilter
            ? await UsualAsync(http, catalog, from ?? 0, limit)
            : await search.FindAsync(query, from ?? 0, limit, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Next?.ToString(CultureInfo.InvariantCulture));
        var answer = new JsonObject { ["results"] = new JsonArray([.. found.Operations.Select(operation => (JsonNode?)CatalogDocuments.Hit(operation, found.Terms))]) };
        if (found.Operations.Count == 0 && (from ?? 0) == 0) answer["suggestions"] = new JsonArray([.. found.Suggestions.Select(word => (JsonNode?)word)]);
        return new JsonResult(answer);
    }

    /// <summary>Lists what a search can be narrowed by, with the number of operations: providers, methods and tags, at most 50 each.</summary>
    internal static async Task<IResult> FacetsAsync(HttpContext http, CatalogSearch search)
        => new JsonResult(CatalogDocuments.Facets(await search.FacetsAsync(Read(http), MostFacets, http.RequestAborted)));

    /// <summary>Lists the catalog's APIs.</summary>
    internal static async Task<IResult> ApisAsync(HttpContext http, ICatalogStore catalog, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualList, MostList, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        var apis = await catalog.ListAsync(Text(http, "q"), Text(http, "provider"), Text(http, "after"), limit + 1, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, apis.Count > limit ? apis[limit - 1].Name.Id : null);
        var documents = new JsonArray();
        foreach (var api in apis.Take(limit)) documents.Add((JsonNode)CatalogDocuments.Api(api, null, null, withDescription: false));
        return new JsonResult(documents);
    }

    /// <summary>Shows an API of the catalog: its description, its versions and its tags.</summary>
    internal static async Task<IResult> ApiAsync(HttpContext http, string api, ICatalogStore catalog)
        => await catalog.FindAsync(api, http.RequestAborted) is { } found
            ? new JsonResult(CatalogDocuments.Api(found, await catalog.VersionsAsync(found.Name, http.RequestAborted), await catalog.TagsAsync(api, http.RequestAborted), withDescription: true))
            : ApiErrors.NotFound(api, "Api").ToResult();

    /// <summary>Lists an API's operations in the order of its document.</summary>
    internal static async Task<IResult> OperationsAsync(HttpContext http, string api, ICatalogStore catalog, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualList, MostList, out var limit) || !TryReadPlace(http, int.MaxValue, out var after)) return ApiErrors.InvalidPaging.ToResult();
        if (await catalog.FindAsync(api, http.RequestAborted) is null) return ApiErrors.NotFound(api, "Api").ToResult();
        var operations = await catalog.OperationsAsync(api, Text(http, "tag"), after, limit + 1, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, operations.Count > limit ? operations[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null);
        return new JsonResult(new JsonArray([.. operations.Take(limit).Select(one => (JsonNode?)HitJson.Of(one.Operation))]));
    }

    /// <summary>Takes an API out of the catalog. This server's own stays.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, string api, ICatalogStore catalog, ImportRunner runner)
    {
        if (api == OwnApi.Id) return ApiErrors.ReadOnly("API").ToResult();
        if (!await catalog.RemoveAsync(api, http.RequestAborted)) return ApiErrors.NotFound(api, "Api").ToResult();
        runner.Sweep();
        return NoContentResult.Instance;
    }

    /// <summary>Shows an operation's reference page: parameters, body, responses and authentication, three levels deep.</summary>
    internal static async Task<IResult> OperationAsync(HttpContext http, string api, string method, string slug, ReferencePages pages, ICatalogStore catalog, PublicUrl publicUrl)
    {
        var key = new OperationKey(api, method, slug);
        if (await pages.FindAsync(key, publicUrl.Of(http), http.RequestAborted) is not { } page) return ApiErrors.NotFound(key.ToString(), "Operation").ToResult();
        await catalog.OpenedAsync(Person(http), key, http.RequestAborted);
        return new JsonResult(page.ToJson());
    }

    /// <summary>Shows what a field of a reference page consists of, where the page did not go on.</summary>
    internal static async Task<IResult> SchemaAsync(HttpContext http, string api, string method, string slug, ReferencePages pages)
    {
        if (Text(http, "at") is not { } pointer) return ApiErrors.MissingParameter.Because("at").ToResult();
        return await pages.FieldsAsync(new OperationKey(api, method, slug), pointer, http.RequestAborted) is { } fields
            ? new JsonResult(new JsonObject { ["fields"] = Field.ToJson(fields) })
            : ApiErrors.NotFound(pointer, "Schema").ToResult();
    }

    /// <summary>Prepares the HTTP task of an operation for a workflow definition; what was typed for the operation before is carried over.</summary>
    internal static async Task<IResult> PrepareAsync(HttpContext http, string api, string method, string slug, ReferencePages pages, PublicUrl publicUrl)
    {
        if (await http.ReadAsync(ApiJson.Default.PrepareHttpTaskRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.ReferenceNames?.Length > 1_000) return ApiErrors.Validation("referenceNames", "referenceNames: allowed are at most 1000").ToResult();
        var key = new OperationKey(api, method, slug);
        if (await pages.FindAsync(key, publicUrl.Of(http), http.RequestAborted) is not { } page) return ApiErrors.NotFound(key.ToString(), "Operation").ToResult();
        var taken = (body.ReferenceNames ?? []).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var prepared = TaskPreparation.Prepare(page, taken);
        if (body.Previous?.Task is not { } typed) return new JsonResult(prepared.ToJson());
        var pageBefore = body.Previous.Operation is { } id && OperationKey.Parse(id) is { } before ? await pages.FindAsync(before, publicUrl.Of(http), http.RequestAborted) : null;
        return new JsonResult(TypedValues.Carry(prepared, page, typed, pageBefore is null ? null : TaskPreparation.Prepare(pageBefore, taken), pageBefore).ToJson());
    }

    private static async Task<SearchResult> UsualAsync(HttpContext http, ICatalogStore catalog, int from, int limit)
    {
        var recent = await catalog.FindAsync(await catalog.RecentAsync(Person(http), Recent, http.RequestAborted), http.RequestAborted);
        var known = recent.Select(operation => operation.Key).ToHashSet();
        var own = await catalog.OperationsAsync(OwnApi.Id, null, null, from + limit + 1 + recent.Count, http.RequestAborted);
        List<CatalogOperation> all = [.. recent, .. own.Select(one => one.Operation).Where(operation => !known.Contains(operation.Key))];
        return new SearchResult([.. all.Skip(from).Take(limit)], [], all.Count > from + limit ? from + limit : null, []);
    }

    private static SearchQuery Read(HttpContext http) => SearchQuery.Parse(Text(http, "q"), Text(http, "provider"), Text(http, "method"), Text(http, "tag"));

    /// <summary>A text of the query that a database can look for.</summary>
    internal static string? Text(HttpContext http, string name) => Query.ReadText(http, name)?.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } text ? text : null;

    private static bool TryReadPlace(HttpContext http, int most, out int? place)
    {
        place = null;
        if (Query.ReadText(http, "after") is not { } text) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > most) return false;
        place = number;
        return true;
    }

    private static string Person(HttpContext http) => ApiRequest.Of(http).Token!.Owner.Id;
}
