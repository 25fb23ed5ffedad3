namespace Countersign.SystemLog;

/// <summary>Keeps the system log; reads it by number. Events that tell of a change are written by its commit.</summary>
public interface ISystemLog
{
    /// <summary>Stores an event that tells of no change.</summary>
    Task WriteAsync(LogEvent logged, CancellationToken cancellationToken);

    /// <summary>The first number that is kept and the last one; the first is one more than the last when the log is empty.</summary>
    Task<(long First, long Last)> BoundsAsync(CancellationToken cancellationToken);

    /// <summary>The number of the first event that was committed at or after an instant, between two numbers; one more than <paramref name="last"/> when there is none.</summary>
    Task<long> FindAsync(DateTimeOffset instant, long first, long last, CancellationToken cancellationToken);

    /// <summary>The events from one number to another, both included: at most <paramref name="count"/> from the lower end, or from the upper.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(long first, long last, int count, bool descending, CancellationToken cancellationToken);

    /// <summary>Removes the events that were committed before an instant, in small transactions, and says how many. What is left can still be verified.</summary>
    Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Checks every event against the chain, in bounded memory.</summary>
    /// <param name="expected">A head that was noted earlier and must be part of the chain; null: none was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<LogVerdict> VerifyAsync(LogHead? expected, CancellationToken cancellationToken);
}
