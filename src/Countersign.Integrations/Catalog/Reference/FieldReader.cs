using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>Reads schemas into the fields of a page: three levels deep, no further than the page has room, and never around a circle; where it stops, it says where more stands.</summary>
internal sealed class FieldReader(Pieces pieces, int room)
{
    /// <summary>Levels that are shown at once.</summary>
    public const int Levels = 3;
    private const int MostValues = 200, MostChoices = 40, LongestValue = 20_000;

    private readonly HashSet<string> _within = new(StringComparer.Ordinal);
    private int _room = room;

    /// <summary>The type of a schema, and what it consists of.</summary>
    public (string Type, IReadOnlyList<Field> Fields, IReadOnlyList<Choice> Choices, string? More, Shape? Shape) Read(JsonElement schema, string pointer, int level = 1)
    {
        if (Shape.Of(pieces, schema, pointer) is not { } shape) return ("Object", [], [], null, null);
        var (fields, choices, more) = Inside(shape, level);
        return (TypeOf(shape), fields, choices, more, shape);
    }

    /// <summary>A field of this schema.</summary>
    public Field Field(string name, JsonElement schema, string pointer, bool isRequired, string? description, int level)
    {
        _room--;
        var (type, fields, choices, more, shape) = Read(schema, pointer, level);
        if (shape is null) return new Field { Name = name, Type = type, IsRequired = isRequired, DescriptionHtml = RichText.ToHtml(description) };
        var items = Innermost(shape);
        return new Field
        {
            Name = name,
            Type = type,
            IsRequired = isRequired,
            DescriptionHtml = RichText.ToHtml(description ?? shape.Text("description") ?? shape.Text("title")),
            Default = Value(shape.Get("default")),
            Enum = Values(items),
            Format = items.Text("format"),
            Example = Value(shape.Get("example")) ?? (shape.Get("examples") is { ValueKind: JsonValueKind.Array } examples && examples.GetArrayLength() > 0 ? Value(examples[0]) : null),
            IsDeprecated = shape.Is("deprecated"),
            IsReadOnly = shape.Is("readOnly"),
            IsWriteOnly = shape.Is("writeOnly"),
            IsNullable = shape.IsNullable,
            Limits = Limits.Of(shape, items),
            Fields = fields,
            Choices = choices,
            More = more,
        };
    }

    /// <summary>A value as JSON; null when there is none, or it is too long to be shown.</summary>
    public static JsonNode? Value(JsonElement? value)
        => value is { } given && given.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && given.GetRawText().Length <= LongestValue ? JsonNode.Parse(given.GetRawText()) : null;

    /// <summary>The fields of a schema that <c>more</c> pointed to.</summary>
    public IReadOnlyList<Field> FieldsAt(string pointer) => pieces.At(pointer) is { } schema ? Read(schema, pointer).Fields : [];

    /// <summary>What a type reads (workflow contract 15).</summary>
    public string TypeOf(Shape shape, int depth = 0)
    {
        if (depth > 5) return "Any";
        switch (Kind(shape))
        {
            case "string": return "String";
            case "integer": return "Integer";
            case "number": return "Number";
            case "boolean": return "Boolean";
            case "array": return $"Array of {(shape.ArrayItems() is { } items && Shape.Of(pieces, items.Schema, items.Pointer) is { } item ? TypeOf(item, depth + 1) : "Any")}";
            case "object": return "Object";
        }
        var options = shape.Options.Select(option => Shape.Of(pieces, option.Schema, option.Pointer)).Select(option => option is null ? "Object" : TypeOf(option, depth + 1)).Distinct().Take(2).ToList();
        return options is [var only] ? only : "Any";
    }

    private static string? Kind(Shape shape)
    {
        if (shape.Get("type") is { } type)
        {
            if (type.ValueKind == JsonValueKind.String) return type.GetString();
            // What may be a text too can be written as one.
            var kinds = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Where(kind => kind.ValueKind == JsonValueKind.String).Select(kind => kind.GetString()!).Where(kind => kind != "null").ToList() : [];
            if (kinds.Contains("string")) return "string";
            if (kinds.Count > 0) return kinds[0];
        }
        if (shape.Get("properties") is not null || shape.Get("additionalProperties") is { ValueKind: JsonValueKind.Object }) return "object";
        if (shape.Get("items") is not null) return "array";
        return shape.Get("enum") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0 ? KindOf(values[0]) : shape.Get("const") is { } value ? KindOf(value) : null;
    }

