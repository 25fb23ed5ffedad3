using System.Buffers;

namespace Countersign.Integrations.Workflows;

/// <summary>Names of definitions and tasks (workflow contract 1.2).</summary>
public static class Naming
{
    /// <summary>Characters of a name.</summary>
    public const int Longest = 255;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_<>{}# -");

    /// <summary>Whether a text is a name: 1 to 255 of letters, digits, underscore, angle and curly brackets, hash, blank, hyphen.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Allowed) && !string.IsNullOrWhiteSpace(text);
}
