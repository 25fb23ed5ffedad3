using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Integrations.Conductor;

/// <summary>What a workflow definition needs to be there where it runs, gathered through all nesting.</summary>
public sealed partial class DefinitionNeeds
{
    /// <summary>The secrets that expressions read.</summary>
    public SortedSet<string> Secrets { get; } = new(StringComparer.Ordinal);
    /// <summary>The environment variables that expressions read.</summary>
    public SortedSet<string> Environment { get; } = new(StringComparer.Ordinal);
    /// <summary>The names of tasks: those of task definitions.</summary>
    public SortedSet<string> TaskNames { get; } = new(StringComparer.Ordinal);
    /// <summary>The reference names of tasks by type.</summary>
    public SortedDictionary<string, SortedSet<string>> Types { get; } = new(StringComparer.Ordinal);
    /// <summary>The names of other workflows, and the references of the tasks that start them.</summary>
    public SortedDictionary<string, SortedSet<string>> Workflows { get; } = new(StringComparer.Ordinal);
    /// <summary>References of HTTP tasks that use Countersign's own <c>authentication</c>.</summary>
    public SortedSet<string> OwnAuthentication { get; } = new(StringComparer.Ordinal);

    /// <summary>Gathers what a definition needs.</summary>
    public static DefinitionNeeds Of(JsonElement definition)
    {
        var needs = new DefinitionNeeds();
        needs.ReadTexts(definition);
        if (definition.TryGetProperty("tasks", out var tasks)) needs.ReadTasks(tasks);
        if (Text(definition, "failureWorkflow") is { } failure && IsName(failure)) Add(needs.Workflows, failure, "failureWorkflow");
        return needs;
    }

    private void ReadTasks(JsonElement tasks)
    {
        if (tasks.ValueKind != JsonValueKind.Array) return;
        foreach (var task in tasks.EnumerateArray())
        {
            if (task.ValueKind == JsonValueKind.Array) ReadTasks(task);   // a branch
            if (task.ValueKind != JsonValueKind.Object) continue;
            var reference = Text(task, "taskReferenceName") ?? "?";
            var type = Text(task, "type") ?? "SIMPLE";
            Add(Types, type, reference);
            if (Text(task, "name") is { Length: > 0 } name && !task.TryGetProperty("taskDefinition", out _)) TaskNames.Add(name);
            if (Member(task, "subWorkflowParam") is { } started && Member(started, "workflowDefinition") is null && IsName(Text(started, "name"))) Add(Workflows, Text(started, "name")!, reference);
            if (type is "HTTP" or "HTTP_POLL" && Member(task, "inputParameters") is { } input && Member(Member(input, "http_request") ?? input, "authentication") is not null) OwnAuthentication.Add(reference);
            if (Member(task, "decisionCases") is { ValueKind: JsonValueKind.Object } cases)
                foreach (var branch in cases.EnumerateObject()) ReadTasks(branch.Value);
            foreach (var nested in new[] { "defaultCase", "forkTasks", "loopOver" })
                if (Member(task, nested) is { } inner) ReadTasks(inner);
        }
    }

    private void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) ReadTexts(member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) ReadTexts(item);
                break;
            case JsonValueKind.String when value.GetString()! is var text && text.Contains("${", StringComparison.Ordinal):
                foreach (Match match in SecretReference().Matches(text))
                    if (!IsEscaped(text, match.Index)) (match.Groups["kind"].Value == "secrets" ? Secrets : Environment).Add(match.Groups["name"].Value);
                break;
        }
    }

    private static bool IsEscaped(string text, int at) => at > 0 && text[at - 1] == '$';

    private static bool IsName(string? name) => name is { Length: > 0 } && !name.Contains("${", StringComparison.Ordinal);

    private static void Add(SortedDictionary<string, SortedSet<string>> to, string key, string value)
    {
        if (!to.TryGetValue(key, out var values)) to[key] = values = new SortedSet<string>(StringComparer.Ordinal);
        values.Add(value);
    }

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    [GeneratedRegex(@"\$\{workflow\.(?<kind>secrets|env)\.(?<name>[A-Za-z0-9_-]+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SecretReference();
}