    private static string? KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        _ => null,
    };

    private (IReadOnlyList<Field> Fields, IReadOnlyList<Choice> Choices, string? More) Inside(Shape outer, int level)
    {
        var shape = Innermost(outer);
        var properties = shape.Properties().ToList();
        var others = shape.Others();
        if (properties.Count == 0 && shape.Options.Count == 0 && others is null) return ([], [], null);
        if (level > Levels || _room <= 0 || !_within.Add(shape.Pointer)) return ([], [], shape.Pointer);
        try
        {
            var required = shape.Required();
            var fields = new List<Field>();
            foreach (var (name, schema, pointer) in properties)
            {
                if (_room <= 0) return (fields, [], shape.Pointer);
                fields.Add(Field(name, schema, pointer, required.Contains(name), null, level + 1));
            }
            if (others is { } any && (properties.Count == 0 || any.Schema.EnumerateObject().Any())) fields.Add(Field("*", any.Schema, any.Pointer, false, null, level + 1));
            return (fields, [.. shape.Options.Take(MostChoices).Select((option, i) => Choice(option.Schema, option.Pointer, i, level)).OfType<Choice>()], null);
        }
        finally
        {
            _within.Remove(shape.Pointer);
        }
    }

    private Choice? Choice(JsonElement schema, string pointer, int index, int level)
    {
        if (Shape.Of(pieces, schema, pointer) is not { } shape) return null;
        var (fields, _, more) = Inside(shape, level);
        var type = TypeOf(shape);
        return new Choice(shape.Text("title") ?? shape.ReferenceName ?? (type is "Object" or "Any" ? $"Choice {index + 1}" : type), type, fields, more);
    }

    private Shape Innermost(Shape shape)
    {
        for (var depth = 0; depth < 5 && Kind(shape) == "array" && shape.ArrayItems() is { } items && Shape.Of(pieces, items.Schema, items.Pointer) is { } item; depth++) shape = item;
        return shape;
    }

    private static List<JsonNode?> Values(Shape shape)
    {
        if (shape.Get("enum") is { ValueKind: JsonValueKind.Array } values) return [.. values.EnumerateArray().Take(MostValues).Select(value => Value(value))];
        return shape.Get("const") is { } only ? [Value(only)] : [];
    }

    private static class Limits
    {
        public static List<string> Of(Shape shape, Shape items)
        {
            var limits = new List<string>();
            Range("minLength", "maxLength", "character");
            Range("minItems", "maxItems", "item");
            Range("minProperties", "maxProperties", "member");
            if (shape.Is("uniqueItems")) limits.Add("every item once");
            Numbers();
            if (Number(items, "multipleOf") is { } step && step != "1") limits.Add($"a multiple of {step}");
            if (items.Text("pattern") is { Length: <= 500 } pattern) limits.Add($"matches {pattern}");
            return limits;

            void Range(string least, string most, string what)
            {
                var of = what == "character" ? items : shape;
                var (from, to) = (Number(of, least), Number(of, most));
                if (from == "0") from = null;
                if (from is not null && to is not null) limits.Add(from == to ? $"exactly {Plural(to, what)}" : $"{from} to {Plural(to, what)}");
                else if (from is not null) limits.Add($"at least {Plural(from, what)}");
                else if (to is not null) limits.Add($"at most {Plural(to, what)}");
            }

            void Numbers()
            {
                var (from, to) = (Number(items, "minimum"), Number(items, "maximum"));
                if (from is not null && to is not null) limits.Add($"from {from} to {to}");
                else if (from is not null) limits.Add($"at least {from}");
                else if (to is not null) limits.Add($"at most {to}");
                if (Number(items, "exclusiveMinimum") is { } above) limits.Add($"more than {above}");
                if (Number(items, "exclusiveMaximum") is { } below) limits.Add($"less than {below}");
            }
        }

        private static string? Number(Shape shape, string keyword) => shape.Get(keyword) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : null;

        private static string Plural(string count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == "1" ? "" : "s")}");
    }
}
