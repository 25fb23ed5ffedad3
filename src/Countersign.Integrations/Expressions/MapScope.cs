using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>A scope of values by the text of the expression, for trying a request out; it notes what it cannot fill. Not thread-safe.</summary>
/// <param name="variables">The values, for example that of <c>workflow.input.userId</c>. A longer expression is followed into the value of its beginning.</param>
/// <param name="environment">The value of <c>${workflow.env.NAME}</c>; null: none.</param>
public sealed class MapScope(IReadOnlyDictionary<string, JsonElement> variables, Func<string, string?> environment) : IExpressionScope
{
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    // No beginning that is longer has a value.
    private readonly int _longest = variables.Keys.Select(key => key.Length).DefaultIfEmpty().Max();

    /// <summary>The expressions that nothing was found for, without <c>${</c> and <c>}</c>.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <inheritdoc/>
    public Resolution Resolve(Expression expression)
    {
        if (expression.IsSecret) return Resolution.Literal;
        var text = expression.Text.Trim();
        if (variables.TryGetValue(text, out var exact)) return Resolution.Of(exact);
        if (expression is { Root: Expression.WorkflowRoot, Member: "env", NameBelowMember: { } name } && environment(name) is { } value) return Resolution.Of(value);
        // The longest beginning that there is a value for, then what is left of the path.
        for (var end = Math.Min(text.Length - 1, _longest); end > 0; end--)
        {
            if (text[end] is not ('.' or '[') || !variables.TryGetValue(text[..end], out var start)) continue;
            if (JsonPath.TryRead(text.AsSpan(end), out var rest, out _) && rest.TryFind(start, out var found)) return Resolution.Of(found);
        }
        _missing.Add(text);
        return Resolution.Missing;
    }
}
