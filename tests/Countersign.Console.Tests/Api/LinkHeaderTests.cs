using Countersign.Console.Api;

namespace Countersign.Console.Tests.Api;

public sealed class LinkHeaderTests
{
    private const string Self = "<https://mfa.example.com/api/v1/users?limit=50>; rel=\"self\"";
    private const string Next = "<https://mfa.example.com/api/v1/users?after=00u1&limit=50>; rel=\"next\"";

    [Fact]
    public void The_next_page_keeps_the_path_and_takes_the_links_query()
        => Assert.Equal("/api/v1/users?after=00u1&limit=50", LinkHeader.Next([Self, Next], "/api/v1/users?limit=50"));

    [Fact]
    public void Links_may_share_one_header_line()
        => Assert.Equal("/api/v1/users?after=00u1&limit=50", LinkHeader.Next([$"{Self}, {Next}"], "/api/v1/users"));

    [Fact]
    public void A_comma_inside_an_address_ends_no_link()
        => Assert.Equal("/api/v1/users?after=a,b", LinkHeader.Next(["<https://x/api/v1/users?after=a,b>; rel=\"next\""], "/api/v1/users"));

    [Fact]
    public void The_last_page_has_no_next() => Assert.Null(LinkHeader.Next([Self], "/api/v1/users"));

    [Theory]
    [InlineData("")]
    [InlineData("<>; rel=\"next\"")]
    [InlineData("<https://x/api/v1/users>; rel=\"next\"")]
    [InlineData("https://x/api/v1/users?after=1; rel=\"next\"")]
    [InlineData("<https://x/api/v1/users?after=1; rel=\"next\"")]
    public void What_is_no_link_leads_nowhere(string value) => Assert.Null(LinkHeader.Next([value], "/api/v1/users"));
}
