using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>An expression, and where it stands.</summary>
/// <param name="Place">The place of the text below the value that was looked through, for example <c>headers.Authorization</c> or <c>rows[2]</c>; empty for the value itself.</param>
/// <param name="Text">What stands between <c>${</c> and <c>}</c>, as written.</param>
/// <param name="Expression">The expression; null when there is a fault, or when an inner expression makes part of it.</param>
/// <param name="Fault">What is wrong with it, as one sentence; null when nothing is.</param>
public sealed record ExpressionUse(string Place, string Text, Expression? Expression, string? Fault)
{
    /// <summary>Whether the fault is that of the whole text: a bracket is not closed, or expressions nest too deeply.</summary>
    public bool IsUnclosed { get; init; }
}

/// <summary>Finds expressions in JSON values.</summary>
public static class Expressions
{
    /// <summary>Every expression of the texts of a value, inner ones before those that they stand in. Texts whose brackets do not close give a use with a fault.</summary>
    public static IEnumerable<ExpressionUse> In(JsonElement value) => Template.MayHaveExpressions(value) ? In(value, "") : [];

    /// <summary>Every expression of a text.</summary>
    public static IEnumerable<ExpressionUse> In(string text) => text.Contains("${", StringComparison.Ordinal) ? In(TextTemplate.Read(text), "", text) : [];

    private static IEnumerable<ExpressionUse> In(JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    foreach (var use in In(member.Value, place.Length == 0 ? member.Name : $"{place}.{member.Name}")) yield return use;
                }
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    foreach (var use in In(element, $"{place}[{index}]")) yield return use;
                    index++;
                }
                break;
            case JsonValueKind.String when value.GetString() is { } text && text.Contains("${", StringComparison.Ordinal):
                foreach (var use in In(TextTemplate.Read(text), place, text)) yield return use;
                break;
        }
    }

    private static IEnumerable<ExpressionUse> In(TextTemplate template, string place, string text)
        => (template.Fault is { } fault ? [new ExpressionUse(place, text, null, fault) { IsUnclosed = true }] : Enumerable.Empty<ExpressionUse>()).Concat(OfParts(template, place));

    private static IEnumerable<ExpressionUse> OfParts(TextTemplate template, string place)
    {
        foreach (var part in template.Parts)
        {
            if (part.Nested is null) continue;
            foreach (var inner in OfParts(part.Nested, place)) yield return inner;
            if (part.HasInner) yield return new ExpressionUse(place, part.Text, null, null);
            else if (Expression.TryRead(part.Text, out var expression, out var wrong)) yield return new ExpressionUse(place, part.Text, expression, null);
            else yield return new ExpressionUse(place, part.Text, null, wrong);
        }
    }
}
