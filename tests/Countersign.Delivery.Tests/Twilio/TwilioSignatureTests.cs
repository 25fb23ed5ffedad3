using Countersign.Delivery.Twilio;
using CsCheck;

namespace Countersign.Delivery.Tests.Twilio;

public sealed class TwilioSignatureTests
{
    private const string Token = "12345";
    private const string Address = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private const string Signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    private static readonly KeyValuePair<string, string>[] Form =
    [
        new("CallSid", "CA1234567890ABCDE"), new("From", "+14158675309"), new("Digits", "1234"), new("To", "+18005551212"), new("Caller", "+14158675309"),
    ];

    /// <summary>The vectors of Twilio's own libraries (twilio-csharp, RequestValidatorTest; twilio-php for parameters that come more than once).</summary>
    [Theory]
    [InlineData(Address, Signature)]
    [InlineData("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=")]
    [InlineData("https://MyCompany.com:1234/myapp.php?foo=1&bar=2", "PCqOZm8cnu/L6+u5i5fuEd+Iac4=")]
    [InlineData("http://MyCompany.com/myapp.php?foo=1&bar=2", "XY7AlKOKL6im4yWyX84gldUrtis=")]
    [InlineData("http://username:password@MyCompany.com/myapp.php?foo=1&bar=2", "PJ08CxXr7KLPjEQCTc8LkUSMwSM=")]
    [InlineData("http://Username:Password@MyCompany.com/myapp.php?foo=1&bar=2", "SkTSKyDJH9kUlhItI0slbgZ1UsI=")]
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", Signature)]
    [InlineData(Address, "kvajT1Ptam85bY51eRf/AJRuM3w=")]
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4=")]
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "CYn1h0gLBdNxDGkKJg6hYohgeD8=")]
    [InlineData("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=")]
    public void Twilios_own_vectors_are_right(string address, string signature)
        => Assert.True(TwilioSignature.IsValid(Token, address, Form, signature));

    [Fact]
    public void Parameters_that_come_twice_count_once_and_in_order()
        => Assert.True(TwilioSignature.IsValid(Token, Address,
            [new("Sid", "CA123"), new("SidAccount", "AC123"), new("Digits", "5678"), new("Digits", "1234"), new("Digits", "1234")], "IK+Dwps556ElfBT0I3Rgjkr1wJU="));

    [Theory]
    [InlineData("12346", Address, Signature)]
    [InlineData(Token, "https://mycompany.com/myapp.php?foo=1&bar=3", Signature)]
    [InlineData(Token, "http://mycompany.com/myapp.php?foo=1&bar=2", Signature)]
    [InlineData(Token, Address, "RSOYDt4T1cUTdK1PDd93/VVr8B4=")]
    [InlineData(Token, Address, "NOTRSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData(Token, Address, "RSOY")]
    [InlineData(Token, Address, "not base64")]
    [InlineData(Token, Address, "")]
    [InlineData(Token, Address, null)]
    public void Whatever_is_spoiled_is_found(string token, string address, string? signature)
        => Assert.False(TwilioSignature.IsValid(token, address, Form, signature));

    [Fact]
    public void A_parameter_that_is_changed_added_or_taken_away_is_found()
    {
        Assert.False(TwilioSignature.IsValid(Token, Address, [.. Form[1..], new("CallSid", "CA1234567890ABCDF")], Signature));
        Assert.False(TwilioSignature.IsValid(Token, Address, [.. Form, new("X", "")], Signature));
        Assert.False(TwilioSignature.IsValid(Token, Address, Form[1..], Signature));
    }

    [Theory]
    [InlineData("https://[2001:db8::1]/a", "https://[2001:db8::1]:443/a")]
    [InlineData("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]/a")]
    [InlineData("https://example.com", "https://example.com:443")]
    [InlineData("https://example.com?a=b:c", "https://example.com:443?a=b:c")]
    [InlineData("https://example.com/a:b@c", "https://example.com:443/a:b@c")]
    public void Either_form_of_the_address_may_be_signed(string configured, string signed)
        => Assert.True(TwilioSignature.IsValid(Token, configured, Form, TwilioSignature.Compute(Token, signed, Form)));

    [Fact]
    public void Nothing_makes_the_check_throw()
        => Gen.Select(Gen.String, Gen.String, Gen.String).Sample((token, address, signature)
            => !TwilioSignature.IsValid(token, address, Form, signature) && !TwilioSignature.IsValid(token, "https://" + address, Form, signature));
}
