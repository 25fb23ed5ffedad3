namespace Countersign.Server.Requests;

/// <summary>Slashes too many at the start and at the end of a path are as if they were not there (contract 1.1).</summary>
internal static class TolerantPaths
{
    public static void UseTolerantPaths(this IApplicationBuilder app) => app.Use(next => http =>
    {
        if (http.Request.Path.Value is { Length: > 1 } path && (path[1] == '/' || path.EndsWith("//", StringComparison.Ordinal)))
            http.Request.Path = "/" + path.Trim('/');
        return next(http);
    });
}
