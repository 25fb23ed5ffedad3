using System.Text.Json.Nodes;
using Countersign.Console.Editing;

namespace Countersign.Console.Workflows;

/// <summary>Offers the expressions that a definition gives something to say for.</summary>
internal static class ExpressionCompletions
{
    private static readonly (string Path, string Detail)[] OfEveryWorkflow =
    [
        ("workflow.workflowId", "id of the execution"), ("workflow.correlationId", "given at the start"), ("workflow.workflowType", "name"),
        ("workflow.version", "number"), ("workflow.input", "object"), ("workflow.variables", "object"), ("workflow.secrets.", "a stored secret"),
        ("workflow.env.", "a variable of the default environment"), ("CPEWF_TASK_ID", "id of the attempt"),
    ];

    /// <summary>What may follow at a place of a text; nothing outside of an expression.</summary>
    /// <param name="definition">Whose inputs, variables and tasks are offered.</param>
    /// <param name="place">Where somebody types.</param>
    public static IReadOnlyList<CodeCompletion> At(JsonObject definition, CompletionPlace place)
    {
        var before = place.Text.AsSpan(0, Math.Clamp(place.Offset, 0, place.Text.Length));
        var start = before.LastIndexOf('$');
        if (start < 0 || before[(start + 1)..].IndexOfAny('}', '"', '\n') >= 0)
            return [];
        var typed = before[start..];
        if (typed.Length > 1 && typed[1] != '{')
            return [];
        var closes = place.Offset >= place.Text.Length || place.Text[place.Offset] != '}';
        var length = typed.Length;
        return [.. Paths(definition).Select(path => new CodeCompletion($"${{{path.Path}{(closes && !path.Path.EndsWith('.') ? "}" : "")}", length, path.Detail))];
    }

    /// <summary>The paths with what each is, in the order in which they are offered.</summary>
    public static IEnumerable<(string Path, string Detail)> Paths(JsonObject definition)
    {
        foreach (var name in Names(definition["inputParameters"]).Concat(Keys(definition["inputTemplate"])).Distinct())
            yield return (Member("workflow.input", name), "input");
        var tasks = TaskTree.Walk(definition).ToList();
        foreach (var name in Keys(definition["variables"]).Concat(tasks.Where(entry => entry.Task.Text("type") == "SET_VARIABLE").SelectMany(entry => Keys(entry.Task["inputParameters"]))).Distinct())
            yield return (Member("workflow.variables", name), "variable");
        foreach (var entry in tasks.Where(entry => entry.Reference.Length > 0))
        {
            foreach (var output in Outputs(entry.Task.Text("type")))
                yield return (entry.Reference + output, entry.Task.Text("type"));
        }
        foreach (var path in OfEveryWorkflow)
            yield return path;
    }

    private static string[] Outputs(string type) => type switch
    {
        "HTTP" or "HTTP_POLL" => [".output.response.body", ".output.response.statusCode", ".output.response.headers"],
        "INLINE" or "JSON_JQ_TRANSFORM" => [".output.result"],
        "SWITCH" => [".output.selectedCase"],
        "COUNTERSIGN_VERIFY" => [".output.factorResult", ".output.factorId", ".output.factorType"],
        "START_WORKFLOW" => [".output.workflowId"],
        "DO_WHILE" => [".output.iteration", ".output"],
        "SET_VARIABLE" or "TERMINATE" or "FORK_JOIN" or "NOOP" => [],
        _ => [".output"],
    };

    private static string Member(string root, string name)
        => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? $"{root}.{name}" : $"{root}['{name}']";

    private static IEnumerable<string> Names(JsonNode? list) => (list as JsonArray)?.OfType<JsonValue>().Select(value => value.ToString()) ?? [];

    private static IEnumerable<string> Keys(JsonNode? members) => (members as JsonObject)?.Select(member => member.Key) ?? [];
}
