using System.Net;
using Bunit;
using Countersign.Console.Shell;

namespace Countersign.Console.Tests.Shell;

public sealed class SignInTests : ConsoleTest
{
    [Fact]
    public void A_token_signs_in()
    {
        Server.On("GET /api/v1/users/me", "{}");
        var signIn = Render<SignIn>();

        signIn.Find("input").Input(" 00good ");
        signIn.Find("form").Submit();

        Assert.Equal("00good", Session.Token);
        Assert.Equal("SSWS 00good", Server.Authorization);
    }

    [Fact]
    public void A_refused_token_says_so()
    {
        Server.Refuse("GET /api/v1/users/me", HttpStatusCode.Unauthorized, "E0000011", "Invalid token provided");
        var signIn = Render<SignIn>();

        signIn.Find("input").Input("00bad");
        signIn.Find("form").Submit();

        Assert.Contains("Invalid token provided", signIn.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public void What_cannot_be_a_token_is_not_sent(string text)
    {
        var signIn = Render<SignIn>();

        signIn.Find("input").Input(text);
        signIn.Find("form").Submit();

        Assert.Empty(Server.Requests);
        Assert.True(signIn.Find("button[type=submit]").HasAttribute("disabled"));
    }
}
