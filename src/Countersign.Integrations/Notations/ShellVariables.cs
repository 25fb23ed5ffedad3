namespace Countersign.Integrations.Notations;

/// <summary>Variables of a shell and the expressions that take their place.</summary>
internal sealed class ShellVariables(Findings findings)
{
    private static readonly string[] Confidential = ["TOKEN", "KEY", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];
    private readonly Dictionary<string, Template> _values = new(StringComparer.Ordinal);

    /// <summary>Whether a text is the name of a variable.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0])) return false;
        foreach (var character in text)
            if (!IsNameCharacter(character)) return false;
        return true;
    }

    /// <summary>Whether a character may stand in a name.</summary>
    public static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    /// <summary>Gives a variable its value.</summary>
    public void Set(string name, Template value) => _values[name] = value;

    /// <summary>The value of a variable; one that nobody gave a value becomes an input of the workflow or a secret, by its name.</summary>
    public Template Get(string name)
    {
        if (_values.TryGetValue(name, out var value)) return value;
        var isConfidential = name.Length <= 64 && Confidential.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        var expression = isConfidential ? $"${{workflow.secrets.{name}}}" : $"${{workflow.input.{name}}}";
        findings.Warn($"The variable {Findings.Shown(name)} became {Findings.Shown(expression)}.");
        return _values[name] = Template.Expression(expression);
    }
}
