using Countersign.Texts;
using CsCheck;

namespace Countersign.Tests.Texts;

public sealed class SmsSegmentsTests
{
    private static readonly string[] Pieces = ["a", "Z", "€", "{", "ж", "😀", "\ud83d", "\ude00", " "];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(459, 3)]
    [InlineData(460, 4)]
    public void Septets_are_160_in_one_message_and_153_in_a_segment(int length, int segments)
        => Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, length, segments), SmsSegments.Count(new string('a', length)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    public void Units_are_70_in_one_message_and_67_in_a_segment(int length, int segments)
        => Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, length, segments), SmsSegments.Count(new string('ж', length)));

    [Fact]
    public void One_character_outside_the_alphabet_makes_the_whole_text_UCS_2()
        => Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 71, 2), SmsSegments.Count(new string('a', 70) + "ç"));

    [Fact]
    public void Characters_of_the_extension_table_count_twice()
    {
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, 160, 1), SmsSegments.Count(new string('€', 80)));
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, 162, 2), SmsSegments.Count(new string('€', 81)));
    }

    [Fact]
    public void An_escape_pair_at_a_border_moves_whole_to_the_next_segment()
    {
        var text = new string('a', 152) + '€' + new string('b', 152);

        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, 306, 3), SmsSegments.Count(text));
        Assert.Equal([152, 152, 1], SmsSegments.Split(text).Select(part => part.Length));
    }

    [Fact]
    public void A_surrogate_pair_at_a_border_moves_whole_to_the_next_segment()
    {
        var text = new string('ж', 66) + "😀" + new string('ж', 66);

        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 134, 3), SmsSegments.Count(text));
        Assert.Equal([66, 67, 1], SmsSegments.Split(text).Select(part => part.Length));
    }

    [Fact]
    public void Half_a_surrogate_pair_counts_as_one_unit()
        => Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 3, 1), SmsSegments.Count("a\ud83db"));

    [Fact]
    public void The_parts_are_the_text_as_many_as_counted_and_none_too_long()
        => Gen.Int[0, Pieces.Length - 1].Array[0, 500].Select(indexes => string.Concat(indexes.Select(index => Pieces[index]))).Sample(text =>
        {
            var (encoding, units, segments) = SmsSegments.Count(text);
            var parts = SmsSegments.Split(text);

            Assert.Equal(text, string.Concat(parts.Select(part => part.ToString())));
            Assert.Equal(segments, parts.Count);
            var lengths = parts.Select(part => encoding == SmsEncoding.Ucs2 ? part.Length : part.ToString().Sum(Gsm7.Septets)).ToList();
            Assert.Equal(units, lengths.Sum());
            Assert.All(lengths, length => Assert.InRange(length, 0, (encoding, segments) switch { (SmsEncoding.Gsm7, 1) => 160, (SmsEncoding.Gsm7, _) => 153, (_, 1) => 70, _ => 67 }));
            Assert.All(parts.Skip(1).Zip(parts), pair => Assert.False(char.IsSurrogatePair(pair.Second.Span[^1], pair.First.Span[0])));
        }, iter: 2_000, threads: 1);
}
