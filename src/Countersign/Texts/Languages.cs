using System.Collections.Frozen;

namespace Countersign.Texts;

/// <summary>The languages that Countersign has its own texts in. To add one, add its file in <c>Texts/Languages</c>, and its rule in <see cref="PluralRules"/> if it needs one.</summary>
public static class Languages
{
    private static readonly FrozenDictionary<string, Language> ByTag = TextFiles.ReadLanguages().ToFrozenDictionary(language => language.Tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>All languages, in the order of their tags.</summary>
    public static IReadOnlyList<Language> All { get; } = [.. ByTag.Values.OrderBy(language => language.Tag, StringComparer.Ordinal)];

    /// <summary>English: what is spoken where nothing else is asked for.</summary>
    public static Language English { get; } = ByTag["en"];

    /// <summary>The language that comes nearest to a tag, for example <c>de</c> for <c>de-CH</c>; null for none. Never throws.</summary>
    public static Language? Find(string? tag)
    {
        if (tag is null || tag.Length > LanguagePreferences.MaxRangeLength)
            return null;
        // Lookup (RFC 4647 §3.4): the range is shortened from its end until something matches.
        for (var rest = Written(tag); rest.Length > 0; rest = rest[..Math.Max(0, rest.LastIndexOf('-'))])
            if (ByTag.TryGetValue(rest, out var language))
                return language;
        return null;
    }

    /// <summary>The language to use for these preferences: the first of them that there are texts for, else English.</summary>
    public static Language Choose(LanguagePreferences preferences)
    {
        foreach (var range in preferences.Ranges)
        {
            var language = range == "*" ? AnyOf(preferences) : Find(range);
            if (language is not null && !preferences.Excludes(language.Tag))
                return language;
        }
        return preferences.Excludes(English.Tag) ? AnyOf(preferences) ?? English : English;
    }

    private static Language? AnyOf(LanguagePreferences preferences)
        => preferences.Excludes(English.Tag) ? All.FirstOrDefault(language => !preferences.Excludes(language.Tag)) : English;

    // Chinese by the script that is customary in a region, which lookup alone would not find.
    private static string Written(string tag)
    {
        var subtags = LanguagePreferences.Canonical(tag).Split('-');
        return subtags[0] switch
        {
            "pes" => "fa",
            "yue" when !subtags.Contains("hans") => "zh-Hant",
            "zh" or "cmn" or "yue" => IsTraditional(subtags) ? "zh-Hant" : "zh-Hans",
            _ => string.Join('-', subtags),
        };
    }

    private static bool IsTraditional(string[] subtags)
        => !subtags.Contains("hans") && subtags.Any(subtag => subtag is "hant" or "tw" or "hk" or "mo");
}
