using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Catalog.Preparation;

/// <summary>The body of a prepared task: from the example, else from the fields that are required or have a default (workflow contract 16.3).</summary>
internal sealed class BodyTemplate(Action<PreparedInput> note)
{
    /// <summary>The content that is prepared: JSON before forms before others.</summary>
    public static BodyContent? Choose(RequestBody? body) => body?.Contents.OrderBy(content => content.ContentType switch
    {
        var type when type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) => 0,
        var type when type.Contains("json", StringComparison.OrdinalIgnoreCase) => 1,
        "application/x-www-form-urlencoded" => 2,
        "*/*" => 3,
        _ => 4,
    }).FirstOrDefault();

    /// <summary>The template of a content; null when it has nothing to say.</summary>
    public JsonNode? Of(BodyContent content, bool isRequired)
    {
        if (content.Examples is [var (_, example), ..] && example is not null) return example.DeepClone();
        if (content.Type == "Object" && (content.Fields.Count > 0 || content.Choices.Count > 0)) return Object(content.Fields, content.Choices, []);
        note(new PreparedInput("body", "body", isRequired, null, null));
        return "${workflow.input.body}";
    }

    private JsonObject Object(IReadOnlyList<Field> own, IReadOnlyList<Choice> choices, string[] path)
    {
        var fields = own.Concat(choices.Count > 0 ? choices[0].Fields : []).Where(field => !field.IsReadOnly && field.Name != "*").ToList();
        var chosen = fields.Where(field => field.IsRequired || field.Default is not null).ToList();
        // An empty body is seldom what is meant.
        if (chosen.Count == 0 && path.Length == 0) chosen = [.. fields.Where(field => !field.IsDeprecated).OrderBy(field => field.Type == "Object").Take(1)];
        var body = new JsonObject();
        foreach (var field in chosen.DistinctBy(field => field.Name)) body[field.Name] = Value(field, [.. path, field.Name]);
        return body;
    }

    private JsonNode? Value(Field field, string[] path)
    {
        if (field.Default is not null && !field.IsRequired) return field.Default.DeepClone();
        if (field.Enum is [{ } only]) return only.DeepClone();
        if (field.Type == "Object" && field.Default is null && (field.Fields.Count > 0 || field.Choices.Count > 0) && Object(field.Fields, field.Choices, path) is { Count: > 0 } inner) return inner;
        var name = TaskNames.OfInput(path);
        note(new PreparedInput(name, "body", field.IsRequired, field.DescriptionHtml, field.Default));
        return $"${{workflow.input.{name}}}";
    }
}
