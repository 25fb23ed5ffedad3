using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.Duo;

namespace Countersign.Delivery.Tests.Duo;

public sealed class DuoSignatureTests
{
    private const string IntegrationKey = "DIWJ8X6AEYOR5OMC6TQ1";
    private static readonly byte[] SecretKey = Encoding.UTF8.GetBytes("Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep");

    /// <summary>The example of Duo's documentation ("Authentication").</summary>
    [Fact]
    public void The_documented_request_has_the_documented_signature()
    {
        var date = DuoSignature.Date(new DateTimeOffset(2012, 8, 21, 17, 29, 18, TimeSpan.Zero));
        var parameters = DuoSignature.Parameters([new("username", "root"), new("realname", "First Last")]);
        var canonical = DuoSignature.Canonical(date, "post", "API-XXXXXXXX.duosecurity.com", "/accounts/v1/account/list", parameters);

        var credentials = DuoSignature.Credentials(IntegrationKey, SecretKey, canonical, HashAlgorithmName.SHA1);

        Assert.Equal("Tue, 21 Aug 2012 17:29:18 -0000\nPOST\napi-xxxxxxxx.duosecurity.com\n/accounts/v1/account/list\nrealname=First%20Last&username=root", canonical);
        Assert.Equal("RElXSjhYNkFFWU9SNU9NQzZUUTE6MmQ5N2Q2MTY2MzE5NzgxYjVhM2EwN2FmMzlkMzY2ZjQ5MTIzNGVkYw==", credentials);
    }

    /// <summary>The same request under SHA-512; computed with Python's <c>hmac</c>.</summary>
    [Fact]
    public void It_is_signed_with_SHA_512_likewise()
    {
        var canonical = DuoSignature.Canonical("Tue, 21 Aug 2012 17:29:18 -0000", "POST", "api-xxxxxxxx.duosecurity.com", "/accounts/v1/account/list", "realname=First%20Last&username=root");

        var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(DuoSignature.Credentials(IntegrationKey, SecretKey, canonical, HashAlgorithmName.SHA512)));

        Assert.Equal(IntegrationKey + ":1bffb8924348f7db7da9e7d7d749ded93aafd02d8e904960da7b96c57510220185a64a2827ee8f24ac5d30802a9ee97e59de44b304b18242f0d596d15a8122af", credentials);
    }

    [Theory]
    [InlineData("a b+c", "a%20b%2Bc")]
    [InlineData("-._~", "-._~")]
    [InlineData("ž*'()!&=", "%C5%BE%2A%27%28%29%21%26%3D")]
    public void Everything_but_the_unreserved_characters_is_escaped(string value, string escaped)
        => Assert.Equal($"username={escaped}", DuoSignature.Parameters([new("username", value)]));
}
