using System.Text;
using Countersign.Delivery.Smpp;
using Countersign.Texts;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class EncodedTextTests
{
    [Fact]
    public void A_text_of_the_default_alphabet_has_data_coding_0_and_one_septet_an_octet()
    {
        var piece = Assert.Single(EncodedText.Encode("@£{€", false, 1));

        Assert.Equal((0, 0, false), (piece.EsmClass, piece.DataCoding, piece.IsPayload));
        Assert.Equal("00011B281B65", Convert.ToHexString(piece.Octets.Span));
    }

    [Fact]
    public void Any_other_text_has_data_coding_8_and_big_endian_units()
    {
        var piece = Assert.Single(EncodedText.Encode("ж😀", false, 1));

        Assert.Equal((0, 8), (piece.EsmClass, piece.DataCoding));
        Assert.Equal("0436D83DDE00", Convert.ToHexString(piece.Octets.Span));
    }

    [Fact]
    public void Segments_begin_with_the_header_of_TS_23_040()
    {
        var pieces = EncodedText.Encode(new string('a', 153) + new string('b', 153) + "c", false, 0xab);

        Assert.Equal(["050003AB0301", "050003AB0302", "050003AB0303"], pieces.Select(piece => Convert.ToHexString(piece.Octets.Span[..6])));
        Assert.Equal([159, 159, 7], pieces.Select(piece => piece.Octets.Length));
        Assert.All(pieces, piece => Assert.Equal((0x40, 0, false), (piece.EsmClass, piece.DataCoding, piece.IsPayload)));
    }

    [Fact]
    public void A_segment_of_UCS_2_has_140_octets_at_most_and_never_half_an_emoji()
    {
        var text = new string('ж', 66) + string.Concat(Enumerable.Repeat("😀", 60));

        var pieces = EncodedText.Encode(text, false, 1);

        Assert.All(pieces, piece => Assert.InRange(piece.Octets.Length, 7, 140));
        Assert.All(pieces, piece => Assert.DoesNotContain('\ufffd', Encoding.BigEndianUnicode.GetString(piece.Octets.Span[6..])));
        Assert.Equal(text, string.Concat(pieces.Select(piece => Encoding.BigEndianUnicode.GetString(piece.Octets.Span[6..]))));
    }

    [Fact]
    public void A_text_of_more_than_255_segments_or_65535_octets_cannot_be_said()
    {
        Assert.Equal(255, EncodedText.Encode(new string('a', 255 * 153), false, 1).Count);
        Assert.Empty(EncodedText.Encode(new string('a', 255 * 153 + 1), false, 1));
        Assert.Single(EncodedText.Encode(new string('a', 65_535), true, 1));
        Assert.Empty(EncodedText.Encode(new string('a', 65_536), true, 1));
        Assert.Empty(EncodedText.Encode(new string('ж', 32_768), true, 1));
    }

    [Fact]
    public void A_short_text_is_no_payload_even_where_long_ones_are()
        => Assert.False(Assert.Single(EncodedText.Encode(new string('a', 160), true, 1)).IsPayload);

    [Fact]
    public void The_default_alphabet_comes_back_whole()
    {
        var text = string.Concat(Enumerable.Repeat("Code {1} = €2, ~[x]. ", 30));

        var pieces = EncodedText.Encode(text, false, 1);

        Assert.Equal(text, string.Concat(pieces.Select(piece => Gsm7.Decode(piece.Octets.Span[6..]))));
    }
}
