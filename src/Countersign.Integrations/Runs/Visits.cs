using System.Collections.Concurrent;
using System.Collections.Frozen;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Integrations.Runs;

/// <summary>The visits of system tasks that this node has under way: at most so many at once, each under its lease, each cut off when its task is not needed any more.</summary>
internal sealed class Visits(IServiceProvider services, WorkflowSettings settings, Wake wake, TimeProvider clock, ILogger<Visits> logger) : IDisposable
{
    private const int LongestMachine = 47;

    private readonly ConcurrentDictionary<string, Visit> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    // Handlers may need what needs the visits: they are looked up when the first is carried out.
    private readonly Lazy<FrozenDictionary<string, ISystemTask>> _handlers =
        new(() => services.GetServices<ISystemTask>().ToFrozenDictionary(handler => handler.Type, StringComparer.Ordinal));
    private int _taken;
    private volatile bool _isOpen = true, _somethingWaits;

    /// <summary>This node's name in leases; another one with every start, so that what its forerunner left is nobody's.</summary>
    public string Node { get; } = NameOf(Environment.MachineName);

    /// <summary>A node's name on a machine. Names of machines may be long, and differ at their end alone: what tells nodes from each other is never cut off.</summary>
    internal static string NameOf(string machine) => $"{(machine.Length > LongestMachine ? machine[..LongestMachine] : machine)}-{Guid.NewGuid():n}"[..(Math.Min(machine.Length, LongestMachine) + 13)];

    /// <summary>The handler of a type; null when this server has none.</summary>
    public ISystemTask? HandlerOf(string type) => _handlers.Value.GetValueOrDefault(type);

    /// <summary>How long a lease of this task lasts.</summary>
    public TimeSpan LeaseOf(TaskExecution task) => (HandlerOf(task.Type)?.LongestVisit(task) ?? TimeSpan.Zero) + settings.LeaseMargin;

    /// <summary>Takes up to so many places; each is given back by <see cref="GiveBack"/> or by the end of a visit.</summary>
    public int TakePlaces(int wanted)
    {
        if (!_isOpen) return 0;
        var after = Interlocked.Add(ref _taken, wanted);
        var tooMany = Math.Clamp(after - settings.MostAtOnce, 0, wanted);
        if (tooMany == 0) return wanted;
        _somethingWaits = true;
        Interlocked.Add(ref _taken, -tooMany);
        return wanted - tooMany;
    }

    /// <summary>Gives places back.</summary>
    public void GiveBack(int places)
    {
        if (places == 0) return;
        Interlocked.Add(ref _taken, -places);
        if (!_somethingWaits) return;
        _somethingWaits = false;
        wake.Now();
    }

    /// <summary>Whether any task takes answers from outside while it waits.</summary>
    public bool HasAnsweredTasks => _handlers.Value.Values.Any(handler => handler is IAnsweredTask);

    /// <summary>Whether any place is free.</summary>
    public bool HasPlaces => _isOpen && Volatile.Read(ref _taken) < settings.MostAtOnce;

    /// <summary>Begins a visit in a place that was taken.</summary>
    /// <param name="work">What to do; its lease is committed.</param>
    /// <param name="ended">Is told the outcome; null when the visit was cut off: the task was not needed any more, its lease ran out or the process stops.</param>
    public void Begin(TaskWork work, Func<TaskOutcome?, Task> ended)
    {
        var now = clock.GetUtcNow();
        var visit = new Visit(work.Task.Id, now, _stopping.Token);
        // Nobody else takes it before the lease is over: a visit that lasts longer than it may is over by then, with half the margin for what it then still does.
        if (work.Task.LeaseUntil is { } lease) visit.CutOffAfter(lease - now - (settings.LeaseMargin / 2), clock);
        _running[work.Task.Id] = visit;
        visit.Running = Task.Run(() => RunAsync(visit, work, ended));
    }

    /// <summary>The tasks of visits that have lasted longer.</summary>
    public IReadOnlyList<string> LongerThan(TimeSpan duration)
    {
        var before = clock.GetUtcNow() - duration;
        return [.. _running.Values.Where(visit => visit.Began < before).Select(visit => visit.TaskId)];
    }

    /// <summary>Whether this node carries a task out at this moment.</summary>
    public bool IsUnderWay(string taskId) => _running.ContainsKey(taskId);

    /// <summary>Whether an attempt whose outcome nobody knows may be carried out again; one of a type without a handler here was never carried out.</summary>
    public bool IsRepeatable(TaskExecution task) => HandlerOf(task.Type)?.IsRepeatable(task) ?? true;

    /// <summary>Cuts off the visit of a task that is not needed any more.</summary>
    public void CutOff(string taskId)
    {
        if (_running.TryGetValue(taskId, out var visit)) visit.CutOff();
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Takes nothing more, and waits for the visits until <paramref name="atLast"/>; then cuts them off.</summary>
    public async Task StopAsync(CancellationToken atLast)
    {
        if (!_isOpen) return;
        _isOpen = false;
        var running = Task.WhenAll(_running.Values.Select(visit => visit.Running));
        await running.WaitAsync(atLast).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            return;   // the host was disposed of while it stopped
        }
        await running.WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(Visit visit, TaskWork work, Func<TaskOutcome?, Task> ended)
    {
        try
        {
            TaskOutcome outcome;
            try
            {
                outcome = await CarryOutAsync(work, visit.Token);
            }
            finally
            {
                // Before the outcome is noted, so that what follows from it finds the place free.
                GiveBack(1);
            }
            // What was done is noted, though somebody may have cut it off a moment before.
            await ended(outcome.Status is AttemptStatus.Canceled && visit.Token.IsCancellationRequested ? null : outcome);
        }
        catch (Exception exception)
        {
            logger.LogError(EventIds.VisitFailed, exception, "The outcome of task {Task} could not be noted; its lease runs out", work.Task.Id);
        }
        finally
        {
            _running.TryRemove(new(visit.TaskId, visit));
            visit.Dispose();
        }
    }

    private async Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
    {
        if (HandlerOf(work.Task.Type) is not { } handler) return new TaskOutcome { Status = AttemptStatus.FailedWithTerminalError, Reason = $"This server does not carry out tasks of type {work.Task.Type}." };
        try
        {
            return await handler.CarryOutAsync(work, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TaskOutcome { Status = AttemptStatus.Canceled };
        }
        catch (Exception exception)
        {
            logger.LogError(EventIds.VisitFailed, exception, "Task {Task} of type {Type} failed inside", work.Task.Id, work.Task.Type);
            return new TaskOutcome { Status = AttemptStatus.Failed, Reason = "Something went wrong in the server; its log has the particulars." };
        }
    }

    private sealed class Visit : IDisposable
    {
        private readonly CancellationTokenSource _cutOff;
        private ITimer? _atLast;

        public Visit(string taskId, DateTimeOffset began, CancellationToken stopping)
        {
            (TaskId, Began, _cutOff) = (taskId, began, CancellationTokenSource.CreateLinkedTokenSource(stopping));
            Token = _cutOff.Token;
        }

        public string TaskId { get; }
        public DateTimeOffset Began { get; }
        public CancellationToken Token { get; }
        public Task Running { get; set; } = Task.CompletedTask;

        public void CutOffAfter(TimeSpan time, TimeProvider clock)
            => _atLast = clock.CreateTimer(static visit => ((Visit)visit!).CutOff(), this, time > TimeSpan.Zero ? time : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        public void CutOff()
        {
            try
            {
                _cutOff.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }

        public void Dispose()
        {
            _atLast?.Dispose();
            _cutOff.Dispose();
        }
    }
}
