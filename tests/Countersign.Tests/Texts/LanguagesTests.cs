using Countersign.Texts;
using CsCheck;

namespace Countersign.Tests.Texts;

public sealed class LanguagesTests
{
    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("de", "de")]
    [InlineData("de-CH", "de")]
    [InlineData("DE-ch-1996", "de")]
    [InlineData("de_AT", "de")]
    [InlineData("pt", "pt")]
    [InlineData("pt-AO", "pt")]
    [InlineData("pt-br", "pt-BR")]
    [InlineData("pt-BR-x-acme", "pt-BR")]
    [InlineData("iw", "he")]
    [InlineData("iw-IL", "he")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("zh-SG", "zh-Hans")]
    [InlineData("zh-TW", "zh-Hant")]
    [InlineData("zh-HK", "zh-Hant")]
    [InlineData("zh-MO", "zh-Hant")]
    [InlineData("zh-Hant-CN", "zh-Hant")]
    [InlineData("zh-Hans-HK", "zh-Hans")]
    [InlineData("yue", "zh-Hant")]
    [InlineData("nb, sv;q=0.8", "sv")]
    [InlineData("nn-NO,no;q=0.9,en;q=0.5", "en")]
    [InlineData("sr, ru;q=0.7, en;q=0.3", "ru")]
    [InlineData("sr", "en")]
    [InlineData("en;q=0.2, fr;q=0.9, de;q=0.9", "fr")]
    [InlineData("*", "en")]
    [InlineData("sr, *;q=0.1", "en")]
    [InlineData("en;q=0, *", "ar")]
    [InlineData("en;q=0, it", "it")]
    [InlineData("de-CH, de;q=0, fr;q=0.1", "fr")]
    [InlineData("pt-BR, pt;q=0", "pt-BR")]
    [InlineData("*;q=0", "en")]
    [InlineData("*;q=0, nl;q=0.1", "nl")]
    [InlineData("fr;q=1.001, de;q=0.1", "de")]
    [InlineData("fr;q=0.0001, de;q=0.1", "de")]
    [InlineData("fr;level=1, de;q=0.1", "de")]
    [InlineData("fr ; Q=0.8, ja ; q=0.9", "ja")]
    [InlineData(",,;;,de", "de")]
    public void The_nearest_language_is_chosen(string? header, string expected) => Assert.Equal(expected, Languages.Choose(LanguagePreferences.Parse(header)).Tag);

    [Fact]
    public void Every_language_is_found_by_its_tag_in_any_case()
        => Assert.All(Languages.All, language => Assert.Same(language, Languages.Find(language.Tag.ToUpperInvariant())));

    [Fact]
    public void The_header_comes_before_what_is_known_of_the_user()
    {
        Assert.Equal(["fr"], LanguagePreferences.FirstOf("fr", "de", "en_US").Ranges);
        Assert.Equal(["de"], LanguagePreferences.FirstOf(null, "de", "en_US").Ranges);
        Assert.Equal(["en-us"], LanguagePreferences.FirstOf("???", "", "en_US").Ranges);
        Assert.Same(LanguagePreferences.None, LanguagePreferences.FirstOf(null, null));
    }

    [Theory]
    [InlineData("fr-CA", "fr")]
    [InlineData("es, fr-CA;q=0.5, de;q=0.4", "fr")]
    [InlineData("fr;q=0, de", "de")]
    [InlineData("iw", "he")]
    [InlineData("es", null)]
    [InlineData("*", null)]
    [InlineData(null, null)]
    public void A_template_has_the_text_of_the_first_wanted_language_that_it_knows(string? header, string? expected)
    {
        var translations = new Dictionary<string, string> { ["de"] = "Ihr Code: ${code}", ["fr"] = "Votre code : ${code}", ["he"] = "${code}" };

        Assert.Equal(expected is not null, LanguagePreferences.Parse(header).TryChoose(translations, out var language, out var text));
        Assert.Equal(expected, language);
        Assert.Equal(expected is null ? null : translations[expected], text);
    }

    [Fact]
    public void No_header_throws_and_what_is_read_of_one_is_bounded()
    {
        string[] pieces = ["de", "en-US", "zh-Hant-TW", "*", ",", ";", "q=", "0.5", "1", "0", "=", " ", "\t", "-", "_", "é", "\ud800", "\0", "q=0.123", new string('x', 40)];
        var assembled = Gen.Int[0, pieces.Length - 1].Array[0, 60].Select(chosen => string.Concat(chosen.Select(index => pieces[index])));

        Gen.OneOf(assembled, Gen.String).Sample(header =>
        {
            var preferences = LanguagePreferences.Parse(header);
            Assert.InRange(preferences.Ranges.Count + preferences.Excluded.Count, 0, LanguagePreferences.MaxRanges);
            Assert.NotNull(Languages.Choose(preferences));
            Languages.Find(header);
        }, iter: 20_000);
    }

    [Fact]
    public void Ranges_are_in_the_order_of_their_weights_and_equal_ones_in_that_of_the_header()
        => Gen.Select(Gen.Char['a', 'z'].Array[2, 8], Gen.Int[0, 1000]).Array[0, LanguagePreferences.MaxRanges].Sample(wishes =>
        {
            var header = string.Join(", ", wishes.Select(wish => $"{new string(wish.Item1)};q={wish.Item2 / 1000}.{wish.Item2 % 1000:000}"));

            var preferences = LanguagePreferences.Parse(header);

            Assert.Equal(wishes.Where(wish => wish.Item2 > 0).OrderByDescending(wish => wish.Item2).Select(wish => LanguagePreferences.Canonical(new string(wish.Item1))), preferences.Ranges);
            Assert.Equal(wishes.Where(wish => wish.Item2 == 0).Select(wish => LanguagePreferences.Canonical(new string(wish.Item1))), preferences.Excluded);
        });

    [Fact]
    public void Of_a_long_header_the_beginning_is_read()
    {
        var many = LanguagePreferences.Parse(string.Join(',', Enumerable.Repeat("de", 500)));
        var longOne = LanguagePreferences.Parse($"fr,{new string(' ', LanguagePreferences.MaxLength)},de");
        var endless = LanguagePreferences.Parse(new string('d', 100_000));

        Assert.Equal(LanguagePreferences.MaxRanges, many.Ranges.Count);
        Assert.Equal(["fr"], longOne.Ranges);
        Assert.Empty(endless.Ranges);
    }
}
