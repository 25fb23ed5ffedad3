using Countersign.Integrations.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Integrations.Runs;

/// <summary>
/// Looks, when it is woken and once in a while, for what no request and no visit of this node brings on: executions that are due (timers, time-outs, children that ended), system tasks that are
/// ready and nobody's, and those whose node died.
/// </summary>
internal sealed class WorkflowRunner(IWorkflowStore store, Executions executions, Visits visits, Wake wake, WorkflowSettings settings, TimeProvider clock, ILogger<WorkflowRunner> logger) : BackgroundService
{
    private const int MostTaken = 64, MostRemoved = 500;
    // A node that dies between taking and committing gives back by doing nothing.
    private static readonly TimeSpan Reserved = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30), RetentionPeriod = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await visits.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(DueAsync, () => wake.WaitAsync(settings.LookInterval, stoppingToken), stoppingToken),
        RunAsync(CutOffAsync, () => Task.Delay(settings.LookInterval, clock, stoppingToken), stoppingToken),
        settings.Retention == TimeSpan.Zero ? Task.CompletedTask : RunAsync(RemoveAsync, () => Task.Delay(RetentionPeriod, clock, stoppingToken), stoppingToken));

    private async Task RunAsync(Func<CancellationToken, Task<bool>> step, Func<Task> wait, CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Off the thread that starts the host.
                await Task.Yield();
                if (!await step(stoppingToken)) await wait();
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (failures++ == 0) logger.LogError(EventIds.RunnerFailed, exception, "Workflows are not looked after; trying again");
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1)));
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One look; true when there may be more to find.</summary>
    private async Task<bool> DueAsync(CancellationToken cancellationToken)
    {
        if (await store.NextDueAsync(cancellationToken) is not { } next) return false;
        if (next > clock.GetUtcNow())
        {
            wake.At(next);
            return false;
        }
        var due = await store.TakeDueAsync(MostTaken, Reserved, cancellationToken);
        await Task.WhenAll(due.Select(execution => AttendAsync(execution.Id, execution.IsOrphaned
            ? new WorkflowChange.Terminate("The execution that started it does not wait for it any more.") : new WorkflowChange.Look(), cancellationToken)));
        if (!visits.HasPlaces) return due.Count == MostTaken;
        var ready = await store.ReserveAsync("", "", MostTaken, Reserved, cancellationToken);
        await Task.WhenAll(ready.GroupBy(place => place.ExecutionId, place => place.TaskId).Select(group => TakeAsync(group.Key, [.. group], cancellationToken)));
        return due.Count == MostTaken || ready.Count == MostTaken;
    }

    /// <summary>Attends to tasks that were reserved; those that could not be taken, for want of a place or by the limits of their definition, are ready again soon.</summary>
    private async Task TakeAsync(string executionId, IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        if (await AttendAsync(executionId, new WorkflowChange.Look(), cancellationToken) is not ChangeResult.Changed { Execution: { Status: WorkflowStatus.Running } execution }) return;
        var now = clock.GetUtcNow();
        var left = execution.Tasks.Where(task => !task.Status.IsFinal && taskIds.Contains(task.Id) && task.IsReady(now)).Select(task => task.Id).ToList();
        if (left.Count > 0) await store.ReleaseAsync(left, now + settings.LookInterval, cancellationToken);
    }

    private async Task<ChangeResult?> AttendAsync(string executionId, WorkflowChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await executions.ChangeAsync(executionId, change, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One that cannot be decided must not keep the others from it; it is due again in a while.
            logger.LogError(EventIds.RunnerFailed, exception, "Execution {Execution} could not be evaluated; it is tried again", executionId);
            return null;
        }
    }

    /// <summary>Cuts off visits whose tasks other nodes ended.</summary>
    private async Task<bool> CutOffAsync(CancellationToken cancellationToken)
    {
        var lasting = visits.LongerThan(settings.LookInterval);
        if (lasting.Count == 0) return false;
        foreach (var ended in await store.EndedAmongAsync(lasting, cancellationToken)) visits.CutOff(ended);
        return false;
    }

    private async Task<bool> RemoveAsync(CancellationToken cancellationToken)
        => await store.RemoveEndedAsync(clock.GetUtcNow() - settings.Retention, MostRemoved, cancellationToken) == MostRemoved;
}
