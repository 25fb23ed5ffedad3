using Countersign.Console.Api;

namespace Countersign.Console.Executions;

/// <summary>What is looked for among executions; it stands in the page's address as well.</summary>
/// <param name="Words">Words over input, output, correlation id and reason.</param>
/// <param name="Workflow">The name of a definition.</param>
/// <param name="Status">A status word.</param>
/// <param name="CorrelationId">A whole correlation id.</param>
/// <param name="Since">How far back, as <c>24h</c>.</param>
/// <param name="Runner">Whose executions.</param>
internal sealed record ExecutionQuery(string? Words, string? Workflow, string? Status, string? CorrelationId, string? Since, string? Runner)
{
    /// <summary>How far one can look back; the first is as far as it goes.</summary>
    public static readonly IReadOnlyList<(string Key, string Name, TimeSpan Length)> Windows =
    [
        ("", "Any time", TimeSpan.Zero), ("1h", "Last hour", TimeSpan.FromHours(1)), ("24h", "Last 24 hours", TimeSpan.FromHours(24)),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)), ("30d", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    /// <summary>The page that shows a definition's executions.</summary>
    public static string HrefOf(string workflow) => new ExecutionQuery(null, workflow, null, null, null, null).Href;

    /// <summary>The page's address.</summary>
    public string Href => "executions".WithQuery(
        ("q", Words), ("workflow", Workflow), ("status", Status), ("correlationId", CorrelationId), ("since", Since), ("runner", Console.Executions.Runner.IsThisServer(Runner) ? null : Runner));

    /// <summary>Whether anything is looked for at all.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Words) && string.IsNullOrEmpty(Workflow) && string.IsNullOrEmpty(Status) && string.IsNullOrEmpty(CorrelationId) && string.IsNullOrEmpty(Since);

    /// <summary>The path of a part of the result, the newest first.</summary>
    /// <param name="start">How many to pass over.</param>
    /// <param name="size">How many to give.</param>
    /// <param name="now">From when the time counts back.</param>
    public string Path(int start, int size, DateTimeOffset now) => $"{Console.Executions.Runner.Prefix(Runner)}/api/workflow/search".WithQuery(
        ("start", $"{start}"), ("size", $"{size}"), ("sort", "startTime:DESC"), ("freeText", string.IsNullOrWhiteSpace(Words) ? "*" : Words.Trim()), ("query", Condition(now)));

    private string? Condition(DateTimeOffset now)
    {
        var length = Windows.FirstOrDefault(window => window.Key == (Since ?? "")).Length;
        string?[] parts =
        [
            Equal("workflowType", Workflow),
            Equal("status", Status),
            Equal("correlationId", CorrelationId),
            length > TimeSpan.Zero ? $"startTime > {(now - length).ToUnixTimeMilliseconds()}" : null,
        ];
        return string.Join(" AND ", parts.OfType<string>()) is { Length: > 0 } all ? all : null;
    }

    private static string? Equal(string field, string? value)
        => string.IsNullOrWhiteSpace(value) ? null : $"{field} = {(value.Contains('"') ? $"'{value.Trim()}'" : $"\"{value.Trim()}\"")}";
}
