using System.Net;
using AngleSharp.Dom;
using Bunit;
using Countersign.Console.Catalog;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Catalog;

public sealed class ApiPagesTests : ConsoleTest
{
    private const string Api2 = """
        {"id":"acme.com-2","provider":"acme.com","name":"","version":"2","title":"Acme","descriptionHtml":"<p>All of it.</p>","operations":2,"importedAt":"2026-03-05T09:41:07.000Z","source":"https://acme.com/openapi.json",
         "versions":[{"id":"acme.com-1","version":"1"},{"id":"acme.com-2","version":"2"}],"isOwn":false,"tags":[{"name":"Charges","count":1},{"name":"Cards","count":1}]}
        """;

    private const string Own = """{"id":"countersign","provider":"countersign","title":"Countersign","operations":80,"versions":[],"isOwn":true,"tags":[]}""";
    private const string Operations = "GET /countersign/v1/catalog/apis/acme.com-2/operations?limit=50";

    private const string Two = """
        [{"id":"acme.com-2/post/charge","api":{"id":"acme.com-2","provider":"acme.com"},"method":"POST","path":"/charge","title":"Charge","tags":["Charges"]},
         {"id":"acme.com-2/get/cards","api":{"id":"acme.com-2","provider":"acme.com"},"method":"GET","path":"/cards","title":"List cards","tags":["Cards"]}]
        """;

    [Fact]
    public void Apis_are_listed_with_their_size()
    {
        Server.On("GET /countersign/v1/catalog/apis?limit=50", $"[{Own},{Api2}]");
        RenderFrame();

        var page = Render<ApisPage>();

        Assert.Equal(["catalog/apis/countersign", "catalog/apis/acme.com-2"], page.FindAll("a.row-link").Select(link => link.GetAttribute("href")));
        Assert.Contains("built in", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_api_lists_its_operations_by_tag()
    {
        var page = RenderApi();

        Assert.Equal(["Charges", "Cards"], page.FindAll("h2.group").Select(heading => heading.TextContent));
        Assert.Equal(2, page.FindAll("a.operation").Count);
        Assert.Contains("All of it.", page.Find("details").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_narrows_the_operations()
    {
        Server.On("GET /countersign/v1/catalog/apis/acme.com-2/operations?tag=Cards&limit=50", "[]");
        RenderApi();

        Services.GetRequiredService<NavigationManager>().NavigateTo("catalog/apis/acme.com-2?tag=Cards");
        var page = Render<ApiPage>(one => one.Add(api => api.Id, "acme.com-2"));

        await page.WaitForAssertionAsync(() => Assert.Contains("It has no operation.", page.Markup, StringComparison.Ordinal));
        Assert.Equal("true", page.FindAll("[aria-label=Tags] .mud-chip")[1].GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task An_api_is_removed_when_that_is_confirmed()
    {
        Server.On("DELETE /countersign/v1/catalog/apis/acme.com-2", "", HttpStatusCode.NoContent);
        var page = RenderApi();

        await OpenAsync(Button(page, "Remove"));
        await Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Remove").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.EndsWith("catalog/apis", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Contains("DELETE /countersign/v1/catalog/apis/acme.com-2", Server.Requests);
    }

    [Fact]
    public async Task An_api_stays_when_removing_it_is_not_confirmed()
    {
        var page = RenderApi();

        await OpenAsync(Button(page, "Remove"));
        await Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Cancel").ClickAsync();

        Assert.DoesNotContain(Server.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public void The_servers_own_api_cannot_be_removed()
    {
        Server.On("GET /countersign/v1/catalog/apis/countersign", Own).On("GET /countersign/v1/catalog/apis/countersign/operations?limit=50", "[]");
        RenderFrame();

        var page = Render<ApiPage>(one => one.Add(api => api.Id, "countersign"));

        Assert.Equal("Countersign", page.Find("h1").TextContent);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Remove", StringComparison.Ordinal));
    }

    private static IElement Button(IRenderedComponent<ApiPage> page, string text) => page.FindAll("button").First(button => button.TextContent.Trim() == text);

    private IRenderedComponent<ApiPage> RenderApi()
    {
        Server.On("GET /countersign/v1/catalog/apis/acme.com-2", Api2).On(Operations, Two);
        RenderFrame();
        return Render<ApiPage>(one => one.Add(api => api.Id, "acme.com-2"));
    }
}
