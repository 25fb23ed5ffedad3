using System.Collections.Immutable;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>The order of a decision (workflow contract 7.2), and the way through the definition.</summary>
internal sealed partial class Deciding
{
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal);
    private bool _isBlocked;
    private bool _failedNewly;

    /// <summary>Decides everything that follows from the state as it is.</summary>
    public void Progress()
    {
        do
        {
            _failedNewly = false;
            if (HasEnded || EndIfTimedOut() || _execution.Status is WorkflowStatus.Paused) return;
            CheckOpenTasks();
            if (HasEnded) return;
            HandleFailures();
            if (HasEnded) return;
            _passed.Clear();
            if (WalkWhole(_execution.Definition.Tasks, default) && !HasEnded) Complete();
        }
        while (_failedNewly && !IsCutShort && !HasEnded);
    }

    /// <summary>Goes through a list, and tells whether it and everything inside of it is done.</summary>
    private bool WalkWhole(ImmutableArray<WorkflowTask> list, Place place)
    {
        var wasBlocked = _isBlocked;
        _isBlocked = false;
        var isDone = Walk(list, place) && !_isBlocked;
        _isBlocked = wasBlocked || !isDone;
        return isDone;
    }

    /// <summary>Goes through a list as far as it comes, and schedules what is next. Branches of a fork may be open behind a true.</summary>
    private bool Walk(ImmutableArray<WorkflowTask> list, Place place)
    {
        ForkState? fork = null;
        foreach (var task in list)
        {
            if (!Walk(task, place, ref fork))
            {
                _isBlocked = true;
                return false;
            }
        }
        return true;
    }

    private bool Walk(WorkflowTask task, Place place, ref ForkState? fork)
    {
        var reference = task.ReferenceName + place.Suffix;
        var attempt = Latest(reference);
        if (attempt is null)
        {
            if (IsCutShort) return false;
            attempt = Schedule(task, reference, place);
        }
        if (attempt is { By: CarriedOutBy.Decision, Status: AttemptStatus.Scheduled } && attempt.ReadyAt <= _now)
        {
            if (IsCutShort) return false;
            attempt = Begin(attempt);
        }
        if (HasEnded) return false;
        if (attempt.Status is AttemptStatus.InProgress)
        {
            if (task.Type == TaskTypes.Join) attempt = Join(attempt, place, fork);
            else if (task.Type == TaskTypes.DoWhile) attempt = Loop(attempt, place);
            if (HasEnded) return false;
        }
        if (!attempt.Status.IsFinal) return false;
        if (!attempt.Status.IsSuccess)
        {
            if (!task.IsPermissive || MayRetry(attempt))
            {
                _failedNewly = true;
                return false;
            }
        }
        else if (!WalkInside(task, attempt, place, ref fork))
        {
            return false;
        }
        _passed.Add(reference);
        return true;
    }

    /// <summary>Goes into a task that is done itself: the chosen case, the branches.</summary>
    private bool WalkInside(WorkflowTask task, TaskExecution attempt, Place place, ref ForkState? fork)
    {
        if (task.Type is not (TaskTypes.Switch or TaskTypes.ForkJoin or TaskTypes.ForkJoinDynamic)) return task.Type != TaskTypes.Terminate || attempt.Status is not AttemptStatus.Completed;
        if (attempt.Status is not AttemptStatus.Completed)
        {
            // Skipped, or given up as optional: nothing inside of it is run.
            if (task.Type != TaskTypes.Switch) fork = new ForkState([], true);
            return true;
        }
        if (task.Type == TaskTypes.Switch) return Walk(CaseOf(task, attempt), place);
        var branches = task.Type == TaskTypes.ForkJoin ? task.ForkTasks : DynamicFork.BranchesOf(attempt);
        var areDone = true;
        foreach (var branch in branches) areDone &= WalkWhole(branch, place);
        fork = new ForkState(task.Type == TaskTypes.ForkJoinDynamic ? [.. branches.Select(branch => branch[0].ReferenceName)] : [], areDone);
        return true;
    }

    private static ImmutableArray<WorkflowTask> CaseOf(WorkflowTask task, TaskExecution attempt)
        => attempt.Output.TextOf("selectedCase") is { } selected && task.DecisionCases.TryGetValue(selected, out var chosen) ? chosen : task.DefaultCase;

    private TaskExecution Join(TaskExecution join, Place place, ForkState? fork)
    {
        var joinOn = fork is { References.Length: > 0 } ? fork.References : [.. join.Task.JoinOn];
        bool isWaiting = false, hasErrors = false;
        string? failed = null;
        foreach (var name in joinOn)
        {
            var joined = Latest(name + place.Suffix);
            if (joined is { Status: AttemptStatus.Canceled }) return End(join, AttemptStatus.Canceled, reason: $"The task {name} was cancelled.");
            // What stands in a case that was not chosen never comes.
            if (joined is null ? fork is not { AreBranchesDone: true } : !_passed.Contains(joined.ReferenceName)) isWaiting = true;
            else if (joined is { Status: AttemptStatus.CompletedWithErrors }) hasErrors = true;
            else if (joined is { Status.IsSuccess: false }) failed ??= name;
        }
        if (isWaiting) return join;
        var output = JsonBuilder.BuildObject(writer =>
        {
            foreach (var name in joinOn.Distinct(StringComparer.Ordinal))
            {
                if (Latest(name + place.Suffix) is not { } joined || joined.Output.IsEmpty) continue;
                writer.WritePropertyName(name);
                joined.Output.WriteTo(writer);
            }
        });
        return failed is not null
            ? End(join, AttemptStatus.Failed, output, $"The task {failed} failed: {Latest(failed + place.Suffix)?.ReasonForIncompletion}")
            : End(join, hasErrors ? AttemptStatus.CompletedWithErrors : AttemptStatus.Completed, output);
    }

    /// <summary>Where in the loops the way is.</summary>
    /// <param name="Suffix">What reference names end with there.</param>
    /// <param name="Round">The round of the innermost loop; 0 outside.</param>
    /// <param name="Loop">The innermost loop's reference name in the execution.</param>
    private readonly record struct Place(string? Suffix, int Round, string? Loop);

    /// <summary>The fork before a join.</summary>
    /// <param name="References">The tasks of a dynamic fork; empty for others.</param>
    /// <param name="AreBranchesDone">Whether nothing in its branches is open.</param>
    private sealed record ForkState(ImmutableArray<string> References, bool AreBranchesDone);
}
