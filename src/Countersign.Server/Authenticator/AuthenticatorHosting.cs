using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.Server.Authenticator;

/// <summary>Serves Countersign Authenticator, the installable web app, below <c>/authenticator/</c>.</summary>
internal static class AuthenticatorHosting
{
    // Nothing but the app's own files, and no address but the server's own.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // The camera scans activations, a passkey of the device unlocks the app; no frame gets any of it.
    private const string PermissionsPolicy =
        "camera=(self), publickey-credentials-create=(self), publickey-credentials-get=(self), geolocation=(), microphone=(), payment=(), usb=()";

    /// <summary>Maps the app.</summary>
    public static void MapAuthenticator(this IEndpointRouteBuilder routes)
    {
        var files = new Lazy<AuthenticatorFiles>();
        routes.MapGet("/authenticator/{**path}", (string? path, HttpContext context) => Serve(files.Value, path, context)).ExcludeFromDescription();
    }

    private static Results<FileContentHttpResult, RedirectHttpResult, NotFound> Serve(AuthenticatorFiles files, string? path, HttpContext context)
    {
        if (path is null && !context.Request.Path.Value!.EndsWith('/'))
            return TypedResults.Redirect($"{context.Request.PathBase}/authenticator/");
        if (files.Find(path ?? "") is not { } file)
            return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.EntityTag);
    }
}
