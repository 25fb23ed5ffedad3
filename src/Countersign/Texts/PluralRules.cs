namespace Countersign.Texts;

/// <summary>The plural category of a whole number (Unicode CLDR, supplemental/plurals.xml), for the languages that have texts.</summary>
internal static class PluralRules
{
    /// <summary>The category of a number in a language: <c>zero</c>, <c>one</c>, <c>two</c>, <c>few</c>, <c>many</c> or <c>other</c>.</summary>
    public static string Category(string language, int number) => language switch
    {
        "ja" or "ko" or "zh-Hans" or "zh-Hant" => "other",
        "fr" or "pt-BR" or "hi" or "fa" => number is 0 or 1 ? "one" : "other",
        "ru" or "uk" => EastSlavic(number % 10, number % 100),
        "pl" => number == 1 ? "one" : IsFew(number % 10, number % 100) ? "few" : "many",
        "he" => number switch { 1 => "one", 2 => "two", _ => "other" },
        "ar" => Arabic(number, number % 100),
        _ => number == 1 ? "one" : "other",
    };

    private static string EastSlavic(int last, int lastTwo) => last == 1 && lastTwo != 11 ? "one" : IsFew(last, lastTwo) ? "few" : "many";

    private static bool IsFew(int last, int lastTwo) => last is >= 2 and <= 4 && lastTwo is < 12 or > 14;

    private static string Arabic(int number, int lastTwo) => number switch
    {
        0 => "zero",
        1 => "one",
        2 => "two",
        _ => lastTwo switch { >= 3 and <= 10 => "few", >= 11 => "many", _ => "other" },
    };
}
