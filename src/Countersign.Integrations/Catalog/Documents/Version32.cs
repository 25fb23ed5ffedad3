using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>
/// Brings a document of OpenAPI 3.2 into the form of 3.1, which is what the reader knows. Operations of methods that 3.1 does not have (<c>query</c> and those under
/// <c>additionalOperations</c>) are moved to a path of their own, which <see cref="TryMethod"/> takes apart again.
/// </summary>
public static class Version32
{
    // A path cannot contain it by itself: a fragment never reaches a server.
    private const string Mark = "#countersign-method=";

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase) { "get", "put", "post", "delete", "options", "head", "patch", "trace" };

    /// <summary>Rewrites a tree in place.</summary>
    public static void Run(JsonObject root, Action<string, string> report)
    {
        root["openapi"] = "3.1.1";
        root.Remove("$self");
        if (root["paths"] is JsonObject paths)
            foreach (var (path, item) in paths.ToList())
                if (item is JsonObject members) MoveMethods(paths, path, members, report);
        Walk(root, "#", report);
    }

    /// <summary>The method and path of an operation that was moved.</summary>
    public static bool TryMethod(string key, out string method, out string path)
    {
        var at = key.IndexOf(Mark, StringComparison.Ordinal);
        (method, path) = at < 0 ? ("", key) : (key[(at + Mark.Length)..], key[..at]);
        return at >= 0;
    }

    private static void MoveMethods(JsonObject paths, string path, JsonObject members, Action<string, string> report)
    {
        var moved = new List<(string Method, JsonNode Operation)>();
        if (members["query"] is JsonObject query) moved.Add(("QUERY", query));
        members.Remove("query");
        if (members["additionalOperations"] is JsonObject additional)
            foreach (var (method, operation) in additional)
            {
                if (operation is not JsonObject) continue;
                if (Known.Contains(method)) report($"#/paths/{Pointers.Escape(path)}/additionalOperations/{Pointers.Escape(method)}", "The method has a place of its own; it is left out here.");
                else if (method.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) moved.Add((method, operation));
                else report($"#/paths/{Pointers.Escape(path)}/additionalOperations/{Pointers.Escape(method)}", "This is no method; it is left out.");
            }
        members.Remove("additionalOperations");
        foreach (var (method, operation) in moved)
        {
            var item = new JsonObject();
            foreach (var (name, value) in members)
                if (!Known.Contains(name)) item[name] = value?.DeepClone();
            item["post"] = operation.DeepClone();
            paths[$"{path}{Mark}{method}"] = item;
        }
    }

    private static void Walk(JsonNode? node, string place, Action<string, string> report)
    {
        if (node is JsonArray items)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                Walk(items[i], $"{place}/{i}", report);
                if (items[i] is not JsonObject item || (string?)(item["in"] as JsonValue) != "querystring") continue;
                items.RemoveAt(i);
                report($"{place}/{i}", "A parameter that is the whole query string cannot be shown; it is left out.");
            }
            return;
        }
        if (node is not JsonObject members) return;
        // A stream of items is shown as an array of them.
        if (members["itemSchema"] is JsonObject itemSchema && !members.ContainsKey("schema"))
        {
            members.Remove("itemSchema");
            members["schema"] = new JsonObject { ["type"] = "array", ["items"] = itemSchema };
        }
        if (members["dataValue"] is { } data && !members.ContainsKey("value"))
        {
            members.Remove("dataValue");
            members["value"] = data;
        }
        foreach (var (name, value) in members.ToList()) Walk(value, $"{place}/{Pointers.Escape(name)}", report);
    }
}
