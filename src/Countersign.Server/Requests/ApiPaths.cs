namespace Countersign.Server.Requests;

/// <summary>Which paths are the API's, so that whatever goes wrong there is answered with the contract's envelope.</summary>
internal static class ApiPaths
{
    public static bool Contains(HttpContext http)
        => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/countersign/v1") || http.Request.Path.StartsWithSegments("/oauth2");

    /// <summary>Whether it is one of the workflow API's, which has errors and tokens of its own form (workflow contract 1).</summary>
    public static bool IsWorkflowApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", out var rest) && !rest.StartsWithSegments("/v1");

    /// <summary>Whether its requests are the workflow API's, for this server or to be passed on to another: bodies may be long, or left out without a word.</summary>
    public static bool TakesWorkflowRequests(HttpContext http) => IsWorkflowApi(http) || http.Request.Path.StartsWithSegments("/countersign/v1/runners/conductor/api");
}
