using Countersign.Texts;
using CsCheck;

namespace Countersign.Tests.Texts;

public sealed class Gsm7Tests
{
    [Theory]
    [InlineData("@", "00")]
    [InlineData("£$¥èéùìòÇ", "010203040506070809")]
    [InlineData("\nØø\rÅå", "0A0B0C0D0E0F")]
    [InlineData("Δ_ΦΓΛΩΠΨΣΘΞ", "101112131415161718191A")]
    [InlineData("ÆæßÉ", "1C1D1E1F")]
    [InlineData(" !\"#¤%&'", "2021222324252627")]
    [InlineData("09:?", "30393A3F")]
    [InlineData("¡AZÄÖÑÜ§", "40415A5B5C5D5E5F")]
    [InlineData("¿azäöñüà", "60617A7B7C7D7E7F")]
    [InlineData("\f^{}\\[~]|€", "1B0A1B141B281B291B2F1B3C1B3D1B3E1B401B65")]
    public void Characters_have_the_codes_of_the_specification(string text, string septets)
    {
        var buffer = new byte[64];

        Assert.True(Gsm7.TryEncode(text, buffer, out var written));

        Assert.Equal(septets, Convert.ToHexString(buffer, 0, written));
        Assert.Equal(text, Gsm7.Decode(buffer.AsSpan(0, written)));
    }

    [Fact]
    public void Every_code_but_the_escape_is_another_character_that_encodes_back_to_it()
    {
        var codes = Enumerable.Range(0, 128).Where(code => code != 0x1b).Select(code => new[] { (byte)code }).ToList();

        var characters = codes.Select(code => Gsm7.Decode(code)).ToList();

        Assert.Equal(127, characters.Distinct().Count());
        Assert.All(codes.Zip(characters), pair =>
        {
            var buffer = new byte[1];
            Assert.True(Gsm7.TryEncode(pair.Second, buffer, out _));
            Assert.Equal(pair.First, buffer);
        });
    }

    [Theory]
    [InlineData("ç")]
    [InlineData("`")]
    [InlineData("\u001b")]
    [InlineData("\t")]
    [InlineData("😀")]
    [InlineData("код")]
    public void What_the_alphabet_lacks_is_not_encoded(string text)
    {
        Assert.False(Gsm7.TryEncode(text, new byte[16], out _));
        Assert.False(Gsm7.TryCount(text, out _));
    }

    [Fact]
    public void A_destination_too_short_for_the_escape_and_its_code_is_refused()
        => Assert.False(Gsm7.TryEncode("a€", new byte[2], out _));

    [Theory]
    [InlineData("1B", " ")]
    [InlineData("1B1B", " ")]
    [InlineData("1B41", "A")]
    [InlineData("411B6542", "A€B")]
    [InlineData("80FF", "\ufffd\ufffd")]
    public void Codes_without_a_meaning_are_shown_as_the_specification_says(string septets, string text)
        => Assert.Equal(text, Gsm7.Decode(Convert.FromHexString(septets)));

    [Fact]
    public void No_octets_make_decoding_fail_and_what_is_encoded_decodes_to_itself()
    {
        Gen.Byte.Array[0, 300].Sample(octets => Gsm7.Decode(octets).Length <= octets.Length, iter: 2_000, threads: 1);
        Gen.Char["abcXYZ019@£€^{}[]~|\\ÄÖÜñà ΔΩ\n\r"].Array[0, 200].Select(characters => new string(characters)).Sample(text =>
        {
            var buffer = new byte[text.Length * 2];
            return Gsm7.TryEncode(text, buffer, out var written) && Gsm7.TryCount(text, out var counted) && written == counted && Gsm7.Decode(buffer.AsSpan(0, written)) == text;
        }, iter: 2_000, threads: 1);
    }
}
