namespace Countersign.Integrations.Catalog.Search;

/// <summary>Cuts text into the words that are indexed and looked for: lower case, <c>camelCase</c> and <c>snake_case</c> taken apart, plurals made singular.</summary>
public static class Words
{
    /// <summary>A longer word is cut.</summary>
    public const int Longest = 40;

    /// <summary>The words of a text in their order. With <paramref name="compounds"/>, what was taken apart is a word as a whole too (<c>sendPhoto</c>: send, photo, sendphoto).</summary>
    public static List<string> Of(string? text, bool compounds = false, int most = int.MaxValue)
    {
        var words = new List<string>();
        Add(words, text, compounds, most);
        return words;
    }

    /// <summary>Adds the words of a text to a list, which is hot: every candidate of a search is read so.</summary>
    public static void Add(List<string> words, string? text, bool compounds = false, int most = int.MaxValue)
    {
        if (text is null) return;
        for (var at = 0; NextRun(text, ref at) is { Length: > 0 } run;)
        {
            var parts = 0;
            for (var part = run.Start; part < run.End; parts++)
            {
                if (words.Count >= most) return;
                var end = PartEnd(text, part, run.End);
                words.Add(Stem(text.AsSpan(part, end - part)));
                part = end;
            }
            if (compounds && parts is > 1 and <= 4) words.Add(Stem(text.AsSpan(run.Start, run.Length)));
        }
    }

    /// <summary>The places of the words in a text: each with the word that it is indexed as.</summary>
    public static IEnumerable<(int Start, int Length, string Word)> Places(string text)
    {
        for (var at = 0; NextRun(text, ref at) is { Length: > 0 } run;)
        {
            for (var part = run.Start; part < run.End;)
            {
                var end = PartEnd(text, part, run.End);
                yield return (part, end - part, Stem(text.AsSpan(part, end - part)));
                part = end;
            }
        }
    }

    /// <summary>A word in its indexed form.</summary>
    public static string Stem(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest) word = word[..Longest];
        Span<char> lower = stackalloc char[Longest];
        word.ToLowerInvariant(lower);
        return Singular(lower[..word.Length]);
    }

    /// <summary>Lower case.</summary>
    public static string Fold(string word) => word.ToLowerInvariant();

    private static string Singular(ReadOnlySpan<char> word)
    {
        if (word.Length < 4 || word[^1] != 's') return word.ToString();
        if (word.EndsWith("ies")) return word.Length > 4 ? string.Concat(word[..^3], "y") : word.ToString();
        if (word.EndsWith("sses") || word.EndsWith("ches") || word.EndsWith("shes") || word.EndsWith("xes")) return word[..^2].ToString();
        return word[^2] is 's' or 'u' or 'i' ? word.ToString() : word[..^1].ToString();
    }

    private static Run NextRun(string text, ref int at)
    {
        while (at < text.Length && !char.IsLetterOrDigit(text[at])) at++;
        var start = at;
        while (at < text.Length && char.IsLetterOrDigit(text[at])) at++;
        return new Run(start, at);
    }

    /// <summary>Where the part that begins here ends: <c>HTTPServer</c> is http, server; <c>ec2</c> and <c>v1</c> stay whole.</summary>
    private static int PartEnd(string text, int start, int end)
    {
        for (var i = start + 1; i < end; i++)
            if (char.IsUpper(text[i]) && (!char.IsUpper(text[i - 1]) || (i + 1 < end && char.IsLower(text[i + 1])))) return i;
        return end;
    }

    private readonly record struct Run(int Start, int End)
    {
        public int Length => End - Start;
    }
}
