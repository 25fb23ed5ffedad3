using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.Server.AdminConsole;

/// <summary>Serves the admin console below <c>/console</c>.</summary>
/// <remarks>One endpoint instead of <c>MapStaticAssets</c>: docs/decisions/0008.</remarks>
internal static class ConsoleHosting
{
    // Scripts, styles and pictures of our own only. Blazor compiles WebAssembly; MudBlazor writes its theme into a style element.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Maps the console. A server that was built or published without it answers 404 there.</summary>
    public static void MapConsole(this WebApplication app)
    {
        // Built but not published, the files lie where the console's own build left them, and a manifest leads there.
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        var files = new ConsoleFiles(app.Environment);
        app.MapGet("/console/{**path}", (string? path, HttpContext context) => Serve(files, path, context)).ExcludeFromDescription();
    }

    private static Results<PhysicalFileHttpResult, RedirectHttpResult, NotFound> Serve(ConsoleFiles files, string? path, HttpContext context)
    {
        if (path is null && !context.Request.Path.Value!.EndsWith('/'))
            return TypedResults.Redirect($"{context.Request.PathBase}/console/");
        if (files.Find(path ?? "", context.Request.Headers.AcceptEncoding) is not { } file)
            return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.ContentEncoding = file.Encoding;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.PhysicalFile(file.PhysicalPath, file.ContentType, lastModified: file.LastModified, entityTag: file.EntityTag);
    }
}
