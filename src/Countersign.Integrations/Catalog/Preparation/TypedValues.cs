using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Catalog.Preparation;

/// <summary>
/// Carries over to the task of another operation what a person has typed (workflow contract 16.5): values that differ from those that were prepared, where the other operation has a field
/// of the same name and place. What has no place any longer is told.
/// </summary>
public static class TypedValues
{
    /// <summary>The prepared task with what was typed.</summary>
    /// <param name="prepared">The other operation's task.</param>
    /// <param name="page">The other operation.</param>
    /// <param name="typed">The task as it stands now.</param>
    /// <param name="before">What was prepared before; null when nobody knows: then everything counts as typed.</param>
    /// <param name="pageBefore">The operation that it was prepared for; null when it is no longer there.</param>
    public static PreparedTask Carry(PreparedTask prepared, OperationPage page, JsonObject typed, PreparedTask? before, OperationPage? pageBefore)
    {
        var task = (JsonObject)prepared.Task.DeepClone();
        if (Request(typed) is not { } from || Request(task) is not { } to) return prepared;
        var old = before is null ? null : Request(before.Task);
        var dropped = new List<string>();
        var query = new List<string>();
        var headers = new List<string>();
        Headers(from, to, old, page, pageBefore, dropped, headers);
        Body(from, to, old, page, dropped);
        to["uri"] = Uri(from, to, old, page, pageBefore, dropped, query);
        foreach (var name in new[] { "taskReferenceName", "name" })
            if (typed[name] is JsonValue value && (before is null || value.ToString() != before.Task[name]?.ToString()) && before is not null) task[name] = value.DeepClone();
        foreach (var name in new[] { "description", "optional", "startDelay", "asyncComplete", "permissive" })
            if (typed[name] is { } value) task[name] = value.DeepClone();
        foreach (var name in new[] { "connectionTimeOut", "readTimeOut", "encode", "acceptedStatusCodes", "followRedirects" })
            if (from[name] is { } value) to[name] = value.DeepClone();
        return prepared with
        {
            Task = task,
            Dropped = dropped,
            OfferedQuery = [.. prepared.OfferedQuery.Where(field => !query.Contains(field.Name))],
            OfferedHeaders = [.. prepared.OfferedHeaders.Where(field => !headers.Contains(field.Name, StringComparer.OrdinalIgnoreCase))],
        };
    }

    private static JsonObject? Request(JsonObject task) => task["inputParameters"] is JsonObject parameters ? parameters["http_request"] as JsonObject ?? (parameters["uri"] is null ? null : parameters) : null;

    private static void Headers(JsonObject from, JsonObject to, JsonObject? old, OperationPage page, OperationPage? pageBefore, List<string> dropped, List<string> taken)
    {
        if (from["headers"] is not JsonObject typed) return;
        var headers = to["headers"] as JsonObject ?? [];
        to["headers"] = headers;
        foreach (var (name, value) in typed)
        {
            if (value is null || JsonNode.DeepEquals(value, (old?["headers"] as JsonObject)?[name])) continue;
            var known = page.Parameters.GetValueOrDefault("header")?.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
                ?? headers.Select(header => header.Key).FirstOrDefault(header => header.Equals(name, StringComparison.OrdinalIgnoreCase));
            // Who somebody is to one provider is no business of another.
            var isForeign = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && pageBefore?.Operation.Api.Provider != page.Operation.Api.Provider;
            if (known is null || isForeign) dropped.Add($"header {name}");
            else
            {
                headers[known] = value.DeepClone();
                taken.Add(known);
            }
        }
    }

    private static void Body(JsonObject from, JsonObject to, JsonObject? old, OperationPage page, List<string> dropped)
    {
        if (from["body"] is not { } typed || JsonNode.DeepEquals(typed, old?["body"])) return;
        if (typed is not JsonObject members || to["body"] is not (null or JsonObject))
        {
            dropped.Add("body");
            return;
        }
        var content = BodyTemplate.Choose(page.Body);
        var fields = content is null ? [] : content.Fields.Concat(content.Choices.SelectMany(choice => choice.Fields)).Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        var body = to["body"] as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (JsonNode.DeepEquals(value, (old?["body"] as JsonObject)?[name])) continue;
            if (fields.Contains(name) || body.ContainsKey(name)) body[name] = value?.DeepClone();
            else dropped.Add($"body {name}");
        }
        if (body.Count > 0) to["body"] = body;
    }

    private static string Uri(JsonObject from, JsonObject to, JsonObject? old, OperationPage page, OperationPage? pageBefore, List<string> dropped, List<string> taken)
    {
        var (path, query) = Split(to["uri"]?.ToString() ?? "");
        var (typedPath, typedQuery) = Split(from["uri"]?.ToString() ?? "");
        var (oldPath, oldQuery) = Split(old?["uri"]?.ToString() ?? "");
        foreach (var (name, value) in typedQuery)
        {
            if (oldQuery.Contains((name, value))) continue;
            var at = query.FindIndex(one => one.Name == name);
            if (at >= 0) query[at] = (name, value);
            else if (page.Parameters.GetValueOrDefault("query")?.Any(field => field.Name == System.Uri.UnescapeDataString(name)) == true) query.Add((name, value));
            else
            {
                dropped.Add($"query {System.Uri.UnescapeDataString(name)}");
                continue;
            }
            taken.Add(System.Uri.UnescapeDataString(name));
        }
        foreach (var (name, value) in Places(oldPath, typedPath, pageBefore))
        {
            var expression = $"${{workflow.input.{TaskNames.OfInput(name)}}}";
            if (path.Contains(expression, StringComparison.Ordinal)) path = path.Replace(expression, value, StringComparison.Ordinal);
            else dropped.Add($"path {name}");
        }
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query.Select(one => one.Value is null ? one.Name : $"{one.Name}={one.Value}"))}";
    }

    /// <summary>The path parameters that were typed: segments that differ from what was prepared.</summary>
    private static IEnumerable<(string Name, string Value)> Places(string oldPath, string typedPath, OperationPage? pageBefore)
    {
        var (before, now) = (oldPath.Split('/'), typedPath.Split('/'));
        if (pageBefore is null || before.Length != now.Length) yield break;
        var template = pageBefore.Operation.Path.Split('/');
        for (var i = 1; i <= Math.Min(template.Length, now.Length); i++)
            if (template[^i] is ['{', .. var name, '}'] && now[^i] != before[^i]) yield return (name, now[^i]);
    }

    private static (string Path, List<(string Name, string? Value)> Query) Split(string uri)
    {
        var at = uri.IndexOf('?', StringComparison.Ordinal);
        if (at < 0) return (uri, []);
        return (uri[..at], [.. uri[(at + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair.Length > 1 ? pair[1] : null))]);
    }
}
