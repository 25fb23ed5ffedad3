using System.Collections.Concurrent;
using Countersign.SystemLog;

namespace Countersign.Testing.SystemLog;

/// <summary>A system log that only notes what is written.</summary>
public sealed class NotedLog : ISystemLog
{
    private readonly ConcurrentQueue<LogEvent> _events = new();

    /// <summary>What was written.</summary>
    public IReadOnlyCollection<LogEvent> Events => _events;

    /// <inheritdoc/>
    public Task WriteAsync(LogEvent logged, CancellationToken cancellationToken)
    {
        _events.Enqueue(logged);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<(long First, long Last)> BoundsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    /// <inheritdoc/>
    public Task<long> FindAsync(DateTimeOffset instant, long first, long last, CancellationToken cancellationToken) => throw new NotSupportedException();
    /// <inheritdoc/>
    public Task<IReadOnlyList<LogEntry>> ReadAsync(long first, long last, int count, bool descending, CancellationToken cancellationToken) => throw new NotSupportedException();
    /// <inheritdoc/>
    public Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken) => throw new NotSupportedException();
    /// <inheritdoc/>
    public Task<LogVerdict> VerifyAsync(LogHead? expected, CancellationToken cancellationToken) => throw new NotSupportedException();
}
