using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>Values of a definition as the text that is sent (workflow contract 5.1).</summary>
internal static class ValueTemplate
{
    /// <summary>A string as itself, anything else as its JSON.</summary>
    public static Template Of(JsonNode value)
        => value.GetValueKind() == JsonValueKind.String ? Template.Parse(value.GetValue<string>()) : JsonTemplate.Write(value);

    /// <summary>A value of a map as text; null when it is not there or null.</summary>
    public static Template? Of(JsonObject map, string name) => map.TryGetPropertyValue(name, out var value) && value is not null ? Of(value) : null;
}
