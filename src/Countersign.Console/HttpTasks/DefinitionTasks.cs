using System.Text.Json.Nodes;

namespace Countersign.Console.HttpTasks;

/// <summary>What the task builder reads from a workflow definition, and what it puts into one. All else stays as it is.</summary>
internal static class DefinitionTasks
{
    /// <summary>The lists that hold tasks within a task.</summary>
    private static readonly string[] Lists = ["loopOver", "defaultCase"];

    extension(JsonObject definition)
    {
        /// <summary>The definition's name.</summary>
        public string DefinitionName => Text(definition, "name") ?? "";

        /// <summary>The definition's version, from 1.</summary>
        public int DefinitionVersion => definition["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;

        /// <summary>The names of its inputs.</summary>
        public IEnumerable<string> Inputs => (definition["inputParameters"] as JsonArray ?? [])
            .Select(name => name is JsonValue value && value.TryGetValue<string>(out var text) ? text : null).OfType<string>();

        /// <summary>Its tasks in order, those within others too.</summary>
        public IEnumerable<JsonObject> AllTasks => Flat(definition["tasks"]);

        /// <summary>A new version with a task at its end, or in the place of the task of the same reference name.</summary>
        /// <param name="task">The task.</param>
        /// <param name="inputs">The workflow's inputs that it takes; those that the definition lacks are added.</param>
        /// <param name="outputs">What is added to the workflow's output: names and expressions.</param>
        /// <param name="version">The version that the result has.</param>
        public JsonObject With(JsonObject task, IEnumerable<string> inputs, IReadOnlyDictionary<string, string> outputs, int version)
        {
            var result = definition.DeepClone().AsObject();
            result["version"] = version;
            var reference = Text(task, "taskReferenceName");
            if (Flat(result["tasks"]).FirstOrDefault(other => Text(other, "taskReferenceName") == reference) is { } present)
                present.ReplaceWith(task.DeepClone());
            else if (result["tasks"] is JsonArray tasks)
                tasks.Add(task.DeepClone());
            else
                result["tasks"] = new JsonArray(task.DeepClone());

            string[] all = [.. result.Inputs.Concat(inputs).Distinct()];
            result["inputParameters"] = new JsonArray([.. all.Select(name => (JsonNode)JsonValue.Create(name))]);
            foreach (var (name, expression) in outputs)
            {
                if (result["outputParameters"] is not JsonObject given)
                    result["outputParameters"] = given = [];
                given[name] = expression;
            }

            return result;
        }
    }

    /// <summary>An empty definition.</summary>
    public static JsonObject New(string name, string? description)
    {
        var definition = new JsonObject { ["name"] = name, ["version"] = 1 };
        if (!string.IsNullOrWhiteSpace(description))
            definition["description"] = description.Trim();
        definition["tasks"] = new JsonArray();
        definition["schemaVersion"] = 2;
        return definition;
    }

    /// <summary>A member that is text.</summary>
    public static string? Text(JsonObject document, string name) => document[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<JsonObject> Flat(JsonNode? tasks)
    {
        foreach (var task in (tasks as JsonArray ?? []).OfType<JsonObject>())
        {
            yield return task;
            var within = Lists.Select(name => task[name])
                .Concat((task["decisionCases"] as JsonObject ?? []).Select(branch => branch.Value))
                .Concat(task["forkTasks"] as JsonArray ?? []);
            foreach (var inner in within.SelectMany(Flat))
                yield return inner;
        }
    }
}
