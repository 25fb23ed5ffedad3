using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows;

/// <summary>A task of a definition (workflow contract 3): a view of its document. Immutable; what is read is kept.</summary>
/// <param name="document">The document: it owns its memory.</param>
public sealed class WorkflowTask(JsonElement document)
{
    private ImmutableArray<ImmutableArray<WorkflowTask>>? _branches;
    private ImmutableArray<WorkflowTask>? _loop;
    private ImmutableArray<WorkflowTask>? _default;
    private FrozenDictionary<string, ImmutableArray<WorkflowTask>>? _cases;

    /// <summary>The document, unknown properties included.</summary>
    public JsonElement Document { get; } = document;
    /// <summary>The name: that of its task definition, and of the queue of a worker's task.</summary>
    public string Name => field ??= Document.TextOf("name") ?? "";
    /// <summary>What expressions and results refer to.</summary>
    public string ReferenceName => field ??= Document.TextOf("taskReferenceName") ?? "";
    /// <summary>The type as it was written; SIMPLE when none was.</summary>
    public string Type => field ??= Document.TextOf("type") is { Length: > 0 } type ? type : TaskTypes.Simple;
    /// <summary>The template of the input.</summary>
    public JsonElement InputParameters => Document.ObjectOf("inputParameters");
    /// <summary>Whether the execution goes on as if it had succeeded when attempts are used up.</summary>
    public bool IsOptional => Document.FlagOf("optional");
    /// <summary>Whether others go on when attempts are used up, and the execution fails at its end.</summary>
    public bool IsPermissive => Document.FlagOf("permissive");
    /// <summary>How long the first attempt waits.</summary>
    public TimeSpan StartDelay => Durations.FromSeconds(Document.NumberOf("startDelay")) ?? TimeSpan.Zero;
    /// <summary>Whether a successful call leaves it IN_PROGRESS until somebody updates it.</summary>
    public bool IsAsyncComplete => Document.FlagOf("asyncComplete");
    /// <summary>Takes the place of the task definition's figure; null: does not.</summary>
    public int? RetryCount => Document.NumberOf("retryCount") is >= 0 and <= int.MaxValue and var count ? (int)count : null;
    /// <summary>The embedded task definition; null: none.</summary>
    public TaskDefinition? EmbeddedDefinition => field ??= Document.Member("taskDefinition") is { ValueKind: JsonValueKind.Object } embedded ? new TaskDefinition(embedded) : null;

    /// <summary>SWITCH: <c>value-param</c>, <c>javascript</c> or <c>graaljs</c>.</summary>
    public string? EvaluatorType => Document.TextOf("evaluatorType");
    /// <summary>SWITCH: the input's key, or the script.</summary>
    public string? Expression => Document.TextOf("expression");
    /// <summary>SWITCH: what is run, by the result's text.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<WorkflowTask>> DecisionCases => _cases ??= Document.ObjectOf("decisionCases").EnumerateObject()
        .DistinctBy(member => member.Name).ToFrozenDictionary(member => member.Name, member => ListOf(member.Value), StringComparer.Ordinal);
    /// <summary>SWITCH: what is run when there is no case of the result's text.</summary>
    public ImmutableArray<WorkflowTask> DefaultCase => _default ??= ListOf(Document, "defaultCase");
    /// <summary>FORK_JOIN: the branches.</summary>
    public ImmutableArray<ImmutableArray<WorkflowTask>> ForkTasks => _branches ??= [.. Document.ListOf("forkTasks").Select(ListOf)];
    /// <summary>JOIN: the reference names that it waits for.</summary>
    public IEnumerable<string> JoinOn => Document.TextsOf("joinOn");
    /// <summary>DO_WHILE: the script that says whether to go on; null: none.</summary>
    public string? LoopCondition => Document.TextOf("loopCondition");
    /// <summary>DO_WHILE: what is run each time.</summary>
    public ImmutableArray<WorkflowTask> LoopOver => _loop ??= ListOf(Document, "loopOver");
    /// <summary>DO_WHILE: the list to go through, or an expression that gives it; null: none.</summary>
    public JsonElement? Items => Document.Member("items");
    /// <summary>SUB_WORKFLOW: name, version, inline definition and more.</summary>
    public JsonElement SubWorkflowParameters => Document.ObjectOf("subWorkflowParam");
    /// <summary>DYNAMIC: the input's key that holds the name.</summary>
    public string? DynamicTaskNameParameter => Document.TextOf("dynamicTaskNameParam");
    /// <summary>FORK_JOIN_DYNAMIC: the input's key that holds the tasks.</summary>
    public string? DynamicForkTasksParameter => Document.TextOf("dynamicForkTasksParam");
    /// <summary>FORK_JOIN_DYNAMIC: the input's key that holds the inputs by reference name.</summary>
    public string? DynamicForkTasksInputParameter => Document.TextOf("dynamicForkTasksInputParamName");

    /// <summary>The lists of tasks inside of it: branches, cases, the loop.</summary>
    public IEnumerable<ImmutableArray<WorkflowTask>> NestedLists() => Type switch
    {
        TaskTypes.Switch => DecisionCases.Values.Append(DefaultCase),
        TaskTypes.ForkJoin => ForkTasks,
        TaskTypes.DoWhile => [LoopOver],
        _ => [],
    };

    /// <summary>It and every task inside of it.</summary>
    public IEnumerable<WorkflowTask> SelfAndNested() => NestedLists().SelectMany(list => list).SelectMany(task => task.SelfAndNested()).Prepend(this);

    /// <summary>The secrets that its own template, or that of its task definition, names: these alone may be put into its input.</summary>
    /// <param name="definition">The task definition that applies; null: none.</param>
    public IReadOnlySet<string> SecretNames(TaskDefinition? definition)
    {
        var own = SecretExpressions.NamesIn(InputParameters);
        return definition is null || definition.InputTemplate.IsEmpty ? own : own.Union(SecretExpressions.NamesIn(definition.InputTemplate)).ToHashSet(StringComparer.Ordinal);
    }

    internal static ImmutableArray<WorkflowTask> ListOf(JsonElement owner, string name)
        => [.. owner.ListOf(name).Where(task => task.ValueKind is JsonValueKind.Object).Select(task => new WorkflowTask(task))];

    private static ImmutableArray<WorkflowTask> ListOf(JsonElement list) => list.ValueKind is JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(task => task.ValueKind is JsonValueKind.Object).Select(task => new WorkflowTask(task))]
        : [];
}
