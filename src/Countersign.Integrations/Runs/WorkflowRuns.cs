using System.Collections.Immutable;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>What can be done with executions: starting, commanding, reading and waiting (workflow contract 7, 12).</summary>
public sealed class WorkflowRuns
{
    private static readonly TimeSpan LongestTryOut = TimeSpan.FromSeconds(30);

    private readonly IWorkflowStore _store;
    private readonly IDefinitionStore _definitions;
    private readonly StartRequests _starts;
    private readonly Executions _executions;
    private readonly DecisionContext _context;
    private readonly WorkflowSignals _signals;
    private readonly WorkflowSettings _settings;
    private readonly TimeProvider _clock;

    internal WorkflowRuns(IWorkflowStore store, IDefinitionStore definitions, StartRequests starts, Executions executions, DecisionContext context, WorkflowSignals signals, WorkflowSettings settings, TimeProvider clock)
        => (_store, _definitions, _starts, _executions, _context, _signals, _settings, _clock) = (store, definitions, starts, executions, context, signals, settings, clock);

    /// <summary>Starts an execution; it is durable when this returns.</summary>
    public async Task<StartOutcome> StartAsync(WorkflowStart request, CancellationToken cancellationToken)
    {
        var (start, refused) = await _starts.MakeAsync(request, cancellationToken);
        if (start is null) return refused!;
        return await _executions.StartAsync(start, request.Strategy, cancellationToken) switch
        {
            StartResult.Started started => new StartOutcome.Started(started.Execution),
            // The very start that is made again has used its key itself.
            StartResult.Existing existing when request.IdempotencyKey is null || request.Strategy == IdempotencyStrategy.ReturnExisting || existing.Id == request.Id => new StartOutcome.Existing(existing.Id),
            StartResult.Existing existing => new StartOutcome.Refused(RefusalKind.WrongState,
                $"The idempotency key was used before for {start.Definition.Name}, by execution {existing.Id}{(request.Strategy == IdempotencyStrategy.FailOnRunning ? ", which still runs" : "")}."),
            StartResult.Refused wrong => new StartOutcome.Refused(wrong.Kind, wrong.Message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Runs a definition with given outputs in place of what its tasks do: nothing is stored, nobody is called, and time passes at once.</summary>
    public async Task<StartOutcome> TryOutAsync(WorkflowStart start, IReadOnlyDictionary<string, ImmutableArray<MockOutput>> outputs, CancellationToken cancellationToken)
    {
        var (request, refused) = await _starts.MakeAsync(start, cancellationToken);
        if (request is null) return refused!;
        var inputs = await _context.CurrentAsync(ImmutableDictionary<string, EndedChild>.Empty, cancellationToken);
        using var late = new CancellationTokenSource(LongestTryOut, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return WorkflowDryRun.Run(request, outputs, inputs, either.Token) switch
            {
                Decision.Decided decided => new StartOutcome.Started(decided.Execution),
                Decision.Refused wrong => new StartOutcome.Refused(wrong.Kind, wrong.Message),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StartOutcome.Refused(RefusalKind.Invalid, $"The dry run did not come to an end within {LongestTryOut.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>Commands an execution (workflow contract 7.7).</summary>
    public Task<ChangeResult> CommandAsync(string id, WorkflowChange change, CancellationToken cancellationToken)
        => change is WorkflowChange.Retry { ResumesSubWorkflows: true } ? ResumeAsync(id, Limits.Depth, cancellationToken) : _executions.ChangeAsync(id, change, cancellationToken);

    /// <summary>Retries what failed where it failed: in the child that a SUB_WORKFLOW task waited for, if it is there, which puts this one back to running too.</summary>
    private async Task<ChangeResult> ResumeAsync(string id, int deepest, CancellationToken cancellationToken)
    {
        var failed = await _store.FindAsync(id, withTasks: true, cancellationToken) is { } execution ? SubWorkflows.Failed(execution) : null;
        if (failed is null || deepest == 0 || await ResumeAsync(failed, deepest - 1, cancellationToken) is not ChangeResult.Changed) return await _executions.ChangeAsync(id, new WorkflowChange.Retry(false), cancellationToken);
        return await _store.FindAsync(id, withTasks: true, cancellationToken) is { } resumed ? new ChangeResult.Changed(resumed) : new ChangeResult.NotFound();
    }

    /// <summary>From the start under the same id; with the newest definition of its name, or with its own.</summary>
    public async Task<ChangeResult> RestartAsync(string id, bool usesLatestDefinition, CancellationToken cancellationToken)
    {
        WorkflowDefinition? latest = null;
        if (usesLatestDefinition)
        {
            if (await _store.FindAsync(id, withTasks: false, cancellationToken) is not { } execution) return new ChangeResult.NotFound();
            latest = await _definitions.FindAsync(execution.Definition.Name, null, cancellationToken);
            if (latest is null) return new ChangeResult.Refused(RefusalKind.NotFound, $"No such workflow definition: {execution.Definition.Name} was not found.");
        }
        return await CommandAsync(id, new WorkflowChange.Restart(latest), cancellationToken);
    }

    /// <summary>An execution; null when there is none.</summary>
    public Task<WorkflowExecution?> FindAsync(string id, bool withTasks, CancellationToken cancellationToken) => _store.FindAsync(id, withTasks, cancellationToken);

    /// <summary>Finds executions.</summary>
    public Task<FoundExecutions> SearchAsync(ExecutionSearch search, CancellationToken cancellationToken) => _store.SearchAsync(search, cancellationToken);

    /// <summary>Removes an execution that ended; false when there is none, null when it has not ended.</summary>
    public Task<bool?> RemoveAsync(string id, CancellationToken cancellationToken) => _store.RemoveAsync(id, cancellationToken);

    /// <summary>Waits until an execution ended, or one of these references did, or the time is over; answers it as it is then. Null when there is none.</summary>
    public Task<WorkflowExecution?> WaitAsync(string id, IReadOnlyCollection<string> references, TimeSpan longest, CancellationToken cancellationToken)
        => WaitAsync(id, execution => execution.Status.IsFinal || execution.Tasks.Any(task => task.Status.IsFinal && !task.IsRetried && references.Contains(task.Task.ReferenceName)), longest, cancellationToken);

    /// <summary>Waits until an execution is as it is waited for, or the time is over; answers it as it is then. Null when there is none.</summary>
    public async Task<WorkflowExecution?> WaitAsync(string id, Func<WorkflowExecution, bool> isEnough, TimeSpan longest, CancellationToken cancellationToken)
    {
        var until = _clock.GetUtcNow() + longest;
        try
        {
            while (true)
            {
                var changed = _signals.NextChangeOf(id);
                var execution = await _store.FindAsync(id, withTasks: true, cancellationToken);
                var left = until - _clock.GetUtcNow();
                if (execution is null || isEnough(execution) || left <= TimeSpan.Zero) return execution;
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(changed, Task.Delay(left < _settings.LookInterval ? left : _settings.LookInterval, _clock, enough.Token));
                cancellationToken.ThrowIfCancellationRequested();
                await enough.CancelAsync();
            }
        }
        finally
        {
            _signals.Forget(id);
        }
    }
}
