using System.Net;
using Bunit;
using Countersign.Console.Users;

namespace Countersign.Console.Tests.Users;

public sealed class UserPageTests : ConsoleTest
{
    private const string Locked = """{"id":"00u1","status":"LOCKED_OUT","profile":{"login":"ines@example.com","firstName":"Ines","lastName":"Kovar"},"_links":{"self":{},"unlock":{},"suspend":{}}}""";
    private const string Active = """{"id":"00u1","status":"ACTIVE","profile":{"login":"ines@example.com","firstName":"Ines","lastName":"Kovar"},"_links":{"self":{},"suspend":{}}}""";

    [Fact]
    public void Only_what_the_status_allows_is_offered()
    {
        Server.On("GET /api/v1/users/00u1", Active).On("GET /api/v1/users/00u1/factors", "[]").On("GET /api/v1/users/00u1/factors/catalog", "[]");

        var page = RenderPage();

        Assert.DoesNotContain("Unlock", page.Find(".page-actions").TextContent, StringComparison.Ordinal);
        Assert.Equal("Active", page.Find(".page-actions .status-chip").TextContent.Trim());
    }

    [Fact]
    public void A_locked_user_is_unlocked_by_one_press()
    {
        Server.On("GET /api/v1/users/00u1", Locked).On("GET /api/v1/users/00u1", Active)
            .On("GET /api/v1/users/00u1/factors", "[]").On("GET /api/v1/users/00u1/factors/catalog", "[]")
            .On("POST /api/v1/users/00u1/lifecycle/unlock", "{}");
        var page = RenderPage();

        page.FindAll(".page-actions button").Single(button => button.TextContent.Contains("Unlock", StringComparison.Ordinal)).Click();

        Assert.Contains("POST /api/v1/users/00u1/lifecycle/unlock", Server.Requests);
        Assert.Equal("Active", page.Find(".page-actions .status-chip").TextContent.Trim());
    }

    [Fact]
    public void A_factor_is_unenrolled_only_after_a_second_word()
    {
        Server.On("GET /api/v1/users/00u1", Active).On("GET /api/v1/users/00u1/factors/catalog", "[]")
            .On("GET /api/v1/users/00u1/factors", """[{"id":"ufs1","factorType":"question","provider":"OKTA","status":"ACTIVE","profile":{"questionText":"Which game?"}}]""")
            .On("GET /api/v1/users/00u1/factors", "[]")
            .On("DELETE /api/v1/users/00u1/factors/ufs1", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        page.Find("[aria-label='Unenroll Security question']").Click();
        Assert.DoesNotContain("DELETE /api/v1/users/00u1/factors/ufs1", Server.Requests);
        Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Unenroll").Click();

        Assert.Contains("DELETE /api/v1/users/00u1/factors/ufs1", Server.Requests);
        Assert.Contains("No factor can be enrolled", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<UserPage> RenderPage()
    {
        RenderFrame();
        return Render<UserPage>(parameters => parameters.Add(page => page.Id, "00u1"));
    }
}
