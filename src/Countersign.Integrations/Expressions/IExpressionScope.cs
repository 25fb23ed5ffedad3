using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>Knows what expressions stand for.</summary>
public interface IExpressionScope
{
    /// <summary>What an expression stands for.</summary>
    Resolution Resolve(Expression expression);
}

/// <summary>What an expression stands for.</summary>
public readonly record struct Resolution
{
    private Resolution(bool isFound, bool isLiteral, JsonElement value)
    {
        IsFound = isFound;
        IsLiteral = isLiteral;
        Value = value;
    }

    /// <summary>Whether there is a value.</summary>
    public bool IsFound { get; }
    /// <summary>Whether the expression stays as it is written: secrets are put in later.</summary>
    public bool IsLiteral { get; }
    /// <summary>The value.</summary>
    public JsonElement Value { get; }

    /// <summary>Nothing is there: null, or <c>null</c> within a text (workflow contract 5.1).</summary>
    public static Resolution Missing => default;
    /// <summary>The expression stays as it is written.</summary>
    public static Resolution Literal => new(false, true, default);
    /// <summary>A value.</summary>
    public static Resolution Of(JsonElement value) => new(true, false, value);
    /// <summary>A text; null is nothing.</summary>
    public static Resolution Of(string? text) => text is null ? Missing : Of(JsonBuilder.Text(text));
}
