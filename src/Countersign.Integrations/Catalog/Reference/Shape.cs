using System.Text.Json;
using Countersign.Integrations.Catalog.Documents;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>A schema as it is read: itself and everything that <c>allOf</c> joins with it, with <c>$ref</c>s followed. Alternatives (<c>oneOf</c>, <c>anyOf</c>) are kept apart.</summary>
internal sealed class Shape
{
    private const int MostParts = 60;

    private readonly Pieces _pieces;
    private readonly List<(JsonElement Schema, string Pointer)> _parts = [];
    private readonly List<(JsonElement Schema, string Pointer)> _options = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private Shape(Pieces pieces, string pointer) => (_pieces, Pointer) = (pieces, pointer);

    /// <summary>Where the schema stands; of one that is referred to, where its definition does.</summary>
    public string Pointer { get; private set; }
    /// <summary>Whether null is allowed.</summary>
    public bool IsNullable { get; private set; }
    /// <summary>The name of the schema that is referred to.</summary>
    public string? ReferenceName => Pointers.Parts(Pointer) is ["components", "schemas", var name] ? name : null;
    /// <summary>What it may be one of.</summary>
    public IReadOnlyList<(JsonElement Schema, string Pointer)> Options => _options;

    /// <summary>Reads a schema; null when what it refers to is not there, or not at hand.</summary>
    public static Shape? Of(Pieces pieces, JsonElement schema, string pointer)
    {
        var shape = new Shape(pieces, pointer);
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return shape;
        if (!shape.Add(schema, pointer, 0)) return null;
        return shape;
    }

    private bool Add(JsonElement schema, string pointer, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 16 || _parts.Count > MostParts) return true;
        if (schema.TryGetProperty("$ref", out _))
        {
            var (target, at) = _pieces.Resolve(schema, pointer);
            // What stands beside a reference says it of this place.
            if (schema.TryGetProperty("description", out _) || schema.TryGetProperty("default", out _)) _parts.Add((schema, pointer));
            if (depth == 0) Pointer = at;
            if (target is null) return false;
            if (!_seen.Add(at)) return true;
            (schema, pointer) = (target.Value, at);
            if (schema.ValueKind != JsonValueKind.Object) return true;
        }
        _parts.Add((schema, pointer));
        if (schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True) IsNullable = true;
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(IsNull)) IsNullable = true;
        var isWhole = true;
        foreach (var (part, at) in Items(schema, "allOf", pointer)) isWhole &= Add(part, at, depth + 1);
        foreach (var keyword in new[] { "oneOf", "anyOf" })
        {
            var options = Items(schema, keyword, pointer).ToList();
            var telling = options.Where(option => !(option.Schema.ValueKind == JsonValueKind.Object && option.Schema.TryGetProperty("type", out var only) && IsNull(only))).ToList();
            if (telling.Count < options.Count) IsNullable = true;
            if (telling.Count == 1) isWhole &= Add(telling[0].Schema, telling[0].Pointer, depth + 1);
            // An anyOf that only says which members must be there is no choice of another thing.
            else if (telling.Any(option => option.Schema.ValueKind == JsonValueKind.Object && option.Schema.EnumerateObject().Any(member => member.Name is not ("required" or "description" or "title" or "not"))))
                _options.AddRange(telling);
        }
        return isWhole || depth > 0;
    }

    /// <summary>The first that says something.</summary>
    public JsonElement? Get(string keyword)
    {
        foreach (var (schema, _) in _parts)
            if (schema.TryGetProperty(keyword, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        return null;
    }

    /// <summary>The first text that is said.</summary>
    public string? Text(string keyword) => Get(keyword) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Whether a keyword says true.</summary>
    public bool Is(string keyword) => Get(keyword) is { ValueKind: JsonValueKind.True };

    /// <summary>The members that must be there.</summary>
    public HashSet<string> Required()
    {
        var required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (schema, _) in _parts)
            if (schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array)
                foreach (var name in names.EnumerateArray())
                    if (name.ValueKind == JsonValueKind.String) required.Add(name.GetString()!);
        return required;
    }

    /// <summary>The members, each once.</summary>
    public IEnumerable<(string Name, JsonElement Schema, string Pointer)> Properties()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (schema, pointer) in _parts)
            if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                foreach (var property in properties.EnumerateObject())
                    if (seen.Add(property.Name)) yield return (property.Name, property.Value, $"{pointer}/properties/{Pointers.Escape(property.Name)}");
    }

    /// <summary>What members of any name are like.</summary>
    public (JsonElement Schema, string Pointer)? Others() => Child("additionalProperties");

    /// <summary>What items are like.</summary>
    public (JsonElement Schema, string Pointer)? ArrayItems() => Child("items");

    private (JsonElement Schema, string Pointer)? Child(string keyword)
    {
        foreach (var (schema, pointer) in _parts)
            if (schema.TryGetProperty(keyword, out var child) && child.ValueKind == JsonValueKind.Object) return (child, $"{pointer}/{keyword}");
        return null;
    }

    private static IEnumerable<(JsonElement Schema, string Pointer)> Items(JsonElement schema, string keyword, string pointer)
        => schema.TryGetProperty(keyword, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray().Select((item, i) => (item, $"{pointer}/{keyword}/{i}")).Take(100) : [];

    private static bool IsNull(JsonElement type) => type.ValueKind == JsonValueKind.String && type.ValueEquals("null"u8);
}
