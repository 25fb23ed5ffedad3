using System.Globalization;
using System.Net;

namespace Countersign.Server.Requests;

/// <summary>Writes a list's <c>Link</c> headers (contract 5): <c>self</c> with the effective limit, and <c>next</c> while there may be more.</summary>
internal static class PageLinks
{
    /// <summary>Adds the headers. The request's other parameters are repeated, so that <c>next</c> asks for the same list.</summary>
    public static void Write(HttpContext http, string baseUrl, int limit, string? next)
    {
        var path = baseUrl + http.Request.PathBase + http.Request.Path;
        var rest = string.Concat(http.Request.Query
            .Where(parameter => parameter.Key is not ("limit" or "after"))
            .SelectMany(parameter => parameter.Value, (parameter, value) => $"&{WebUtility.UrlEncode(parameter.Key)}={WebUtility.UrlEncode(value)}"));
        var size = string.Create(CultureInfo.InvariantCulture, $"limit={limit}{rest}");
        var after = Query.ReadText(http, "after");
        List<string> links = [$"<{path}?{After(after)}{size}>; rel=\"self\""];
        if (next is not null) links.Add($"<{path}?{After(next)}{size}>; rel=\"next\"");
        http.Response.Headers.Link = links.ToArray();
    }

    private static string After(string? cursor) => cursor is null ? "" : $"after={WebUtility.UrlEncode(cursor)}&";
}
