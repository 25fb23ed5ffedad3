using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Filtering;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;

namespace Countersign.Server.SystemLog;

/// <summary>The system log (contract 16.1).</summary>
internal static class LogEndpoints
{
    private const int UsualLimit = 100, MostOnPage = 1_000, MostWords = 10, LongestWord = 40;
    private static readonly TimeSpan Usually = TimeSpan.FromDays(7);

    public static void MapSystemLog(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/logs", ListAsync)
        .WithTags("System log").WithName("ListLogEvents").RequireScope("okta.logs.read").InRateLimitGroup("Logs").Answers<LogEventShape[]>()
        .TakesQuery("since", "the earliest instant; seven days ago when absent")
        .TakesQuery("until", "the latest instant; when absent, the list goes on with events as they come and always has a next page")
        .TakesQuery("filter", "which events, for example eventType eq \"user.authentication.auth_via_mfa\" and target.id eq \"00u…\"")
        .TakesQuery("q", "up to 10 words of up to 40 characters, all of which must occur")
        .TakesNumber("limit", "events on a page", 1, MostOnPage, UsualLimit)
        .TakesQuery("after", "where the page before ended")
        .TakesQuery("sortOrder", "ASCENDING or DESCENDING; ASCENDING when absent");

    /// <summary>Lists events.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, LogSearch search, PublicUrl publicUrl, TimeProvider clock)
    {
        var (query, error) = Read(http, clock.GetUtcNow());
        if (query is null) return error!.ToResult();
        var page = await search.ListAsync(query, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), query.Limit, page.Next?.ToString(CultureInfo.InvariantCulture));
        return new JsonResult(new JsonArray([.. page.Entries.Select(LogDocuments.Document)]));
    }

    private static (LogQuery? Query, ApiError? Error) Read(HttpContext http, DateTimeOffset now)
    {
        if (!Query.TryReadLimit(http, UsualLimit, MostOnPage, out var limit)) return (null, ApiErrors.InvalidPaging);
        long? after = null;
        if (Query.ReadText(http, "after") is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq == long.MaxValue) return (null, ApiErrors.InvalidPaging);
            after = seq;
        }
        if (!TryReadInstant(http, "since", out var since) || !TryReadInstant(http, "until", out var until)) return (null, ApiErrors.InvalidDate);
        var order = Query.ReadText(http, "sortOrder")?.ToUpperInvariant();
        if (order is not (null or "ASCENDING" or "DESCENDING")) return (null, ApiErrors.Validation("sortOrder", "sortOrder: must be ASCENDING or DESCENDING"));
        FilterExpression? filter = null;
        if (Query.ReadText(http, "filter") is { } text && !FilterParser.TryParse(text, LogAttributes.FilterRules, out filter, out var fault)) return (null, ApiErrors.Of(fault));
        var words = Query.ReadText(http, "q")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length > MostWords || words.Any(word => word.Length > LongestWord)) return (null, ApiErrors.InvalidSearch);
        return (new LogQuery
        {
            Since = since ?? now - Usually,
            Until = until,
            Filter = filter,
            Words = words,
            Limit = limit,
            Descending = order == "DESCENDING",
            After = after,
        }, null);
    }

    /// <summary>An instant in any form of ISO 8601, in UTC unless it says otherwise; null when absent. False for anything else.</summary>
    private static bool TryReadInstant(HttpContext http, string name, out DateTimeOffset? instant)
    {
        instant = null;
        if (Query.ReadText(http, name) is not { } text) return true;
        // A plus that was not encoded has become a blank.
        if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        instant = parsed;
        return true;
    }
}
