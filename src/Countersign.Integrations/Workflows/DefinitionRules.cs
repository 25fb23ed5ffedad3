using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows.Rules;

namespace Countersign.Integrations.Workflows;

/// <summary>What is wrong at one place of a document.</summary>
/// <param name="Path">The place, for example <c>tasks[2].taskReferenceName</c>.</param>
/// <param name="Message">One sentence.</param>
/// <param name="InvalidValue">What was found there; null when nothing was.</param>
public sealed record ValidationFault(string Path, string Message, string? InvalidValue);

/// <summary>A checked definition.</summary>
/// <param name="Definition">The definition; null when there are faults.</param>
/// <param name="Faults">What must be mended, at most 100.</param>
/// <param name="Warnings">What may be meant as it is, at most 100.</param>
public sealed record CheckedDefinition(WorkflowDefinition? Definition, ImmutableArray<ValidationFault> Faults, ImmutableArray<ValidationFault> Warnings);

/// <summary>A checked task definition.</summary>
/// <param name="Definition">The task definition; null when there are faults.</param>
/// <param name="Faults">What must be mended, at most 100.</param>
public sealed record CheckedTaskDefinition(TaskDefinition? Definition, ImmutableArray<ValidationFault> Faults);

/// <summary>The rules that definitions keep (workflow contract 1.5, 2, 4, 6.1).</summary>
public static class DefinitionRules
{
    /// <summary>Reads and checks a workflow definition.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <param name="definitionOf">The registered task definition of a name: an HTTP task may have its request from there.</param>
    public static CheckedDefinition Read(ReadOnlySpan<byte> utf8, Func<string, TaskDefinition?> definitionOf)
    {
        if (utf8.Length > Limits.DefinitionBytes) return Refused("", $"A definition has at most {Limits.DefinitionBytes} bytes; this one has {utf8.Length}.");
        try
        {
            return Check(JsonBuilder.Read(utf8), definitionOf);
        }
        catch (JsonException wrong)
        {
            return Refused("", $"This is not JSON: {wrong.Message}");
        }
    }

    /// <summary>Checks a workflow definition's document, which owns its memory.</summary>
    public static CheckedDefinition Check(JsonElement document, Func<string, TaskDefinition?> definitionOf)
    {
        if (document.ValueKind is not JsonValueKind.Object) return Refused("", "A definition is an object.");
        if (document.Size > Limits.DefinitionBytes) return Refused("", $"A definition has at most {Limits.DefinitionBytes} bytes; this one has {document.Size}.");
        var faults = new Faults();
        new DefinitionCheck(faults, definitionOf).Check(document, "");
        return new CheckedDefinition(faults.IsEmpty ? new WorkflowDefinition(document) : null, faults.All, faults.Warnings);
    }

    /// <summary>Checks a task definition's document, which owns its memory.</summary>
    /// <param name="document">The document.</param>
    /// <param name="path">The place of the document in the request, for the faults' paths; empty for the whole.</param>
    public static CheckedTaskDefinition CheckTask(JsonElement document, string path = "")
    {
        var faults = new Faults();
        if (document.ValueKind is not JsonValueKind.Object) faults.Add(path, "A task definition is an object.");
        else if (document.Size > Limits.DefinitionBytes) faults.Add(path, $"A task definition has at most {Limits.DefinitionBytes} bytes; this one has {document.Size}.");
        else TaskDefinitionCheck.Check(document, path, faults, isEmbedded: false);
        return new CheckedTaskDefinition(faults.IsEmpty ? new TaskDefinition(document) : null, faults.All);
    }

    /// <summary>The tasks whose types are stored but not run here (workflow contract 6.1): a definition with any is not started.</summary>
    public static IReadOnlyList<WorkflowTask> Unstartable(WorkflowDefinition definition)
        => [.. definition.Tasks.SelectMany(task => task.SelfAndNested()).Where(task => TaskTypes.IsUnserved(task.Type) || IsUnservedEvent(task))];

    private static bool IsUnservedEvent(WorkflowTask task) => task.Type == TaskTypes.Event && EventSink.AddressOf(task.Document.TextOf("sink")) is null;

    /// <summary>Why a definition is not started, as one sentence that names the tasks; null when it may be.</summary>
    public static string? WhyUnstartable(WorkflowDefinition definition) => Unstartable(definition) is { Count: > 0 } tasks
        ? $"The definition {definition.Name} cannot be started here, because of these tasks: {string.Join(", ", tasks.Take(20).Select(task => $"{task.ReferenceName} ({task.Type})"))}."
        : null;

    /// <summary>What is wrong with the branches of a dynamic fork; null: nothing.</summary>
    internal static string? FaultInBranches(JsonElement owner, WorkflowDefinition definition)
    {
        var faults = new Faults();
        new DefinitionCheck(faults, static _ => null).CheckBranches(owner, definition);
        return faults.All is [var first, ..] ? $"{first.Path}: {first.Message}" : null;
    }

    private static CheckedDefinition Refused(string path, string message) => new(null, [new ValidationFault(path, message, null)], []);
}
