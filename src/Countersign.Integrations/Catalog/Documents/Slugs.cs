using System.Text;
using Countersign.Integrations.Catalog.Search;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Names that can stand in an address: lower case letters, digits and hyphens.</summary>
public static class Slugs
{
    private const int Longest = 100;

    /// <summary>A name for an address; empty when nothing of the text can stand in one. With <paramref name="keepsDots"/>, dots stay.</summary>
    public static string Of(string? text, bool keepsDots = false, int longest = Longest)
    {
        var slug = new StringBuilder();
        foreach (var letter in Words.Fold(text ?? ""))
        {
            if (char.IsAsciiLetterOrDigit(letter) || (keepsDots && letter == '.')) slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == longest) break;
        }
        return slug.ToString().Trim('-', '.');
    }

    /// <summary>An operation's slug: from its operation id, else from its path.</summary>
    public static string OfOperation(string? operationId, string path)
    {
        var named = Of(Spaced(operationId));
        if (named.Length > 1) return named;
        var placed = Of(path);
        return placed.Length > 0 ? placed : "root";
    }

    /// <summary><c>sendPhoto</c> becomes <c>send Photo</c>.</summary>
    public static string? Spaced(string? identifier)
    {
        if (identifier is null) return null;
        var spaced = new StringBuilder(identifier.Length + 8);
        for (var i = 0; i < identifier.Length; i++)
        {
            if (i > 0 && char.IsUpper(identifier[i]) && (char.IsLower(identifier[i - 1]) || char.IsDigit(identifier[i - 1])
                || (char.IsUpper(identifier[i - 1]) && i + 1 < identifier.Length && char.IsLower(identifier[i + 1])))) spaced.Append(' ');
            spaced.Append(identifier[i]);
        }
        return spaced.ToString();
    }
}
