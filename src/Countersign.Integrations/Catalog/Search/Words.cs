using System.Text;

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
        if (text is null) return words;
        foreach (var (start, length) in Runs(text))
        {
            var run = text.AsSpan(start, length);
            var parts = 0;
            foreach (var (at, count) in Parts(text, start, length))
            {
                if (words.Count >= most) return words;
                words.Add(Stem(text.Substring(at, count)));
                parts++;
            }
            if (compounds && parts is > 1 and <= 4) words.Add(Stem(run.ToString()));
        }
        return words;
    }

    /// <summary>The places of the words in a text: each with the word that it is indexed as.</summary>
    public static IEnumerable<(int Start, int Length, string Word)> Places(string text)
    {
        foreach (var (start, length) in Runs(text))
            foreach (var (at, count) in Parts(text, start, length)) yield return (at, count, Stem(text.Substring(at, count)));
    }

    /// <summary>A word in its indexed form.</summary>
    public static string Stem(string word)
    {
        var lower = Fold(word);
        if (lower.Length > Longest) lower = lower[..Longest];
        if (lower.Length < 4 || lower[^1] != 's') return lower;
        if (lower.EndsWith("ies", StringComparison.Ordinal)) return lower.Length > 4 ? lower[..^3] + "y" : lower;
        if (lower.EndsWith("sses", StringComparison.Ordinal) || lower.EndsWith("ches", StringComparison.Ordinal) || lower.EndsWith("shes", StringComparison.Ordinal)
            || lower.EndsWith("xes", StringComparison.Ordinal)) return lower[..^2];
        return lower[^2] is 's' or 'u' or 'i' ? lower : lower[..^1];
    }

    /// <summary>Lower case without accents.</summary>
    public static string Fold(string word)
    {
        var lower = word.ToLowerInvariant();
        if (lower.All(char.IsAscii)) return lower;
        var plain = new StringBuilder(lower.Length);
        foreach (var letter in Normalized(lower))
            if (char.GetUnicodeCategory(letter) != System.Globalization.UnicodeCategory.NonSpacingMark) plain.Append(letter);
        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string Normalized(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            return new string([.. text.Where(letter => !char.IsSurrogate(letter))]);   // a lone surrogate
        }
    }

    private static IEnumerable<(int Start, int Length)> Runs(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isWord = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (isWord && start < 0) start = i;
            else if (!isWord && start >= 0)
            {
                yield return (start, i - start);
                start = -1;
            }
        }
    }

    /// <summary><c>HTTPServer</c> is http, server; <c>ec2</c> and <c>v1</c> stay whole.</summary>
    private static IEnumerable<(int Start, int Length)> Parts(string text, int start, int length)
    {
        var (from, end) = (start, start + length);
        for (var i = start + 1; i < end; i++)
        {
            var begins = char.IsUpper(text[i]) && (!char.IsUpper(text[i - 1]) || (i + 1 < end && char.IsLower(text[i + 1])));
            if (!begins) continue;
            yield return (from, i - from);
            from = i;
        }
        yield return (from, end - from);
    }
}
