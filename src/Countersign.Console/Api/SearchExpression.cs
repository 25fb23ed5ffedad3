namespace Countersign.Console.Api;

/// <summary>The SCIM-style expressions that the API's <c>search</c> and <c>filter</c> take.</summary>
internal static class SearchExpression
{
    private static readonly string[] Operators = ["eq", "ne", "sw", "ew", "co", "gt", "ge", "lt", "le"];

    /// <summary>Whether somebody typed an expression rather than words: <c>profile.city eq "Ulm"</c>, <c>profile.title pr</c>.</summary>
    public static bool IsOne(string text)
        => text.TrimEnd(')', ' ').EndsWith(" pr", StringComparison.OrdinalIgnoreCase)
            || Operators.Any(op => text.Contains($" {op} \"", StringComparison.OrdinalIgnoreCase));

    /// <summary>A value in double quotes.</summary>
    public static string Quote(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    /// <summary>Every word must begin at least one of the attributes.</summary>
    public static string? WordsBegin(string text, params IReadOnlyList<string> attributes)
        => All(text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => $"({string.Join(" or ", attributes.Select(attribute => $"{attribute} sw {Quote(word)}"))})"));

    /// <summary>All of the given expressions at once; null when there are none.</summary>
    public static string? All(params IEnumerable<string?> expressions)
        => string.Join(" and ", expressions.Where(expression => !string.IsNullOrEmpty(expression))) is { Length: > 0 } all ? all : null;
}
