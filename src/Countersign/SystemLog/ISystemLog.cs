namespace Countersign.SystemLog;

/// <summary>Reads the system log by number. Events are written by the commits that they tell of.</summary>
public interface ISystemLog
{
    /// <summary>The first number that is kept and the last one; the first is one more than the last when the log is empty.</summary>
    Task<(long First, long Last)> BoundsAsync(CancellationToken cancellationToken);

    /// <summary>The number of the first event that was committed at or after an instant, between two numbers; one more than <paramref name="last"/> when there is none.</summary>
    Task<long> FindAsync(DateTimeOffset instant, long first, long last, CancellationToken cancellationToken);

    /// <summary>The events from one number to another, both included: at most <paramref name="count"/> from the lower end, or from the upper.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(long first, long last, int count, bool descending, CancellationToken cancellationToken);
}
