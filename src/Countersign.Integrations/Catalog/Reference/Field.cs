using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>A parameter, a header or a member of a body, as a reference page shows it (workflow contract 15).</summary>
public sealed record Field
{
    /// <summary>Its name; <c>*</c> stands for names that the sender chooses.</summary>
    public required string Name { get; init; }
    /// <summary><c>String</c>, <c>Integer</c>, <c>Number</c>, <c>Boolean</c>, <c>Array of X</c>, <c>Object</c> or <c>Any</c>.</summary>
    public required string Type { get; init; }
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }
    /// <summary>Safe HTML.</summary>
    public string? DescriptionHtml { get; init; }
    /// <summary>What is assumed without it.</summary>
    public JsonNode? Default { get; init; }
    /// <summary>The values that it may have.</summary>
    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];
    /// <summary>For example <c>date-time</c>.</summary>
    public string? Format { get; init; }
    /// <summary>An example.</summary>
    public JsonNode? Example { get; init; }
    /// <summary>Whether it should no longer be used.</summary>
    public bool IsDeprecated { get; init; }
    /// <summary>Whether it occurs in answers alone.</summary>
    public bool IsReadOnly { get; init; }
    /// <summary>Whether it occurs in requests alone.</summary>
    public bool IsWriteOnly { get; init; }
    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; init; }
    /// <summary>What bounds it, in sentences' parts: <c>at most 64 characters</c>.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
    /// <summary>What it consists of.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];
    /// <summary>What it may be one of.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];
    /// <summary>Where more about it stands, when the page does not go on: a pointer into the document.</summary>
    public string? More { get; init; }

    /// <summary>As JSON (docs/integrations-api.md); what has no value is left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["type"] = Type, ["required"] = IsRequired };
        if (DescriptionHtml is not null) json["descriptionHtml"] = DescriptionHtml;
        if (Default is not null) json["default"] = Default.DeepClone();
        if (Enum.Count > 0) json["enum"] = new JsonArray([.. Enum.Select(value => value?.DeepClone())]);
        if (Format is not null) json["format"] = Format;
        if (Example is not null) json["example"] = Example.DeepClone();
        if (IsDeprecated) json["deprecated"] = true;
        if (IsReadOnly) json["readOnly"] = true;
        if (IsWriteOnly) json["writeOnly"] = true;
        if (IsNullable) json["nullable"] = true;
        if (Limits.Count > 0) json["limits"] = new JsonArray([.. Limits.Select(limit => (JsonNode?)limit)]);
        if (Fields.Count > 0) json["fields"] = ToJson(Fields);
        if (Choices.Count > 0) json["choices"] = new JsonArray([.. Choices.Select(choice => (JsonNode?)choice.ToJson())]);
        if (More is not null) json["more"] = More;
        return json;
    }

    /// <summary>Several as JSON.</summary>
    public static JsonArray ToJson(IEnumerable<Field> fields) => new([.. fields.Select(field => (JsonNode?)field.ToJson())]);
}

/// <summary>One of several things that something may be.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Type">Its type, as a field's.</param>
/// <param name="Fields">What it consists of.</param>
/// <param name="More">Where more stands, when the page does not go on.</param>
public sealed record Choice(string Title, string Type, IReadOnlyList<Field> Fields, string? More)
{
    /// <summary>As JSON.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["title"] = Title, ["type"] = Type, ["fields"] = Field.ToJson(Fields) };
        if (More is not null) json["more"] = More;
        return json;
    }
}

/// <summary>A body in one content type.</summary>
public sealed record BodyContent
{
    /// <summary>For example <c>application/json</c>.</summary>
    public required string ContentType { get; init; }
    /// <summary>Its type, as a field's.</summary>
    public required string Type { get; init; }
    /// <summary>What it consists of.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];
    /// <summary>What it may be one of.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];
    /// <summary>Examples with their names.</summary>
    public IReadOnlyList<(string Name, JsonNode? Value)> Examples { get; init; } = [];

    /// <summary>As JSON.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["contentType"] = ContentType, ["type"] = Type, ["fields"] = Field.ToJson(Fields) };
        if (Choices.Count > 0) json["choices"] = new JsonArray([.. Choices.Select(choice => (JsonNode?)choice.ToJson())]);
        if (Examples.Count > 0) json["examples"] = new JsonArray([.. Examples.Select(example => (JsonNode?)new JsonObject { ["name"] = example.Name, ["value"] = example.Value?.DeepClone() })]);
        return json;
    }
}
