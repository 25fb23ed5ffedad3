using System.Collections.Immutable;

namespace Countersign.Integrations.Catalog.Search;

/// <summary>A word that was typed.</summary>
/// <param name="Word">In the form in which words are indexed.</param>
/// <param name="Typed">As typed, in lower case.</param>
/// <param name="IsLast">Whether it may go on: it is the last one, and no blank follows.</param>
public sealed record TypedWord(string Word, string Typed, bool IsLast);

/// <summary>What somebody looks for.</summary>
public sealed record SearchQuery
{
    /// <summary>More words are not looked at.</summary>
    public const int MostWords = 8;
    /// <summary>The longest text that is looked at, in characters.</summary>
    public const int LongestText = 300;

    /// <summary>The words.</summary>
    public required ImmutableArray<TypedWord> Words { get; init; }
    /// <summary>A path, when the text has one: lower case, without the braces' names.</summary>
    public string? Path { get; init; }
    /// <summary>The path as it was typed.</summary>
    public string Typed { get; init; } = "";
    /// <summary>A method, when the text begins with one in upper case.</summary>
    public string? Method { get; init; }
    /// <summary>Only this provider.</summary>
    public string? Provider { get; init; }
    /// <summary>Only this method.</summary>
    public string? OnlyMethod { get; init; }
    /// <summary>Only operations with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether anything narrows the search.</summary>
    public bool HasFilter => Provider is not null || OnlyMethod is not null || Tag is not null;

    /// <summary>The marks of the filters.</summary>
    public IReadOnlyList<string> Marks()
    {
        var marks = new List<string>();
        if (Provider is not null) marks.Add(SearchText.ProviderMark(Provider));
        if (OnlyMethod is not null) marks.Add(SearchText.MethodMark(OnlyMethod));
        if (Tag is not null) marks.Add(SearchText.TagMark(Tag));
        return marks;
    }

    /// <summary>Reads what was typed.</summary>
    public static SearchQuery Parse(string? text, string? provider = null, string? method = null, string? tag = null)
    {
        var typed = text ?? "";
        if (typed.Length > LongestText) typed = typed[..LongestText];
        var all = Search.Words.Places(typed).ToList();
        var words = new List<TypedWord>();
        foreach (var (start, length, word) in all)
            words.Add(new TypedWord(word, Search.Words.Fold(typed.Substring(start, length)), start + length == typed.Length));
        var telling = words.Where(word => !Synonyms.IsEmpty(word.Word) || word.IsLast).ToList();
        if (telling is [{ IsLast: true } only] && Synonyms.IsEmpty(only.Word) && words.Count > 1) telling = words;
        var parts = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SearchQuery
        {
            Words = [.. telling.DistinctBy(word => word.Word).Take(MostWords)],
            Path = parts.FirstOrDefault(part => part.StartsWith('/') && part.Length > 1) is { } path ? PathKey(path) : null,
            Typed = parts.FirstOrDefault(part => part.StartsWith('/')) ?? "",
            Method = parts is [var first, _, ..] && first is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "QUERY" ? parts[0] : null,
            Provider = provider,
            OnlyMethod = method?.ToUpperInvariant(),
            Tag = tag,
        };
    }

    /// <summary>A path as paths are compared: lower case, every parameter alike.</summary>
    public static string PathKey(string path)
    {
        var key = new System.Text.StringBuilder(path.Length);
        var depth = 0;
        foreach (var letter in path)
        {
            if (letter == '{' && depth++ == 0) key.Append("{}");
            else if (letter == '}') depth = Math.Max(0, depth - 1);
            else if (depth == 0) key.Append(char.ToLowerInvariant(letter));
        }
        return key.ToString().TrimEnd('/');
    }
}

/// <summary>A word with everything that may stand for it.</summary>
/// <param name="Typed">The word.</param>
/// <param name="Prefix">What words may begin with; null when only whole words count.</param>
/// <param name="Beginnings">The most frequent words that begin so.</param>
/// <param name="Synonyms">Words of the same meaning.</param>
/// <param name="Near">Words that are one typing error away.</param>
public sealed record QueryTerm(TypedWord Typed, string? Prefix, IReadOnlyList<string> Beginnings, IReadOnlyList<string> Synonyms, IReadOnlyList<string> Near)
{
    // So few letters begin too many words for all of them to be looked for.
    private const int ShortestPrefix = 3;

    /// <summary>What the index is asked for.</summary>
    public SearchTerm ToTerm()
    {
        var isShort = Prefix?.Length < ShortestPrefix;
        return new SearchTerm([.. new[] { Typed.Word }.Concat(Synonyms).Concat(Near).Concat(isShort ? Beginnings : []).Distinct()], Prefix is null || isShort ? [] : [Prefix]);
    }
}
