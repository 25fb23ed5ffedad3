using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>The condition of a filter step.</summary>
internal abstract class PathFilter
{
    /// <summary>Whether a value meets it.</summary>
    public abstract bool IsMet(JsonElement candidate, Looks looks);
}

internal sealed class EitherFilter(PathFilter left, PathFilter right) : PathFilter
{
    public override bool IsMet(JsonElement candidate, Looks looks) => left.IsMet(candidate, looks) || right.IsMet(candidate, looks);
}

internal sealed class BothFilter(PathFilter left, PathFilter right) : PathFilter
{
    public override bool IsMet(JsonElement candidate, Looks looks) => left.IsMet(candidate, looks) && right.IsMet(candidate, looks);
}

internal sealed class NotFilter(PathFilter inner) : PathFilter
{
    public override bool IsMet(JsonElement candidate, Looks looks) => !inner.IsMet(candidate, looks);
}

/// <summary><c>@.name</c> alone: whether it is there.</summary>
internal sealed class ExistsFilter(JsonPath path) : PathFilter
{
    public override bool IsMet(JsonElement candidate, Looks looks)
        => looks.Take() && (path.IsDefinite ? path.TryFind(candidate, out _) : path.FindAll(candidate, looks) is { Count: > 0 });
}

/// <summary>A comparison of a path or a literal with another.</summary>
internal sealed class ComparisonFilter(FilterOperand left, string comparison, FilterOperand right) : PathFilter
{
    public override bool IsMet(JsonElement candidate, Looks looks)
    {
        if (!looks.Take()) return false;
        var leftIsThere = left.TryRead(candidate, looks, out var first);
        var rightIsThere = right.TryRead(candidate, looks, out var second);
        if (!leftIsThere || !rightIsThere) return comparison == "!=" && leftIsThere != rightIsThere;
        return comparison switch
        {
            "==" => AreEqual(first, second),
            "!=" => !AreEqual(first, second),
            _ => Order(first, second) is { } order && comparison switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            },
        };
    }

    private static bool AreEqual(JsonElement first, JsonElement second)
        => first.ValueKind is JsonValueKind.Number && second.ValueKind is JsonValueKind.Number ? Order(first, second) is 0 : JsonElement.DeepEquals(first, second);

    private static int? Order(JsonElement first, JsonElement second) => (first.ValueKind, second.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => first.TryGetDecimal(out var one) && second.TryGetDecimal(out var other)
            ? one.CompareTo(other)
            : first.GetDouble().CompareTo(second.GetDouble()),
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(first.GetString(), second.GetString()),
        _ => null,
    };
}

/// <summary>One side of a comparison: a path from the candidate, or a literal.</summary>
internal readonly record struct FilterOperand(JsonPath? Path, JsonElement Literal)
{
    public bool TryRead(JsonElement candidate, Looks looks, out JsonElement value)
    {
        if (Path is not null) return Path.TryFind(candidate, looks, out value);
        value = Literal;
        return true;
    }
}
