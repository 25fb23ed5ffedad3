using Countersign.Outbox;

namespace Countersign.Tests.Outbox;

public sealed class RenderedMessageTests
{
    private const string Link = "https://mfa.example.com/authenticator/#activate=00u.opf.8mQ2kd0vTnCw1YxPzR5hLg.bWFj";

    [Theory]
    [InlineData("554 5.7.1 spam: 482915 in it", "482915", null, "554 5.7.1 spam: … in it")]
    [InlineData($"550 bad link {Link}", null, Link, "550 bad link …")]
    [InlineData("550 bad fragment activate=00u.opf.8mQ2kd0vTnCw1YxPzR5hLg.bWFj", null, Link, "550 bad fragment …")]
    [InlineData("550 mailbox full", "482915", null, "550 mailbox full")]
    [InlineData("550 mailbox full", null, "https://mfa.example.com/#", "550 mailbox full")]
    public void What_others_say_of_a_message_is_noted_without_its_secrets(string said, string? code, string? link, string noted)
        => Assert.Equal(noted, Message(code, link).WithoutSecrets(said));

    [Fact]
    public void A_message_says_nothing_of_itself_but_its_id()
    {
        Assert.Equal("msg1", Message("482915", Link).ToString());
        Assert.DoesNotContain("482915", new MessageContent { Code = "482915", Link = Link, Language = "en", LifetimeSeconds = 1, Origin = new("r", "/", null) }.ToString(), StringComparison.Ordinal);
    }

    private static RenderedMessage Message(string? code, string? link) => new()
    {
        Id = "msg1",
        Channel = Channel.Email,
        Recipient = "ines@example.com",
        Code = code,
        Link = link,
        Language = "en",
        Text = "",
        Purpose = MessagePurpose.ActivationLink,
        Created = DateTimeOffset.UnixEpoch,
        Expires = DateTimeOffset.UnixEpoch,
        User = new Addressee("00u1", "ines@example.com", "Ines", "Kovar"),
        Origin = new MessageOrigin("req1", "/", null),
    };
}
