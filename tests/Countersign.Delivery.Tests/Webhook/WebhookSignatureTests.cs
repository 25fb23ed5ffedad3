using Countersign.Delivery.Webhook;

namespace Countersign.Delivery.Tests.Webhook;

public sealed class WebhookSignatureTests
{
    /// <summary>The vector of the specification's reference libraries.</summary>
    [Fact]
    public void The_published_vector_is_right()
    {
        Assert.True(WebhookSignature.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var signature));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool isAllowed)
        => Assert.Equal(isAllowed, WebhookSignature.TryParse($"whsec_{Convert.ToBase64String(new byte[bytes])}", out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not base64")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Other_texts_are_no_secrets(string? secret) => Assert.False(WebhookSignature.TryParse(secret, out _));
}
