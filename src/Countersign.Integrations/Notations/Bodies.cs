using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>The body of a task for the text that is to be sent: an object or a list where that means the same, since such a body can be edited.</summary>
internal static class Bodies
{
    /// <summary>The body; null for none.</summary>
    /// <param name="mediaType">Its media type; null when it is not known.</param>
    /// <param name="text">The text; null for none.</param>
    public static JsonNode? Of(string? mediaType, Template? text)
    {
        if (text is null) return null;
        if (NotedRequest.IsJsonType(mediaType) && JsonTemplate.TryParse(text) is { } value && !IsBytes(value)) return value;
        if (mediaType == FormTemplate.MediaType && text.Text is { } literal && FormTemplate.Parse(literal) is { } pairs && FormTemplate.Body(pairs) is { } form && !IsBytes(form)) return form;
        return JsonValue.Create(text.ToString());
    }

    /// <summary>Whether an object would be taken for bytes (workflow contract 8.3).</summary>
    private static bool IsBytes(JsonNode value) => value is JsonObject { Count: 1 } map && map.ContainsKey("base64");
}
