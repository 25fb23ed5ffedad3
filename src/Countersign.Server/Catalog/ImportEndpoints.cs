using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Http;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Catalog;

/// <summary>Imports into the catalog: started here, run in the background.</summary>
internal static class ImportEndpoints
{
    private const int UsualLimit = 50, MostOnPage = 200, LongestName = 500, LongestUrl = 2_000;

    public static void MapImports(this RouteGroupBuilder catalog)
    {
        var imports = catalog.MapGroup("/imports");
        imports.MapPost("/", StartAsync).WithName("StartCatalogImport").RequireScope(ApiScopes.IntegrationsManage).TakesBody<CatalogImportRequest>().Answers<CatalogImportShape>(StatusCodes.Status201Created)
            .TakesQuery("name", "The file's name, when the body is the file itself: JSON, YAML, a zip or a compressed tar archive, at most 64 MiB.");
        imports.MapGet("/", ListAsync).WithName("ListCatalogImports").Answers<CatalogImportShape[]>().TakesPage(UsualLimit, MostOnPage);
        imports.MapGet("/{importId}", GetAsync).WithName("GetCatalogImport").Answers<CatalogImportShape>();
        imports.MapGet("/{importId}/findings", FindingsAsync).WithName("ListCatalogFindings").Answers<CatalogFindingShape[]>()
            .TakesQuery("severity", "Only `REFUSED`, `ERROR` or `WARNING`.").TakesPage(UsualLimit, MostOnPage);
        imports.MapDelete("/{importId}", StopAsync).WithName("StopCatalogImport").RequireScope(ApiScopes.IntegrationsManage).AnswersNothing();
    }

    /// <summary>Starts an import of an address, a document or a file.</summary>
    internal static async Task<IResult> StartAsync(HttpContext http, ImportRunner runner, IHttpSender sender)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = ImportRunner.LongestUpload + 1;
        if (http.Request.ContentLength > ImportRunner.LongestUpload) return ApiErrors.TooLarge.ToResult();
        if (CatalogEndpoints.Text(http, "name") is { } name) return await UploadAsync(http, runner, name);
        if (await http.ReadAsync(ApiJson.Default.CatalogImportRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.Url is { } url)
        {
            if (url.Length > LongestUrl || !WebAddress.TryRead(url, out var address))
                return ApiErrors.Validation("url", "url: must be an address that begins with http:// or https://").ToResult();
            return await AnswerAsync(runner, url, cancellationToken => RemoteDocuments.OpenAsync(sender, address, cancellationToken), null, http.RequestAborted);
        }
        if (string.IsNullOrWhiteSpace(body.Document)) return ApiErrors.Blank("document").ToResult();
        var text = System.Text.Encoding.UTF8.GetBytes(body.Document);
        var called = Bounded(body.Name ?? "document");
        return await AnswerAsync(runner, called, _ => Task.FromResult(DocumentSource.Of(called, text)), null, http.RequestAborted);
    }

    /// <summary>Lists imports, newest first.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, ICatalogImports imports, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualLimit, MostOnPage, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        var found = await imports.ListAsync(CatalogEndpoints.Text(http, "after"), limit + 1, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Count > limit ? found[limit - 1].Id : null);
        return new JsonResult(new JsonArray([.. found.Take(limit).Select(import => (JsonNode?)CatalogDocuments.Import(import))]));
    }

    /// <summary>Shows how far an import has come.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string importId, ICatalogImports imports)
        => await imports.FindAsync(Clean(importId), http.RequestAborted) is { } import ? new JsonResult(CatalogDocuments.Import(import)) : ApiErrors.NotFound(importId, "Import").ToResult();

    /// <summary>Lists what an import found wrong with documents, and where.</summary>
    internal static async Task<IResult> FindingsAsync(HttpContext http, string importId, ICatalogImports imports, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualLimit, MostOnPage, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        var (after, from) = (Query.ReadText(http, "after"), 0L);
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from)) return ApiErrors.InvalidPaging.ToResult();
        Severity? severity = null;
        switch (Query.ReadText(http, "severity"))
        {
            case null: break;
            case "REFUSED": severity = Severity.Refused; break;
            case "ERROR": severity = Severity.Error; break;
            case "WARNING": severity = Severity.Warning; break;
            default: return ApiErrors.Validation("severity", "severity: must be REFUSED, ERROR or WARNING").ToResult();
        }
        if (await imports.FindAsync(Clean(importId), http.RequestAborted) is null) return ApiErrors.NotFound(importId, "Import").ToResult();
        var findings = await imports.FindingsAsync(Clean(importId), severity, from, limit + 1, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, findings.Count > limit ? findings[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
        return new JsonResult(new JsonArray([.. findings.Take(limit).Select(one => (JsonNode?)CatalogDocuments.Finding(one.Finding))]));
    }

    /// <summary>Stops an import; what it brought stays. One that has ended is forgotten.</summary>
    internal static async Task<IResult> StopAsync(HttpContext http, string importId, ICatalogImports imports)
        => await imports.StopAsync(Clean(importId), http.RequestAborted) ? NoContentResult.Instance : ApiErrors.NotFound(importId, "Import").ToResult();

    private static async Task<IResult> UploadAsync(HttpContext http, ImportRunner runner, string name)
    {
        var file = Path.Combine(Path.GetTempPath(), $"countersign-import-{Guid.NewGuid():n}");
        var isTaken = false;
        try
        {
            await using (var target = new FileStream(file, Private()))
            {
                var buffer = new byte[81_920];
                for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
                {
                    if (target.Length + read > ImportRunner.LongestUpload) return ApiErrors.TooLarge.ToResult();
                    await target.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                }
                if (target.Length == 0) return ApiErrors.NotWellFormed.Because("The body is empty.").ToResult();
            }
            var called = Bounded(name);
            var answer = await AnswerAsync(runner, called, _ => Task.FromResult(DocumentSource.Open(file, called)), () => File.Delete(file), http.RequestAborted);
            isTaken = answer is JsonResult;
            return answer;
        }
        finally
        {
            if (!isTaken) File.Delete(file);
        }
    }

    private static async Task<IResult> AnswerAsync(ImportRunner runner, string source, Func<CancellationToken, Task<DocumentSource>> open, Action? release, CancellationToken cancellationToken)
        => await runner.StartAsync(source, open, release, cancellationToken) is { } import
            ? new JsonResult(CatalogDocuments.Import(import), StatusCodes.Status201Created)
            : ApiErrors.TooManyRequests.Because("So many imports wait already that no more are taken.").ToResult();

    /// <summary>A new file that nobody else can read.</summary>
    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string Bounded(string name) => name.Length > LongestName ? name[..LongestName] : name;

    private static string Clean(string id) => id.Replace("\0", "", StringComparison.Ordinal);
}
