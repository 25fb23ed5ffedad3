using System.Text.Json.Nodes;
using Countersign.Console.Shell;
using Microsoft.JSInterop;

namespace Countersign.Console.HttpTasks;

/// <summary>What the expressions of a test stand for. It is remembered in the tab, for each workflow definition or operation, and forgotten with it.</summary>
public sealed class TestVariables(IJSInProcessRuntime browser)
{
    private Dictionary<string, string> _values = [];
    private string _subject = "";

    /// <summary>What a test has to be told: every expression but secrets and the environment, which the server knows.</summary>
    public static IReadOnlyList<string> Asked(JsonObject request)
        => [.. Texts(request).SelectMany(ExpressionText.Paths).Where(path => path is not "" && !path.Contains("${", StringComparison.Ordinal) && References.NameUnder(path, "secrets") is null && References.NameUnder(path, "env") is null).Distinct()];

    /// <summary>The value of a path as it was typed.</summary>
    public string this[string path]
    {
        get => _values.GetValueOrDefault(path, "");
        set
        {
            _values[path] = value;
            var kept = new JsonObject();
            foreach (var (name, text) in _values)
                kept[name] = text;
            browser.InvokeVoid("sessionStorage.setItem", _subject, JsonText.CompactOf(kept));
        }
    }

    /// <summary>Begins with what was typed last for this definition or operation.</summary>
    public void Remember(string subject)
    {
        _subject = $"countersign.variables.{subject}";
        _values = browser.Invoke<string?>("sessionStorage.getItem", _subject) is { } kept && JsonText.TryParse(kept, out var node, out _) && node is JsonObject values
            ? values.ToDictionary(value => value.Key, value => value.Value?.ToString() ?? "")
            : [];
    }

    /// <summary>Takes the values of an earlier test.</summary>
    public void Take(JsonObject variables)
    {
        foreach (var (path, value) in variables)
            this[path] = value is JsonValue one && one.TryGetValue<string>(out var text) ? text : JsonText.CompactOf(value);
    }

    /// <summary>The values that there are. One is text unless its input is of another type, or it is an object or a list.</summary>
    public JsonObject ToJson(IEnumerable<string> asked, IReadOnlyDictionary<string, string> types)
    {
        var variables = new JsonObject();
        foreach (var path in asked)
        {
            var typed = this[path];
            if (typed is "")
                continue;
            var isText = types.GetValueOrDefault(path, "String") is "String" && typed.TrimStart() is not ['{' or '[', ..];
            variables[path] = !isText && JsonText.TryParse(typed, out var parsed, out _) ? parsed : JsonValue.Create(typed);
        }

        return variables;
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
