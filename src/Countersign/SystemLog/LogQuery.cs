using Countersign.Filtering;

namespace Countersign.SystemLog;

/// <summary>What is asked of the system log (contract 16.1).</summary>
public sealed record LogQuery
{
    /// <summary>The earliest instant.</summary>
    public required DateTimeOffset Since { get; init; }
    /// <summary>The latest instant; null: whatever comes, the reader polls.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>What the events have to satisfy; null: nothing.</summary>
    public FilterExpression? Filter { get; init; }
    /// <summary>Words that must all occur in an event, without regard to case.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
    /// <summary>Events on a page.</summary>
    public required int Limit { get; init; }
    /// <summary>Whether the newest come first.</summary>
    public bool Descending { get; init; }
    /// <summary>The number behind which the page begins; null for the first page.</summary>
    public long? After { get; init; }

    /// <summary>Whether the list has no end: who follows it is told of events as they come.</summary>
    public bool Polls => Until is null && !Descending;
}

/// <summary>Some events, and the number behind which to go on; null at the end.</summary>
public sealed record LogPage(IReadOnlyList<LogEntry> Entries, long? Next);
