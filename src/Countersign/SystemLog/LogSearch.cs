namespace Countersign.SystemLog;

/// <summary>
/// Finds events page by page (contract 16.1). Instants are found by halving, filters are judged event by event; a request looks at a bounded number of events,
/// however many there are: what is left follows with the next page, which may be empty.
/// </summary>
public sealed class LogSearch(ISystemLog log, LogLimits limits)
{
    private const int Chunk = 1_000;

    // Nodes' clocks differ a little, so that times do not quite rise with the numbers.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    /// <summary>A page.</summary>
    public async Task<LogPage> ListAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var (first, last) = await log.BoundsAsync(cancellationToken);
        if (!query.Descending && query.After is { } after) first = Math.Max(first, after + 1);
        else first = await FindAsync(query.Since, -Skew);
        if (query.Descending && query.After is { } before) last = Math.Min(last, before - 1);
        else if (query.Until is { } until) last = await FindAsync(until, Skew) - 1;

        var found = new List<LogEntry>();
        long? at = query.After;
        for (var left = limits.ScannedPerRequest; first <= last && left > 0;)
        {
            var entries = await log.ReadAsync(first, last, Math.Min(Chunk, left), query.Descending, cancellationToken);
            if (entries.Count == 0) break;
            left -= entries.Count;
            foreach (var entry in entries)
            {
                if (Matches(query, entry))
                {
                    if (found.Count == query.Limit) return new LogPage(found, at);
                    found.Add(entry);
                }
                at = entry.Seq;
            }
            (first, last) = query.Descending ? (first, at!.Value - 1) : (at!.Value + 1, last);
        }
        return new LogPage(found, query.Polls ? at ?? first - 1 : first <= last ? at : null);

        async Task<long> FindAsync(DateTimeOffset instant, TimeSpan slack)
            => first > last ? first : await log.FindAsync(Shift(instant, slack), first, last, cancellationToken);
    }

    private static bool Matches(LogQuery query, LogEntry entry)
        => entry.Published >= query.Since && (query.Until is not { } until || entry.Published <= until)
            && (query.Filter is null || query.Filter.Matches(name => LogAttributes.ValuesOf(entry, name)))
            && query.Words.All(word => LogAttributes.Texts(entry).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static DateTimeOffset Shift(DateTimeOffset instant, TimeSpan by)
        => by < TimeSpan.Zero && instant - DateTimeOffset.MinValue < -by ? DateTimeOffset.MinValue
            : by > TimeSpan.Zero && DateTimeOffset.MaxValue - instant < by ? DateTimeOffset.MaxValue : instant + by;
}
