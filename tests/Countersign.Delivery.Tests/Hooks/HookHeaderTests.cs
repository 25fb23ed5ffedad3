using Countersign.Hooks;

namespace Countersign.Delivery.Tests.Hooks;

public sealed class HookHeaderTests
{
    [Theory]
    [InlineData("X-Tenant", "a", true)]
    [InlineData("Authorization", "Bearer a b", true)]
    [InlineData("X-Empty", "", true)]
    [InlineData("", "a", false)]
    [InlineData("X Tenant", "a", false)]
    [InlineData("X-Tenant:", "a", false)]
    [InlineData("X-Ténant", "a", false)]
    [InlineData("X-Tenant", "a\r\nX-Other: b", false)]
    [InlineData("X-Tenant", "a\nb", false)]
    [InlineData("X-Tenant", "é", false)]
    [InlineData("X-Tenant", " a", false)]
    [InlineData("content-length", "1", false)]
    [InlineData("Host", "elsewhere", false)]
    [InlineData("Transfer-Encoding", "chunked", false)]
    public void Only_headers_that_change_nothing_else_can_be_sent(string key, string value, bool isSendable)
        => Assert.Equal(isSendable, new HookHeader(key, value).IsSendable);

    [Fact]
    public void Secrets_do_not_show_in_texts()
    {
        var header = new HookHeader("Authorization", "Bearer secret");
        var channel = new HookChannel { Uri = new Uri("https://user:secret@sms.example.com/hook?key=secret"), Headers = [header], Authentication = header };

        Assert.DoesNotContain("secret", $"{header} {channel} {new HookEndpoint("cal1", channel)}", StringComparison.Ordinal);
    }
}
