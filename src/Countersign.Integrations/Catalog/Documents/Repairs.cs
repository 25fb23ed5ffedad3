using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Mends what real documents have wrong and what the reader would refuse the whole document for; each is told.</summary>
public static class Repairs
{
    // In these, whatever stands there is meant.
    private static readonly HashSet<string> Values = new(StringComparer.Ordinal) { "example", "examples", "default", "enum", "const", "value", "dataValue" };

    /// <summary>Mends a tree in place.</summary>
    public static void Run(JsonObject root, Action<string, string> report) => Walk(root, "#", isNamed: false, report);

    private static void Walk(JsonNode node, string place, bool isNamed, Action<string, string> report, bool isSchemas = false)
    {
        if (node is JsonArray items)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                if (items[i] is { } item) Walk(item, $"{place}/{i}", false, report);
                else
                {
                    items.RemoveAt(i);
                    report($"{place}/{i}", "A null stands here, where none may; it is left out.");
                }
            }
            return;
        }
        if (node is not JsonObject members) return;
        List<string>? nulls = null, booleans = null;
        foreach (var (name, value) in members)
        {
            if (isSchemas && value is JsonValue flag && flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False) (booleans ??= []).Add(name);
            // Below properties and the like, names are the document's own: one may be called "default".
            if (!isNamed && (Values.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal))) continue;
            if (value is null) (nulls ??= []).Add(name);
            else Walk(value, $"{place}/{Pointers.Escape(name)}", !isNamed && IsMap(name), report, !isNamed && IsSchemas(name));
        }
        foreach (var name in booleans ?? [])
        {
            // A schema may be true, which is any, or false, which is none; the reader knows neither.
            if (members[name]!.GetValue<bool>()) members[name] = new JsonObject();
            else
            {
                members.Remove(name);
                report($"{place}/{Pointers.Escape(name)}", "What may never be there is left out.");
            }
        }
        foreach (var name in nulls ?? [])
        {
            members.Remove(name);
            report($"{place}/{Pointers.Escape(name)}", "A null stands here, where none may; it is left out.");
        }
    }

    private static bool IsMap(string name) => IsSchemas(name) || name is "responses" or "headers";

    private static bool IsSchemas(string name) => name is "properties" or "definitions" or "schemas" or "patternProperties" or "$defs" or "dependentSchemas";
}
