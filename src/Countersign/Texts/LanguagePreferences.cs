using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.Texts;

/// <summary>The languages that somebody wants, as an <c>Accept-Language</c> header says it (RFC 9110 §12.5.4). What does not follow the grammar is passed over.</summary>
public sealed class LanguagePreferences
{
    /// <summary>The most ranges that are looked at.</summary>
    public const int MaxRanges = 20;
    /// <summary>The most characters of a header that are looked at.</summary>
    public const int MaxLength = 1000;
    /// <summary>The most characters of a range (RFC 5646 §4.4.1 gives 35 to the longest that is to be expected).</summary>
    public const int MaxRangeLength = 35;

    private LanguagePreferences(IReadOnlyList<string> ranges, IReadOnlyList<string> excluded) => (Ranges, Excluded) = (ranges, excluded);

    /// <summary>No wish at all.</summary>
    public static LanguagePreferences None { get; } = new([], []);

    /// <summary>What is wanted, in lower case, the most wanted first; among equals the order of the header. <c>*</c> is any other language.</summary>
    public IReadOnlyList<string> Ranges { get; }

    /// <summary>What is not wanted (a quality of zero), in lower case.</summary>
    public IReadOnlyList<string> Excluded { get; }

    /// <summary>Reads a header. Never throws: what cannot be read says nothing.</summary>
    public static LanguagePreferences Parse(string? acceptLanguage)
    {
        if (string.IsNullOrWhiteSpace(acceptLanguage))
            return None;
        var header = acceptLanguage.Length <= MaxLength ? acceptLanguage : acceptLanguage[..Math.Max(0, acceptLanguage.LastIndexOf(',', MaxLength))];
        var ranges = new List<(string Range, int Quality)>();
        foreach (var element in header.Split(',', MaxRanges + 1).Take(MaxRanges))
            if (TryRead(element, out var range, out var quality))
                ranges.Add((range, quality));
        return ranges.Count == 0
            ? None
            : new(
                [.. ranges.Where(range => range.Quality > 0).OrderByDescending(range => range.Quality).Select(range => range.Range)],
                [.. ranges.Where(range => range.Quality == 0).Select(range => range.Range)]);
    }

    /// <summary>The preferences of the first of these that says any: the request's header, then what is known of the user (contract 13.4), whose locale may be written <c>de_CH</c>.</summary>
    public static LanguagePreferences FirstOf(params ReadOnlySpan<string?> sources)
    {
        foreach (var source in sources)
            if (Parse(source) is var preferences && preferences != None)
                return preferences;
        return None;
    }

    /// <summary>
    /// Chooses among a template's translations, which have two-letter codes: the first wanted language whose primary subtag has one (contract 13.4). False when
    /// there is none, which leaves the template's own text.
    /// </summary>
    /// <param name="translations">The texts by language.</param>
    /// <param name="language">The key of the chosen text.</param>
    /// <param name="text">The chosen text.</param>
    public bool TryChoose(IReadOnlyDictionary<string, string> translations, [NotNullWhen(true)] out string? language, [NotNullWhen(true)] out string? text)
    {
        foreach (var range in Ranges)
        {
            language = range.Split('-', 2)[0];
            if (!Excludes(language) && translations.TryGetValue(language, out text))
                return true;
        }
        (language, text) = (null, null);
        return false;
    }

    /// <summary>Whether a language is not wanted: it, or what it is a part of, has a quality of zero, and none that names it more closely has another.</summary>
    internal bool Excludes(string tag)
    {
        var excluded = Excluded.Where(range => Covers(range, tag)).Select(range => range == "*" ? 0 : range.Length).DefaultIfEmpty(-1).Max();
        return excluded >= 0 && !Ranges.Any(range => Covers(range, tag) && range != "*" && range.Length > excluded);
    }

    /// <summary>A tag or range in lower case, with hyphens, and with today's code for Hebrew (RFC 5646 §4.5; some platforms still send the old one).</summary>
    internal static string Canonical(string tag)
    {
        var written = tag.Replace('_', '-').ToLowerInvariant();
        return written == "iw" || written.StartsWith("iw-", StringComparison.Ordinal) ? $"he{written[2..]}" : written;
    }

    // Basic filtering (RFC 4647 §3.3.1).
    private static bool Covers(string range, string tag)
        => range == "*" || (tag.StartsWith(range, StringComparison.OrdinalIgnoreCase) && (tag.Length == range.Length || tag[range.Length] == '-'));

    private static bool TryRead(string element, out string range, out int quality)
    {
        var parts = element.Split(';', 2);
        range = Canonical(parts[0].Trim(' ', '\t'));
        quality = 1000;
        return IsRange(range) && (parts.Length == 1 || TryReadWeight(parts[1].Trim(' ', '\t'), out quality));
    }

    // language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*" (RFC 4647 §2.1)
    private static bool IsRange(string range)
    {
        if (range == "*")
            return true;
        if (range.Length is 0 or > MaxRangeLength)
            return false;
        var subtags = range.Split('-');
        return subtags[0].All(char.IsAsciiLetter) && subtags.All(subtag => subtag.Length is >= 1 and <= 8 && subtag.All(char.IsAsciiLetterOrDigit));
    }

    // qvalue = ("0" ["." 0*3DIGIT]) / ("1" ["." 0*3("0")]) (RFC 9110 §12.4.2), in thousandths.
    private static bool TryReadWeight(string weight, out int quality)
    {
        quality = 0;
        if (weight.Length is < 3 or > 7 || weight[0] is not ('q' or 'Q') || weight[1] != '=' || weight[2] is not ('0' or '1') || (weight.Length > 3 && weight[3] != '.'))
            return false;
        var thousandths = weight.Length > 4 ? weight[4..].PadRight(3, '0') : "000";
        if (!int.TryParse(thousandths, NumberStyles.None, CultureInfo.InvariantCulture, out var fraction))
            return false;
        quality = ((weight[2] - '0') * 1000) + fraction;
        return quality <= 1000;
    }
}
