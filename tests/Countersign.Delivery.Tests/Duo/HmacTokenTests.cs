using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.Duo;
using CsCheck;

namespace Countersign.Delivery.Tests.Duo;

public sealed class HmacTokenTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");

    [Fact]
    public void A_token_is_read_with_the_secret_that_it_was_signed_with()
    {
        var token = HmacToken.Sign(Secret, claims => claims.WriteString("iss", "Žofie"));

        Assert.Equal("Žofie", HmacToken.Read(token, Secret)!.Value.GetProperty("iss").GetString());
        Assert.Null(HmacToken.Read(token, [.. Secret, 1]));
    }

    /// <summary>Claims of RFC 7515 appendix A.1, signed by HS512 with Python's <c>hmac</c>.</summary>
    [Fact]
    public void A_token_of_another_making_is_read()
    {
        const string Token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjEzMDA4MTkzODB9"
            + ".HPDAF8AUngNZDKWByefY__bYm9G2ArIeCRW6hZ1rJ9BY9d4axE0gv2-hkLbzoJN8gxYhgbJThJ9E001tDteIvQ";

        Assert.Equal(1300819380, HmacToken.Read(Token, Secret)!.Value.GetProperty("exp").GetInt64());
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":"hs512"}""")]
    [InlineData("""{"alg":["HS512"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS512","crit":["exp"]}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_header_that_is_not_ours_makes_it_no_token_however_it_is_signed(string header)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString("{}"u8)}";

        Assert.Null(HmacToken.Read($"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(Secret, Encoding.ASCII.GetBytes(signed)))}", Secret));
        Assert.Null(HmacToken.Read($"{signed}.", Secret));
    }

    [Fact]
    public void No_change_of_a_token_is_overlooked_and_nothing_makes_reading_fail()
    {
        var token = HmacToken.Sign(Secret, claims => claims.WriteString("iss", "joe"));

        // The last character of a signature of 64 bytes carries two bits only; it is left alone.
        Gen.Select(Gen.Int[0, token.Length - 2], Gen.Char).Sample((at, character) =>
            token[at] == character || HmacToken.Read(string.Concat(token.AsSpan(0, at), [character], token.AsSpan(at + 1)), Secret) is null);
        Gen.String.Sample(text => HmacToken.Read(text, Secret) is null);
    }
}
