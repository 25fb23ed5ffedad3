using Countersign.PhoneNumbers;
using CsCheck;

namespace Countersign.Tests.PhoneNumbers;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+12345678901", "+12345678901", "US")]
    [InlineData("+1 415 555 0142", "+14155550142", "US")]
    [InlineData("+1 604 555 0142", "+16045550142", "CA")]
    [InlineData("+7 701 234 5678", "+77012345678", "KZ")]
    [InlineData("+870 773 111 632", "+870773111632", "001")]
    [InlineData("+44 (0)7400 123456", "+447400123456", "GB")]
    public void A_number_is_brought_to_one_form_and_its_country_found(string written, string value, string country)
        => Assert.Equal((value, country), PhoneNumber.Parse(written) is { } number ? (number.Value, number.Country) : default);

    [Theory, InlineData("+14155550142", 3, "+1415"), InlineData("+4915112345678", 3, "+49151"), InlineData("+35312345678", 3, "+353123"), InlineData("+77012345678", 2, "+770"), InlineData("+14155550142", 0, "+1"), InlineData("+85212345678", 10, "+85212345678")]
    public void The_range_is_the_countrys_code_and_so_many_digits(string value, int digits, string range) => Assert.Equal(range, PhoneNumber.RangeOf(value, digits));

    [Fact]
    public void Whatever_is_written_is_a_number_in_e164_or_none()
        => Gen.String[Gen.Char["+0123456789 -().\u202c\u200e\uff0b\u0661x,;#*"], 0, 40].Sample(text =>
        {
            if (PhoneNumber.Parse(text) is not { } number) return;
            Assert.Matches(@"^\+[1-9]\d{1,14}$", number.Value);
            Assert.Equal(number, PhoneNumber.Parse(number.Value));
            Assert.StartsWith(PhoneNumber.RangeOf(number.Value, 3), number.Value, StringComparison.Ordinal);
        });

    [Fact]
    public void No_text_is_too_strange_to_be_refused() => Gen.String.Sample(text => PhoneNumber.Parse(text) is null or { Country.Length: > 0 });
}
