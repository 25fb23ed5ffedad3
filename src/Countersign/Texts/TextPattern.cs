using System.Text.RegularExpressions;

namespace Countersign.Texts;

/// <summary>A text with places for values, written as a word in braces. It is taken apart once; filling it only joins.</summary>
internal sealed partial class TextPattern
{
    // What is said at even places; what is to be filled at odd ones.
    private readonly string[] _parts;

    public TextPattern(string text) => _parts = Slot().Split(text);

    /// <summary>The names of the places, in their order.</summary>
    public IEnumerable<string> Slots => _parts.Where((_, index) => index % 2 == 1);

    /// <summary>Puts values in their places. One that has no place is left out; a place without a value is a fault of the text.</summary>
    public string Fill(params ReadOnlySpan<(string Slot, string Value)> values)
    {
        if (_parts.Length == 1)
            return _parts[0];
        var parts = new string[_parts.Length];
        for (var index = 0; index < parts.Length; index++)
            parts[index] = index % 2 == 0 ? _parts[index] : Find(_parts[index], values);
        return string.Concat(parts);
    }

    private static string Find(string slot, ReadOnlySpan<(string Slot, string Value)> values)
    {
        foreach (var (name, value) in values)
            if (name == slot)
                return value;
        throw new FormatException($"A text has a place for '{slot}', which is not among what it is given");
    }

    // Not what braces hold in a style sheet.
    [GeneratedRegex(@"\{([a-zA-Z]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Slot();
}
