using System.Net;
using Bunit;
using Countersign.Console.Tokens;

namespace Countersign.Console.Tests.Tokens;

public sealed class TokensPageTests : ConsoleTest
{
    private const string Shop = """{"id":"00T1","name":"Shop","status":"ACTIVE","scopes":["okta.users.read"],"created":"2026-03-05T09:41:07.000Z"}""";

    [Fact]
    public async Task A_new_token_is_shown_once()
    {
        Server.On("GET /countersign/v1/tokens", "[]").On("GET /countersign/v1/tokens", $"[{Shop}]")
            .On("POST /countersign/v1/tokens", """{"id":"00T1","name":"Shop","token":"00the-secret"}""", HttpStatusCode.Created);
        RenderFrame();
        var page = Render<TokensPage>();

        await OpenAsync(page.Find(".page-actions button"));
        Dialogs.Find("input").Input("Shop");
        await Dialogs.Find("form").SubmitAsync();
        Assert.Equal("00the-secret", Dialogs.Find(".secret code").TextContent);
        await Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Done").ClickAsync();

        Assert.Equal("""{"name":"Shop"}""", Assert.Single(Server.Bodies));
        page.WaitForAssertion(() => Assert.Contains("okta.users.read", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("00the-secret", page.Markup + Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_revoked_only_after_a_second_word()
    {
        Server.On("GET /countersign/v1/tokens", $"[{Shop}]").On("GET /countersign/v1/tokens", "[]")
            .On("DELETE /countersign/v1/tokens/00T1", "", HttpStatusCode.NoContent);
        RenderFrame();
        var page = Render<TokensPage>();

        await OpenAsync(page.Find("[aria-label='Revoke Shop']"));
        Assert.DoesNotContain("DELETE /countersign/v1/tokens/00T1", Server.Requests);
        await Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Revoke").ClickAsync();

        page.WaitForAssertion(() => Assert.Contains("There is no API token yet.", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
    }
}
