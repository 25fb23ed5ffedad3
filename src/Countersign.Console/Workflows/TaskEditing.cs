using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>Changes to the tasks of a definition's tree; each answers where the task stands afterwards.</summary>
internal static class TaskEditing
{
    /// <summary>Puts a task into a list, which is made where there is none yet.</summary>
    /// <param name="definition">The tree.</param>
    /// <param name="list">The place of the list, as <c>tasks</c> or <c>tasks[1].defaultCase</c>.</param>
    /// <param name="index">Before which task; beyond the end means last.</param>
    /// <param name="task">The task, of no other tree.</param>
    public static string Insert(JsonObject definition, string list, int index, JsonObject task)
    {
        var tasks = ListAt(definition, list);
        index = Math.Clamp(index, 0, tasks.Count);
        tasks.Insert(index, task);
        return JsonPlace.Element(list, index);
    }

    /// <summary>Puts the JOIN behind a fork that it needs, unless there is one.</summary>
    /// <param name="definition">The tree.</param>
    /// <param name="list">The place of the list.</param>
    /// <param name="index">Where the fork is in it.</param>
    /// <param name="taken">The reference names that there are.</param>
    public static void JoinAfter(JsonObject definition, string list, int index, HashSet<string> taken)
    {
        var tasks = ListAt(definition, list);
        if (tasks.Count > index + 1 && (tasks[index + 1] as JsonObject).Text("type") == "JOIN")
            return;
        var join = TaskType.Of("JOIN").Begin(taken);
        var ends = (tasks[index]!["forkTasks"] as JsonArray)?.OfType<JsonArray>().Select(branch => (branch.LastOrDefault() as JsonObject).Text("taskReferenceName")) ?? [];
        join["joinOn"] = new JsonArray([.. ends.Where(name => name.Length > 0).Select(name => (JsonNode?)name)]);
        tasks.Insert(index + 1, join);
    }

    /// <summary>Takes a task away, with all that is inside it.</summary>
    public static void Delete(JsonObject definition, TaskEntry entry) => ListAt(definition, entry.List).RemoveAt(entry.Index);

    /// <summary>Moves a task up (-1) or down (+1) in its list; at an end it stays.</summary>
    public static string Move(JsonObject definition, TaskEntry entry, int by)
    {
        var tasks = ListAt(definition, entry.List);
        var index = Math.Clamp(entry.Index + by, 0, tasks.Count - 1);
        var task = tasks[entry.Index];
        tasks.RemoveAt(entry.Index);
        tasks.Insert(index, task);
        return JsonPlace.Element(entry.List, index);
    }

    /// <summary>Puts a copy behind a task; every reference name in the copy becomes one that is not taken.</summary>
    public static string Copy(JsonObject definition, TaskEntry entry)
    {
        var copy = (JsonObject)entry.Task.DeepClone();
        var taken = References(definition);
        foreach (var inner in TaskTree.Walk(new JsonObject { ["tasks"] = new JsonArray(copy) }).ToList())
            inner.Task["taskReferenceName"] = Unique(taken, inner.Reference.Length == 0 ? "task" : inner.Reference);
        copy.Parent!.AsArray().Remove(copy);
        return Insert(definition, entry.List, entry.Index + 1, copy);
    }

    /// <summary>All reference names, through all nesting.</summary>
    public static HashSet<string> References(JsonObject definition) => [.. TaskTree.Walk(definition).Select(entry => entry.Reference).Where(name => name.Length > 0)];

    /// <summary>A name that is not taken, which is taken from then on: <c>name</c>, <c>name_2</c>, <c>name_3</c>…</summary>
    public static string Unique(HashSet<string> taken, string name)
    {
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? name : $"{name}_{number}";
            if (taken.Add(candidate))
                return candidate;
        }
    }

    /// <summary>Sets a member at a path of names below a task; null takes it away, and objects that are empty by it with it.</summary>
    public static void Set(JsonObject task, IReadOnlyList<string> path, JsonNode? value)
    {
        if (path.Count == 1)
        {
            if (value is null)
                task.Remove(path[0]);
            else
                task[path[0]] = value;
            return;
        }
        if (task[path[0]] is not JsonObject inner)
        {
            if (value is null)
                return;
            task[path[0]] = inner = [];
        }
        Set(inner, [.. path.Skip(1)], value);
        if (value is null && inner.Count == 0)
            task.Remove(path[0]);
    }

    /// <summary>What stands at a path of names below a task.</summary>
    public static JsonNode? Get(JsonObject task, IReadOnlyList<string> path)
        => path.Aggregate((JsonNode?)task, (node, name) => (node as JsonObject)?[name]);

    /// <summary>Renames a case of a SWITCH and keeps its place among the others; a name that is taken changes nothing.</summary>
    public static void RenameCase(JsonObject task, string from, string to)
    {
        if (task["decisionCases"] is not JsonObject cases || cases.ContainsKey(to) || !cases.ContainsKey(from))
            return;
        var all = cases.ToList();
        cases.Clear();
        foreach (var (value, tasks) in all)
            cases[value == from ? to : value] = tasks;
    }

    private static JsonArray ListAt(JsonObject definition, string list)
    {
        if (JsonPlace.In(definition, list) is JsonArray known)
            return known;
        // Only a last member may be missing: defaultCase, loopOver, one case, or the definition's own list.
        var steps = JsonPlace.Steps(list);
        JsonNode node = definition;
        foreach (var step in steps.Take(steps.Count - 1))
            node = (step is int index ? node.AsArray()[index] : node.AsObject()[(string)step]) ?? throw new InvalidOperationException($"There is nothing at {list}.");
        var made = new JsonArray();
        if (steps[^1] is int last)
            node.AsArray()[last] = made;
        else
            node.AsObject()[(string)steps[^1]] = made;
        return made;
    }
}
