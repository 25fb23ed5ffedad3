using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>A workflow definition (workflow contract 2): a view of its document, of which nothing is lost. Immutable; what is read is kept.</summary>
public sealed class WorkflowDefinition
{
    private ImmutableArray<WorkflowTask>? _tasks;
    private FrozenDictionary<string, WorkflowTask>? _byReference;

    /// <summary>Views a document without a fault in the rules of the contract.</summary>
    /// <param name="document">The document: it owns its memory.</param>
    public WorkflowDefinition(JsonElement document) => Document = document;

    /// <summary>The document as it was stored, unknown properties included.</summary>
    public JsonElement Document { get; }
    /// <summary>The name.</summary>
    public string Name => field ??= Document.TextOf("name") ?? "";
    /// <summary>The version, from 1.</summary>
    public int Version => (int)Math.Clamp(Document.NumberOf("version") ?? 1, 1, int.MaxValue);
    /// <summary>What it is for.</summary>
    public string? Description => Document.TextOf("description");
    /// <summary>The tasks in their order.</summary>
    public ImmutableArray<WorkflowTask> Tasks => _tasks ??= WorkflowTask.ListOf(Document, "tasks");
    /// <summary>Names of inputs, for people and forms only.</summary>
    public IEnumerable<string> InputParameters => Document.TextsOf("inputParameters");
    /// <summary>Defaults of the input, by key.</summary>
    public JsonElement InputTemplate => Document.ObjectOf("inputTemplate");
    /// <summary>The template of the output; empty when there is none.</summary>
    public JsonElement OutputParameters => Document.ObjectOf("outputParameters");
    /// <summary>The first values of the variables.</summary>
    public JsonElement Variables => Document.ObjectOf("variables");
    /// <summary>How long an execution may take before it ends as TIMED_OUT; null: for ever, or the policy only tells.</summary>
    public TimeSpan? Timeout => Document.TextOf("timeoutPolicy") == "TIME_OUT_WF" ? Durations.FromSeconds(Document.NumberOf("timeoutSeconds")) : null;
    /// <summary>The workflow that is started when an execution fails: its name, or an expression; null: none.</summary>
    public string? FailureWorkflow => Document.TextOf("failureWorkflow") is { Length: > 0 } name ? name : null;
    /// <summary>Its version; null: the highest.</summary>
    public int? FailureWorkflowVersion => Document.NumberOf("failureWorkflowVersion") is > 0 and <= int.MaxValue and var version ? (int)version : null;
    /// <summary>Whether a completed execution may be restarted.</summary>
    public bool IsRestartable => Document.Member("restartable") is not { ValueKind: JsonValueKind.False };
    /// <summary>Names of members whose values are shown as <c>***</c>.</summary>
    public IReadOnlySet<string> MaskedFields => field ??= Document.TextsOf("maskedFields").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every task by its reference name, those inside branches, cases and loops included.</summary>
    public IReadOnlyDictionary<string, WorkflowTask> TasksByReference => ByReference;

    private FrozenDictionary<string, WorkflowTask> ByReference
        => _byReference ??= Tasks.SelectMany(task => task.SelfAndNested()).DistinctBy(task => task.ReferenceName).ToFrozenDictionary(task => task.ReferenceName, StringComparer.Ordinal);

    /// <summary>The task of a reference name; null: none.</summary>
    public WorkflowTask? Find(string referenceName) => ByReference.GetValueOrDefault(referenceName);
}
