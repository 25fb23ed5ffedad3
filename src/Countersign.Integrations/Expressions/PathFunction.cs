using System.Collections.Frozen;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>A function at the end of a path: <c>.length()</c> and its like.</summary>
internal sealed class PathFunction
{
    private static readonly FrozenDictionary<string, PathFunction> Known = new Dictionary<string, PathFunction>
    {
        ["length"] = new(Length),
        ["size"] = new(Length),
        ["min"] = new(value => OfNumbers(value, numbers => numbers.Min())),
        ["max"] = new(value => OfNumbers(value, numbers => numbers.Max())),
        ["avg"] = new(value => OfNumbers(value, numbers => numbers.Average())),
        ["sum"] = new(value => OfNumbers(value, numbers => numbers.Sum())),
    }.ToFrozenDictionary();

    private readonly Func<JsonElement, JsonElement?> _apply;

    private PathFunction(Func<JsonElement, JsonElement?> apply) => _apply = apply;

    /// <summary>The function of a name; null: there is none.</summary>
    public static PathFunction? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>The names, for messages.</summary>
    public static string Names => string.Join(", ", Known.Keys.Order().Select(name => name + "()"));

    /// <summary>Applies it; false when the value is not one that it applies to.</summary>
    public bool TryApply(JsonElement value, out JsonElement result)
    {
        var applied = _apply(value);
        result = applied.GetValueOrDefault();
        return applied is not null;
    }

    private static JsonElement? Length(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => JsonBuilder.Number(value.GetArrayLength()),
        JsonValueKind.Object => JsonBuilder.Number(value.GetPropertyCount()),
        JsonValueKind.String => JsonBuilder.Number(value.GetString()!.Length),
        _ => null,
    };

    // Sums of what fits a decimal are exact: 0.1 + 0.2 is 0.3.
    private static JsonElement? OfNumbers(JsonElement value, Func<IEnumerable<decimal>, decimal> apply)
    {
        if (value.ValueKind is not JsonValueKind.Array) return null;
        var numbers = new List<decimal>();
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind is JsonValueKind.Number && element.TryGetDecimal(out var number)) numbers.Add(number);
        }
        if (numbers.Count == 0) return null;
        try
        {
            var result = apply(numbers);
            return JsonBuilder.Build(writer => writer.WriteNumberValue(result / 1.000000000000000000000000000000000m));
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
