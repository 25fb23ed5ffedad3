using System.Text.Json;
using Countersign.Console.Api;

namespace Countersign.Console.SystemLog;

/// <summary>What can be asked of <c>/api/v1/logs</c>.</summary>
internal static class LogOperations
{
    private const int PageSize = 100;

    /// <summary>Path of the newest events that match.</summary>
    /// <param name="text">Words that must all occur, or a filter expression; empty for all.</param>
    /// <param name="since">The earliest instant.</param>
    /// <param name="until">The instant at which to stop.</param>
    public static string ListPath(string? text, DateTimeOffset since, DateTimeOffset until)
    {
        var words = (text ?? "").Trim();
        var isFilter = SearchExpression.IsOne(words);
        return "/api/v1/logs".WithQuery(
            ("since", Written(since)),
            ("until", Written(until)),
            ("filter", isFilter ? words : null),
            ("q", isFilter ? null : words),
            ("sortOrder", "DESCENDING"),
            ("limit", PageSize.ToString()));
    }

    extension(ApiClient api)
    {
        /// <summary>Reads one page of events.</summary>
        public async Task<Page<LogEvent>> ListLogEventsAsync(string path, CancellationToken cancellationToken)
        {
            var page = await api.GetPageAsync<JsonElement>(path, cancellationToken);
            return new Page<LogEvent>(
                [.. page.Items.Select(document => document.Deserialize(ApiJson.Default.LogEvent)! with { Document = document })],
                page.Next);
        }
    }

    private static string Written(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
