using System.Collections.Immutable;
using System.Globalization;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>An execution in memory, driven step by step on a clock of its own. After every step it is checked that looking again changes nothing.</summary>
internal sealed class Run
{
    private static readonly JintScripts Scripts = new();
    private int _ids;

    private Run(WorkflowDefinition definition) => Definition = definition;

    public WorkflowDefinition Definition { get; }
    public WorkflowExecution Execution { get; private set; } = null!;
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_795_466_807_312);
    public Dictionary<string, TaskDefinition> Registered { get; } = [];
    public Dictionary<string, EndedChild> Children { get; } = [];
    public List<string> Orphans { get; } = [];
    public FailureStart? Failure { get; private set; }
    public double Chance { get; set; }
    public bool IsRepeatable { get; set; }

    public WorkflowStatus Status => Execution.Status;
    public string Output => Execution.Output.GetRawText();
    public IEnumerable<string> Shown => Execution.Tasks.Select(task => $"{task.ReferenceName} {task.Status.Name}");

    public static Run Of(string tasks, string input = "{}", string more = "", Action<Run>? prepare = null)
    {
        var run = Prepared(tasks, more);
        prepare?.Invoke(run);
        run.Start(input);
        return run;
    }

    public static Run Prepared(string tasks, string more = "")
    {
        var read = DefinitionRules.Check(JsonBuilder.Read($$"""{"name":"flow","version":1,{{more}}"tasks":[{{tasks}}]}"""), _ => null);
        Assert.True(read.Definition is not null, string.Join("; ", read.Faults.Select(fault => $"{fault.Path}: {fault.Message}")));
        return new Run(read.Definition!);
    }

    public Decision TryStart(StartRequest request) => WorkflowDecider.Start(request, Inputs());

    public void Start(string input = "{}", Func<StartRequest, StartRequest>? change = null)
    {
        var request = new StartRequest { Id = "w1", Definition = Definition, Input = JsonBuilder.Read(input) };
        Accept(TryStart(change is null ? request : change(request)));
    }

    public void Register(string definition)
    {
        var read = DefinitionRules.CheckTask(JsonBuilder.Read(definition));
        Assert.Empty(read.Faults);
        Registered[read.Definition!.Name] = read.Definition;
    }

    public TaskExecution Task(string reference) => Execution.Tasks.Last(task => task.ReferenceName == reference);

    public string Shows(string reference) => Task(reference).Status.Name;

    public Decision.Refused? Try(WorkflowChange change)
    {
        var before = Execution;
        var decision = WorkflowDecider.Decide(Execution, change, Inputs());
        if (decision is Decision.Refused refused)
        {
            Assert.Same(before, Execution);
            return refused;
        }
        Accept(decision);
        return null;
    }

    public Run Do(WorkflowChange change)
    {
        var refused = Try(change);
        Assert.True(refused is null, refused?.Message);
        return this;
    }

    public Run Pass(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Do(new WorkflowChange.Look());
    }

    /// <summary>Passes the time until something is to be decided.</summary>
    public Run PassUntilDue()
    {
        Assert.NotNull(Execution.DueAt);
        Now = Execution.DueAt!.Value;
        return Do(new WorkflowChange.Look());
    }

    public Run Take(string reference, string worker = "worker", TimeSpan? lease = null) => Do(new WorkflowChange.Take([Task(reference).Id], worker, lease));

    public Run Complete(string reference, string output = "{}") => Update(reference, AttemptStatus.Completed, output);

    public Run Fail(string reference, AttemptStatus status = AttemptStatus.Failed, string reason = "no luck") => Update(reference, status, "{}", reason);

    public Run Update(string reference, AttemptStatus status, string output = "{}", string? reason = null, long callback = 0)
        => Do(new WorkflowChange.Update(new TaskUpdate { TaskId = Task(reference).Id, Status = status, Output = JsonBuilder.Read(output), Reason = reason, CallbackAfterSeconds = callback, WorkerId = "worker" }));

    public Run Visit(string reference, TaskOutcome outcome, string node = "node") => Do(new WorkflowChange.Visited(Task(reference).Id, node, outcome));

    public DecisionInputs Inputs() => new()
    {
        Now = Now,
        TaskDefinitionOf = name => Registered.GetValueOrDefault(name),
        EnvironmentOf = name => name == "HOST" ? "example.org" : null,
        EndedChildren = Children,
        NewId = () => (++_ids).ToString("x8", CultureInfo.InvariantCulture),
        Random = () => Chance,
        Scripts = Scripts,
        IsRepeatable = _ => IsRepeatable,
    };

    private void Accept(Decision decision)
    {
        var decided = Assert.IsType<Decision.Decided>(decision);
        Orphans.AddRange(decided.Orphans);
        Failure = decided.StartsFailureWorkflow ?? Failure;
        Execution = decided.Execution;
        Check();
        // What is left for the next decision follows at once, as a runner does it.
        while (Execution.DueAt <= Now)
        {
            decided = Assert.IsType<Decision.Decided>(WorkflowDecider.Decide(Execution, new WorkflowChange.Look(), Inputs()));
            Assert.NotSame(Execution, decided.Execution);
            Failure = decided.StartsFailureWorkflow ?? Failure;
            Orphans.AddRange(decided.Orphans);
            Execution = decided.Execution;
            Check();
        }
        var again = Assert.IsType<Decision.Decided>(WorkflowDecider.Decide(Execution, new WorkflowChange.Look(), Inputs()));
        Assert.Same(Execution, again.Execution);
        Assert.Empty(again.Orphans);
        Assert.Null(again.StartsFailureWorkflow);
    }

    private void Check()
    {
        Assert.Equal(Execution.Tasks.Length, Execution.Tasks.Select(task => (task.ReferenceName, task.RetryCount)).Distinct().Count());
        Assert.Equal(Execution.Tasks.Length, Execution.Tasks.Select(task => task.Id).Distinct().Count());
        Assert.Equal(Execution.Tasks.Select(task => task.Sequence).Order(), Execution.Tasks.Select(task => task.Sequence));
        if (Execution.Status.IsFinal)
        {
            Assert.All(Execution.Tasks, task => Assert.True(task.Status.IsFinal, task.ReferenceName));
            Assert.NotNull(Execution.EndedAt);
            Assert.Null(Execution.DueAt);
        }
        RoundTrip();
    }

    /// <summary>What is stored reads back the same, and the decision over it is the same.</summary>
    private void RoundTrip()
    {
        ImmutableArray<TaskExecution> tasks = [.. Execution.Tasks.Select(task => WorkflowCodec.ReadTask(WorkflowCodec.WriteTask(task, Definition), Definition))];
        var read = WorkflowCodec.ReadHeader(WorkflowCodec.WriteHeader(Execution), Definition, Execution.Version, tasks);
        Assert.Equal(WorkflowCodec.WriteHeader(Execution), WorkflowCodec.WriteHeader(read));
        Assert.Equal(Shown, read.Tasks.Select(task => $"{task.ReferenceName} {task.Status.Name}"));
        Assert.Equal(Document(Execution), Document(read));
    }

    public static string Document(WorkflowExecution execution)
        => JsonBuilder.Build(writer => ExecutionDocuments.Write(writer, execution, true, _ => null)).GetRawText();
}
