using System.Text.Json.Nodes;
using Countersign.Filtering;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users.Search;

namespace Countersign.Server.Users;

/// <summary>The list of users (contract 6.4).</summary>
internal static class UserListEndpoint
{
    private const int MostOnPage = 200, MostBeginningWith = 10, LongestBeginning = 100;

    /// <summary>Lists users: all, those that <c>filter</c> or <c>search</c> describes, or those one of whose names begins with <c>q</c>.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, UserSearch search, UserDocuments documents)
    {
        var (query, error) = Read(http);
        if (query is null) return error!.ToResult();
        if (await search.ListAsync(query, http.RequestAborted) is not { } page) return ApiErrors.InvalidPaging.ToResult();
        var next = Query.ReadText(http, "q") is null ? page.Next?.ToString() : null;
        PageLinks.Write(http, documents.BaseUrl(http), query.Limit, next);
        return new JsonResult(new JsonArray([.. page.Users.Select(found => documents.Listed(http, found.User, found.State))]));
    }

    private static (UserQuery? Query, ApiError? Error) Read(HttpContext http)
    {
        var (q, filter, search) = (Query.ReadText(http, "q"), Query.ReadText(http, "filter"), Query.ReadText(http, "search"));
        if (new[] { q, filter, search }.Count(text => text is not null) > 1) return (null, ApiErrors.SearchAndFilter);
        if (!Query.TryReadLimit(http, q is null ? MostOnPage : MostBeginningWith, MostOnPage, out var limit)) return (null, ApiErrors.InvalidPaging);
        if (q is not null) return q.Length > LongestBeginning || q.Contains('\0') ? (null, ApiErrors.InvalidSearch) : (UserQuery.BeginningWith(q, limit), null);
        var query = new UserQuery { Limit = limit };
        if (Query.ReadText(http, "after") is { } after)
        {
            if (!UserCursor.TryParse(after, out var cursor)) return (null, ApiErrors.InvalidPaging);
            query = query with { After = cursor };
        }
        return filter is not null ? ReadFilter(query, filter) : search is not null ? ReadSearch(http, query, search) : (query, null);
    }

    private static (UserQuery? Query, ApiError? Error) ReadFilter(UserQuery query, string text)
        => FilterParser.TryParse(text, UserAttributes.FilterRules, out var filter, out var fault) ? (query with { Filter = filter }, null) : (null, ApiErrors.Of(fault));

    private static (UserQuery? Query, ApiError? Error) ReadSearch(HttpContext http, UserQuery query, string text)
    {
        if (!FilterParser.TryParse(text, UserAttributes.SearchRules, out var filter, out var fault)) return (null, ApiErrors.Of(fault));
        var sortBy = Query.ReadText(http, "sortBy");
        var order = Query.ReadText(http, "sortOrder")?.ToLowerInvariant();
        if (order is not (null or "asc" or "desc") || (sortBy is not null && !UserQuery.CanSortBy(sortBy))) return (null, ApiErrors.InvalidSearch);
        return (query with { Filter = filter, IgnoresCase = true, SortBy = sortBy, Descending = sortBy is not null && order == "desc" }, null);
    }
}
