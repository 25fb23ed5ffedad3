using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>Names of variables that stand for expressions in exported code: letters, digits and at least one underscore, so that none is a word of a language or a variable of the code around it.</summary>
internal sealed class ExpressionNames
{
    private const int Longest = 60;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every expression that was named, and its name, in the order of naming.</summary>
    public IEnumerable<(string Name, string Expression)> All => _names.Select(pair => (pair.Value, pair.Key));

    /// <summary>The name of an expression.</summary>
    public string Of(string expression)
    {
        if (_names.TryGetValue(expression, out var known)) return known;
        var name = new StringBuilder();
        foreach (var character in expression)
            if (char.IsAsciiLetterOrDigit(character)) name.Append(character);
            else if (name.Length > 0 && name[^1] != '_') name.Append('_');
        var stem = name.ToString().Trim('_');
        if (stem.Length > Longest) stem = stem[..Longest].TrimEnd('_');
        if (stem.Length == 0 || char.IsAsciiDigit(stem[0])) stem = $"value_{stem}".TrimEnd('_');
        if (!stem.Contains('_', StringComparison.Ordinal)) stem += "_value";
        var free = stem;
        for (var i = 2; !_taken.Add(free); i++) free = $"{stem}_{i}";
        return _names[expression] = free;
    }

    /// <summary>An expression as a comment of one line.</summary>
    public static string Comment(string expression) => string.Concat(expression.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
