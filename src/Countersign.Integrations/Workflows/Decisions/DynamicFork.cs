using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>Branches from data (workflow contract 6.9). They are kept in the fork's memory.</summary>
internal static class DynamicFork
{
    /// <summary>What the input comes to.</summary>
    /// <param name="Memory">What the fork remembers.</param>
    /// <param name="References">The branches' reference names, as a list.</param>
    /// <param name="Error">Why there are none.</param>
    public readonly record struct Made(JsonElement Memory, JsonElement References, string? Error);

    /// <summary>The branches of a fork that was made; one task each.</summary>
    public static ImmutableArray<ImmutableArray<WorkflowTask>> BranchesOf(TaskExecution fork)
        => fork.Memory is { } memory ? [.. WorkflowTask.ListOf(memory, "tasks").Select(task => ImmutableArray.Create(task))] : [];

    /// <summary>Makes the branches.</summary>
    public static Made Make(TaskExecution fork, WorkflowDefinition definition)
    {
        var task = fork.Task;
        var tasks = task.DynamicForkTasksParameter is { Length: > 0 } key
            ? FromTasks(fork.Input, key, task.DynamicForkTasksInputParameter, out var fault)
            : FromInputs(fork.Input, out fault);
        if (tasks is null) return Failed($"{fork.ReferenceName}: {fault}");
        if (tasks.Count > Limits.Tasks) return Failed($"{fork.ReferenceName} has {tasks.Count} branches; the limit is {Limits.Tasks}.");
        var memory = JsonBuilder.BuildObject(writer =>
        {
            writer.WriteStartArray("tasks");
            foreach (var each in tasks) each.WriteTo(writer);
            writer.WriteEndArray();
        });
        if (memory.Size > Limits.PayloadBytes) return Failed($"The branches of {fork.ReferenceName} have {memory.Size} bytes; the limit is {Limits.PayloadBytes}.");
        if (DefinitionRules.FaultInBranches(memory, definition) is { } wrong) return Failed($"A branch of {fork.ReferenceName} cannot be run: {wrong}");
        return new Made(memory, JsonBuilder.Build(writer =>
        {
            writer.WriteStartArray();
            foreach (var each in tasks) writer.WriteStringValue(each.TextOf("taskReferenceName"));
            writer.WriteEndArray();
        }), null);
    }

    private static Made Failed(string error) => new(default, default, error);

    private static List<JsonElement>? FromTasks(JsonElement input, string key, string? inputsKey, out string? fault)
    {
        fault = null;
        if (input.Member(key) is not { ValueKind: JsonValueKind.Array } list)
        {
            fault = $"its input {key} is not a list of tasks.";
            return null;
        }
        var inputs = inputsKey is null ? WorkflowExecution.EmptyObject : input.ObjectOf(inputsKey);
        var tasks = new List<JsonElement>();
        foreach (var task in list.EnumerateArray())
        {
            if (task.ValueKind is not JsonValueKind.Object)
            {
                fault = $"an element of its input {key} is not a task.";
                return null;
            }
            // Inputs are data: expressions in them are not evaluated.
            var given = task.TextOf("taskReferenceName") is { } reference ? Template.Escape(inputs.ObjectOf(reference)) : WorkflowExecution.EmptyObject;
            tasks.Add(given.IsEmpty ? task : task.With("inputParameters", task.ObjectOf("inputParameters").With(given)));
        }
        return tasks;
    }

    private static List<JsonElement>? FromInputs(JsonElement input, out string? fault)
    {
        fault = null;
        var workflow = input.TextOf("forkTaskWorkflow");
        var name = workflow ?? input.TextOf("forkTaskName");
        if (name is null || input.Member("forkTaskInputs") is not { ValueKind: JsonValueKind.Array } elements)
        {
            fault = "its input has neither the tasks that dynamicForkTasksParam names, nor forkTaskName or forkTaskWorkflow with forkTaskInputs, a list.";
            return null;
        }
        var tasks = new List<JsonElement>();
        foreach (var element in elements.EnumerateArray())
        {
            var index = tasks.Count;
            var given = element.ValueKind is JsonValueKind.Object ? element : WorkflowExecution.EmptyObject.With("input", element);
            tasks.Add(JsonBuilder.BuildObject(writer =>
            {
                writer.WriteString("name", name);
                writer.WriteString("taskReferenceName", $"_{name}_{index.ToString(CultureInfo.InvariantCulture)}");
                writer.WriteString("type", workflow is not null ? TaskTypes.SubWorkflow : input.TextOf("forkTaskType") ?? TaskTypes.Simple);
                writer.WritePropertyName("inputParameters");
                Template.Escape(given).With("__index", JsonBuilder.Number(index)).WriteTo(writer);
                if (workflow is null) return;
                writer.WriteStartObject("subWorkflowParam");
                writer.WriteString("name", workflow);
                if (input.NumberOf("forkTaskWorkflowVersion") is { } version) writer.WriteNumber("version", version);
                writer.WriteEndObject();
            }));
        }
        return tasks;
    }
}
