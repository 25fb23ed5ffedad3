using System.Net;
using Bunit;
using Countersign.Console.Users;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Users;

public sealed class UsersPageTests : ConsoleTest
{
    private const string Ines = """{"id":"00u1","status":"LOCKED_OUT","profile":{"login":"ines@example.com","firstName":"Ines","lastName":"Kovar"}}""";
    private const string Jonas = """{"id":"00u2","status":"ACTIVE","profile":{"login":"jonas@example.com","firstName":"Jonas","lastName":"Lindqvist"}}""";

    [Fact]
    public void Users_are_shown_with_their_status()
    {
        Server.On("GET /api/v1/users?limit=50", $"[{Ines},{Jonas}]");

        var page = RenderPage();

        Assert.Equal(["Ines Kovar", "Jonas Lindqvist"], page.FindAll("a.row-link").Select(link => link.TextContent));
        Assert.Equal(["Locked out", "Active"], page.FindAll(".status-chip").Select(chip => chip.TextContent.Trim()));
        Assert.Equal("users/00u1", page.Find("a.row-link").GetAttribute("href"));
    }

    [Fact]
    public void The_next_page_is_added_below()
    {
        Server.On("GET /api/v1/users?limit=50", $"[{Ines}]", links: ["<http://localhost/api/v1/users?after=00u1&limit=50>; rel=\"next\""]);
        Server.On("GET /api/v1/users?after=00u1&limit=50", $"[{Jonas}]");
        var page = RenderPage();

        page.Find(".show-more button").Click();

        Assert.Equal(["Ines Kovar", "Jonas Lindqvist"], page.FindAll("a.row-link").Select(link => link.TextContent));
        Assert.Empty(page.FindAll(".show-more"));
    }

    [Fact]
    public void The_address_says_what_is_searched_for()
    {
        Server.On("GET /api/v1/users?search=(profile.city eq \"Ulm\") and status eq \"ACTIVE\"&limit=50", "[]");
        Services.GetRequiredService<NavigationManager>().NavigateTo("users?q=profile.city%20eq%20%22Ulm%22&status=ACTIVE");

        var page = RenderPage();

        Assert.Contains("No user matches.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_the_server_refuses_shows_why()
    {
        Server.Refuse("GET /api/v1/users?limit=50", HttpStatusCode.BadRequest, "E0000031", "Invalid search criteria.", "Expected a value.");

        var page = RenderPage();

        var notice = page.Find("[role=alert]");
        Assert.Contains("Invalid search criteria.", notice.TextContent, StringComparison.Ordinal);
        Assert.Contains("Expected a value.", notice.TextContent, StringComparison.Ordinal);
        Assert.Contains("oaeq3Xw7VtRTbmGd0vLh1cZpA", notice.TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<UsersPage> RenderPage()
    {
        RenderFrame();
        return Render<UsersPage>();
    }
}
