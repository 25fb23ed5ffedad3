using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Console.Catalog;
using Countersign.Console.Shell;

namespace Countersign.Console.HttpTasks;

/// <summary>A field of a body that is there, with what the reference says of it.</summary>
/// <param name="Path">The names that lead to it.</param>
/// <param name="Field">The reference's entry; null when the reference has none.</param>
internal sealed record BodyField(IReadOnlyList<string> Path, ApiField? Field)
{
    /// <summary>How a person reads the path.</summary>
    public string Name => string.Join('.', Path);
}

/// <summary>Edits a JSON object field by field.</summary>
internal static class BodyFields
{
    private const int Deepest = 8;

    /// <summary>The fields that the body has, those within objects too.</summary>
    public static IEnumerable<BodyField> Present(JsonObject body, IReadOnlyList<ApiField> reference) => Present(body, reference, []);

    /// <summary>The fields that the reference has and the body lacks; those within an object only when the object is there.</summary>
    public static IEnumerable<BodyField> Offered(JsonObject body, IReadOnlyList<ApiField> reference) => Offered(body, reference, []);

    /// <summary>The value as it is edited: text as it is, everything else as JSON.</summary>
    public static string Read(JsonObject body, BodyField field)
        => Parent(body, field.Path)?[field.Path[^1]] switch
        {
            null => Parent(body, field.Path)?.ContainsKey(field.Path[^1]) is true ? "null" : "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => JsonText.CompactOf(other),
        };

    /// <summary>Takes what was typed: text where the field is text or an expression, else the JSON that it is.</summary>
    public static void Write(JsonObject body, BodyField field, string typed)
    {
        if (Parent(body, field.Path) is not { } parent)
            return;
        var isText = field.Field is { } known ? known.Type is "String" or "" : parent[field.Path[^1]] is JsonValue value && value.GetValueKind() == JsonValueKind.String;
        parent[field.Path[^1]] = !isText && JsonText.TryParse(typed, out var parsed, out _) ? parsed : JsonValue.Create(typed);
    }

    /// <summary>Adds a field that was offered: its default, else an input of the workflow by its name.</summary>
    public static void Add(JsonObject body, BodyField field)
    {
        var name = field.Path[^1];
        Parent(body, field.Path)?[name] = field.Field switch
        {
            { Default: { } value } => JsonNode.Parse(value.GetRawText()),
            { Type: "Object", Fields.Length: > 0 } => new JsonObject(),
            _ => JsonValue.Create($"${{workflow.input.{name}}}"),
        };
    }

    /// <summary>Takes a field away.</summary>
    public static void Remove(JsonObject body, BodyField field) => Parent(body, field.Path)?.Remove(field.Path[^1]);

    private static IEnumerable<BodyField> Present(JsonObject body, IReadOnlyList<ApiField> reference, IReadOnlyList<string> path)
    {
        foreach (var (name, value) in body)
        {
            var field = reference.FirstOrDefault(known => known.Name == name);
            IReadOnlyList<string> here = [.. path, name];
            if (value is JsonObject { Count: > 0 } within && here.Count < Deepest)
                foreach (var deeper in Present(within, field?.Fields ?? [], here))
                    yield return deeper;
            else
                yield return new(here, field);
        }
    }

    private static IEnumerable<BodyField> Offered(JsonObject body, IReadOnlyList<ApiField> reference, IReadOnlyList<string> path)
    {
        foreach (var field in reference.Where(field => !field.ReadOnly))
        {
            IReadOnlyList<string> here = [.. path, field.Name];
            if (!body.ContainsKey(field.Name))
                yield return new(here, field);
            else if (body[field.Name] is JsonObject within)
                foreach (var deeper in Offered(within, field.Fields, here))
                    yield return deeper;
        }
    }

    private static JsonObject? Parent(JsonObject body, IReadOnlyList<string> path)
    {
        JsonObject? parent = body;
        foreach (var name in path.SkipLast(1))
            parent = parent?[name] as JsonObject;
        return parent;
    }
}
