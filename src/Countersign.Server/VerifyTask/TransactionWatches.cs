using System.Collections.Concurrent;
using Countersign.Integrations.Tasks;
using Countersign.Server.Waiting;
using Countersign.Signals;
using Countersign.Users;

namespace Countersign.Server.VerifyTask;

/// <summary>
/// Wakes tasks that wait for a device when the user's state was signalled. A watch is memory alone, and one that is lost, with its node or beyond the limit, only makes the answer be seen later: the
/// task looks by itself too.
/// </summary>
internal sealed class TransactionWatches(ISignals signals, PollingSettings settings, IServiceProvider services, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<TransactionWatches> logger)
{
    private const int MostTries = 50;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly PollingSettings _settings = settings;
    private readonly ConcurrentDictionary<string, bool> _watched = new(StringComparer.Ordinal);
    private readonly Lazy<ITaskWakes?> _wakes = new(services.GetService<ITaskWakes>);

    /// <summary>Begins to watch a user; before looking.</summary>
    public Watch Begin(UserId user) => new(this, signals.Watch(user));

    private async Task WakeAsync(ISignalWatch watch, string executionId, string taskId, DateTimeOffset deadline)
    {
        // Off the visit: its outcome is not noted before it has ended.
        await Task.Yield();
        var stopping = lifetime.ApplicationStopping;
        try
        {
            using (watch)
            {
                var isSignalled = await watch.WaitAsync(deadline - clock.GetUtcNow(), stopping);
                // The visit that is woken watches anew.
                _watched.TryRemove(taskId, out _);
                if (!isSignalled) return;
            }
            for (var tries = 0; tries < MostTries && !await _wakes.Value!.WakeAsync(executionId, taskId, stopping); tries++)
                await Task.Delay(BetweenTries, TimeProvider.System, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another node looks, or this one after its start.
        }
        catch (Exception exception)
        {
            logger.LogWarning(EventIds.TaskNotWoken, exception, "Task {Task} could not be woken; it looks by itself", taskId);
        }
    }

    /// <summary>A watch of one visit; ends with it unless the task waits.</summary>
    internal sealed class Watch(TransactionWatches watches, ISignalWatch signal) : IDisposable
    {
        private bool _isKept;

        /// <summary>Keeps the watch until the user is signalled or the time is over. A task that is watched already stays so by its earlier watch.</summary>
        public void WakeWhenSignalled(TaskWork work, DateTimeOffset deadline)
        {
            if (watches._wakes.Value is null || watches._watched.Count >= watches._settings.MostWaiting) return;
            if (!watches._watched.TryAdd(work.Task.Id, true)) return;
            _isKept = true;
            _ = watches.WakeAsync(signal, work.Execution.Id, work.Task.Id, deadline);
        }

        public void Dispose()
        {
            if (!_isKept) signal.Dispose();
        }
    }
}
