using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>One task of a definition.</summary>
/// <param name="Place">Where it stands, as <c>tasks[2].forkTasks[0][1]</c>.</param>
/// <param name="Task">Its part of the document.</param>
/// <param name="List">The place of the list that it is in.</param>
/// <param name="Index">Where in that list.</param>
internal sealed record TaskEntry(string Place, JsonObject Task, string List, int Index)
{
    /// <summary>What expressions call it; empty while it has no name.</summary>
    public string Reference => Task.Text("taskReferenceName");
}

/// <summary>A list of tasks inside a task.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Label">What leads into it, as the value of a case; empty when nothing need be said.</param>
/// <param name="Tasks">The list; null when there is none there yet.</param>
internal sealed record TaskBranch(string Place, string Label, JsonArray? Tasks);

/// <summary>Reads the tasks of a definition through all nesting. Whatever is not as it should be is passed over.</summary>
internal static class TaskTree
{
    /// <summary>The place of a definition's own list.</summary>
    public const string Root = "tasks";

    /// <summary>Every task, each before those inside it.</summary>
    public static IEnumerable<TaskEntry> Walk(JsonObject definition) => WalkList(definition["tasks"] as JsonArray, Root);

    /// <summary>The lists inside a task, in the order in which they are drawn.</summary>
    public static IEnumerable<TaskBranch> Branches(JsonObject task, string place)
    {
        var isSwitch = task.Text("type") is "SWITCH" or "DECISION";
        if (task["decisionCases"] is JsonObject cases)
        {
            foreach (var (value, tasks) in cases)
                yield return new TaskBranch(JsonPlace.Member(JsonPlace.Member(place, "decisionCases"), value), value, tasks as JsonArray);
        }
        if (task["defaultCase"] is JsonArray || isSwitch)
            yield return new TaskBranch(JsonPlace.Member(place, "defaultCase"), "default", task["defaultCase"] as JsonArray);
        if (task["forkTasks"] is JsonArray forks)
        {
            for (var index = 0; index < forks.Count; index++)
                yield return new TaskBranch(JsonPlace.Element(JsonPlace.Member(place, "forkTasks"), index), "", forks[index] as JsonArray);
        }
        if (task["loopOver"] is JsonArray || task.Text("type") == "DO_WHILE")
            yield return new TaskBranch(JsonPlace.Member(place, "loopOver"), "", task["loopOver"] as JsonArray);
    }

    /// <summary>The innermost task at or around a place; null outside of all.</summary>
    public static TaskEntry? Around(JsonObject definition, string place)
    {
        var steps = JsonPlace.Steps(place);
        return Walk(definition).LastOrDefault(entry => JsonPlace.Steps(entry.Place) is var inner && inner.Count <= steps.Count && inner.SequenceEqual(steps.Take(inner.Count)));
    }

    /// <summary>A text member; empty when there is none.</summary>
    public static string Text(this JsonObject? members, string name)
        => members?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static IEnumerable<TaskEntry> WalkList(JsonArray? tasks, string list)
    {
        for (var index = 0; index < tasks?.Count; index++)
        {
            if (tasks[index] is not JsonObject task)
                continue;
            var place = JsonPlace.Element(list, index);
            yield return new TaskEntry(place, task, list, index);
            foreach (var branch in Branches(task, place))
            {
                foreach (var inner in WalkList(branch.Tasks, branch.Place))
                    yield return inner;
            }
        }
    }
}
