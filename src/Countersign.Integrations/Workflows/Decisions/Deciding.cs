using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>One decision in the making: the execution as it is changed step by step.</summary>
internal sealed partial class Deciding
{
    private readonly WorkflowExecution _before;
    private readonly DecisionInputs _inputs;
    private readonly DateTimeOffset _now;
    private readonly List<TaskExecution> _tasks;
    private readonly Dictionary<string, int> _latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _latestBare = new(StringComparer.Ordinal);
    private readonly List<string> _orphans = [];
    private WorkflowExecution _execution;
    private FailureStart? _failureStart;
    private bool _isChanged;
    private int _nextSequence;
    private int _scheduled;
    private int _scripts;

    public Deciding(WorkflowExecution execution, DecisionInputs inputs)
    {
        _before = _execution = execution;
        _inputs = inputs;
        // Stored times are whole milliseconds: a decision over what was stored is the one over what was in memory.
        _now = DateTimeOffset.FromUnixTimeMilliseconds(inputs.Now.ToUnixTimeMilliseconds());
        _tasks = [.. execution.Tasks];
        Index();
    }

    private bool HasEnded => _execution.Status.IsFinal;

    /// <summary>Whether so much was done that the rest follows with the next decision.</summary>
    private bool IsCutShort => _scheduled >= Limits.AttemptsPerDecision || _scripts >= Limits.ScriptsPerDecision;

    /// <summary>What the decision came to.</summary>
    public Decision.Decided Finish()
    {
        var due = NextDue();
        if (!_isChanged && due == _before.DueAt) return new Decision.Decided(_before, [], null);
        return new Decision.Decided(_execution with { Tasks = [.. _tasks], DueAt = due, UpdatedAt = _isChanged ? _now : _before.UpdatedAt }, [.. _orphans], _failureStart);
    }

    private void Index()
    {
        _latest.Clear();
        _latestBare.Clear();
        _nextSequence = 1;
        for (var index = 0; index < _tasks.Count; index++) Index(index);
    }

    private void Index(int index)
    {
        var task = _tasks[index];
        _latest[task.ReferenceName] = index;
        _latestBare[task.Task.ReferenceName] = index;
        _nextSequence = Math.Max(_nextSequence, task.Sequence + 1);
    }

    private TaskExecution? Latest(string reference) => _latest.TryGetValue(reference, out var index) ? _tasks[index] : null;

    private TaskExecution? LatestOfEither(string name)
        => Latest(name) ?? (_latestBare.TryGetValue(name, out var index) ? _tasks[index] : null);

    private bool IsLatest(int index) => _latest[_tasks[index].ReferenceName] == index;

    private int IndexOf(string taskId) => _tasks.FindLastIndex(task => task.Id == taskId);

    private TaskExecution Add(TaskExecution task)
    {
        _tasks.Add(task);
        Index(_tasks.Count - 1);
        _isChanged = true;
        return task;
    }

    /// <summary>Puts a changed attempt in the place of what it was.</summary>
    private TaskExecution Put(TaskExecution task)
    {
        var index = Latest(task.ReferenceName) is { } latest && latest.Id == task.Id ? _latest[task.ReferenceName] : IndexOf(task.Id);
        task = task with { UpdatedAt = _now };
        _tasks[index] = task;
        _isChanged = true;
        return task;
    }

    private void Drop(Predicate<TaskExecution> isDropped)
    {
        if (_tasks.RemoveAll(isDropped) == 0) return;
        _isChanged = true;
        var next = _nextSequence;
        Index();
        // Numbers are not given twice, so that stored rows of dropped attempts are told from new ones.
        _nextSequence = Math.Max(_nextSequence, next);
    }

    private void Change(WorkflowExecution execution)
    {
        _execution = execution;
        _isChanged = true;
    }

    private TaskDefinition? DefinitionOf(WorkflowTask task) => task.EmbeddedDefinition ?? _inputs.TaskDefinitionOf(task.Name);

    private ExecutionScope Scope(string? taskId = null) => new(_execution, LatestOfEither, _inputs.EnvironmentOf, taskId);

    /// <summary>Ends an attempt. An output over the limit fails it instead.</summary>
    private TaskExecution End(TaskExecution task, AttemptStatus status, JsonElement? output = null, string? reason = null, DateTimeOffset? retryAt = null)
    {
        var ended = task with
        {
            Status = status,
            Output = output ?? task.Output,
            ReasonForIncompletion = status.IsSuccess && reason is null ? null : Cut(reason ?? task.ReasonForIncompletion),
            StartedAt = task.StartedAt ?? _now,
            EndedAt = _now,
            LeaseUntil = null,
            ReadyAt = retryAt ?? (task.ReadyAt > _now ? _now : task.ReadyAt),
        };
        if (ended.Output.Size > Limits.PayloadBytes)
        {
            ended = ended with
            {
                Status = AttemptStatus.FailedWithTerminalError,
                Output = WorkflowExecution.EmptyObject,
                ReasonForIncompletion = TooLarge($"The output of {task.ReferenceName}", ended.Output.Size),
            };
        }
        // What is open in a loop that ends early is not needed any more.
        if (task.Task.Type == TaskTypes.DoWhile) CancelOpen(open => IsInside(open, task.ReferenceName));
        return Put(ended);
    }

    private static string TooLarge(string what, int size) => $"{what} has {size} bytes; the limit is {Limits.PayloadBytes}.";

    private static string? Cut(string? reason) => reason is { Length: > Limits.ReasonCharacters } ? reason[..Limits.ReasonCharacters] : reason;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) => by >= TaskExecution.NotByItself - time ? TaskExecution.NotByItself : time + by;
}
