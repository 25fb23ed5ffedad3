using System.Net;
using Bunit;
using Countersign.Console.Catalog;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Catalog;

public sealed class OperationPageTests : ConsoleTest
{
    private const string Asked = "GET /countersign/v1/catalog/operations/acme.com-2/post/charge";

    private const string Charge = """
        {"id":"acme.com-2/post/charge","api":{"id":"acme.com-2","provider":"acme.com","name":"","version":"2","title":"Acme"},"method":"POST","path":"/charges/{id}","title":"Charge a card",
         "summary":"Takes money.","descriptionHtml":"<p>Takes <em>money</em>.</p>","deprecated":true,"tags":["Charges"],
         "servers":[{"url":"https://{region}.acme.com","description":"Production","variables":[{"name":"region","default":"eu","enum":["eu","us"],"description":"Where"}]}],
         "parameters":{"path":[{"name":"id","type":"String","required":true,"descriptionHtml":"<p>The id.</p>"}],
           "header":[{"name":"Content-Type","type":"String","required":true,"default":"application/json"}],
           "query":[{"name":"limit","type":"Integer","required":false,"default":300,"limits":["at least 1","at most 500"]}],"cookie":[]},
         "body":{"required":true,"contents":[
           {"contentType":"application/json","type":"Object","fields":[
             {"name":"currency","type":"String","required":true,"enum":["eur","usd"],"format":"iso-4217","example":"eur","nullable":true},
             {"name":"card","type":"Object","required":false,"fields":[{"name":"number","type":"String","required":true,"writeOnly":true}]},
             {"name":"source","type":"Object","required":false,"choices":[{"title":"Bank","type":"Object","fields":[{"name":"iban","type":"String","required":true}]},{"title":"Wallet","type":"Object","fields":[{"name":"wallet","type":"String","required":true}]}]},
             {"name":"deep","type":"Object","required":false,"more":"/body/deep"}],"examples":[{"name":"small","value":{"currency":"eur"}}]},
           {"contentType":"application/xml","type":"String","fields":[]}]},
         "responses":[{"status":"402","descriptionHtml":"<p>No money.</p>","headers":[],"contents":[]},{"status":"200","descriptionHtml":"<p>Done.</p>","headers":[{"name":"X-Id","type":"String","required":false}],"contents":[]}],
         "authentication":[{"name":"key","type":"apiKey","in":"header","parameter":"X-Key"},{"name":"oauth","type":"oauth2","scopes":["charge"],"tokenUrl":"https://acme.com/token"}]}
        """;

    [Fact]
    public void The_page_follows_the_order_of_a_reference()
    {
        var page = RenderPage();

        Assert.Equal("Charge a card", page.Find("h1").TextContent);
        Assert.Equal(
            ["Servers", "Path parameters", "Request headers", "Query parameters", "Request body fields", "Responses", "Authentication", "How to start integrating"],
            page.FindAll("h2").Select(heading => heading.TextContent.Trim(' ', '#')));
        Assert.Contains("/charges/{id}", page.Find(".request-line").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[aria-label='Copy method and path']"));
        Assert.Contains("deprecated", page.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Equal("money", page.Find(".prose em").TextContent);
    }

    [Fact]
    public void Parts_that_are_empty_are_left_out()
    {
        Server.On(Asked, """{"id":"acme.com-2/post/charge","api":{"id":"acme.com-2","provider":"acme.com"},"method":"POST","path":"/p"}""");

        var page = RenderPage(known: false);

        Assert.Equal("POST /p", page.Find("h1").TextContent);
        Assert.Equal(["How to start integrating"], page.FindAll("h2").Select(heading => heading.TextContent.Trim(' ', '#')));
    }

    [Fact]
    public void A_parameter_shows_its_type_whether_it_is_required_and_its_default()
    {
        var page = RenderPage();

        var cells = page.FindAll("#query-limit > td");
        Assert.Equal("Integer", cells[1].TextContent);
        Assert.Equal("No", cells[2].TextContent);
        Assert.Contains("Default value: 300", cells[3].TextContent, StringComparison.Ordinal);
        Assert.Contains("Limits: at least 1, at most 500", cells[3].TextContent, StringComparison.Ordinal);
        Assert.Contains("Default value: \"application/json\"", page.Find("#header-Content-Type").TextContent, StringComparison.Ordinal);
        Assert.Equal("Yes", page.FindAll("#path-id > td")[2].TextContent);
        Assert.Equal("catalog/acme.com-2/post/charge#path-id", page.Find("#path-id .anchor").GetAttribute("href"));
    }

    [Fact]
    public void A_field_shows_what_it_may_be()
    {
        var currency = RenderPage().Find("#body-currency").TextContent;

        Assert.Contains("Null: allowed", currency, StringComparison.Ordinal);
        Assert.Contains("Allowed values: \"eur\", \"usd\"", currency, StringComparison.Ordinal);
        Assert.Contains("Format: iso-4217", currency, StringComparison.Ordinal);
        Assert.Contains("Example: \"eur\"", currency, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_within_fields_are_folded()
    {
        var page = RenderPage();
        Assert.Empty(page.FindAll("[id='body-card.number']"));

        await page.Find("[aria-label='Fields of card']").ClickAsync();

        Assert.Contains("only requests have it", page.Find("[id='body-card.number']").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.Find("[aria-label='Fields of card']").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task Choices_are_tabs()
    {
        var page = RenderPage();
        await page.Find("[aria-label='Fields of source']").ClickAsync();
        Assert.NotNull(page.Find("[id='body-source.iban']"));

        await page.FindAll("[aria-label='What source may be'] button")[1].ClickAsync();

        Assert.NotNull(page.Find("[id='body-source.wallet']"));
        Assert.Empty(page.FindAll("[id='body-source.iban']"));
    }

    [Fact]
    public async Task Fields_that_lie_deeper_are_asked_for_once()
    {
        const string deeper = $"{Asked}/schema?at=/body/deep";
        Server.On(deeper, """{"fields":[{"name":"bottom","type":"Boolean","required":false}]}""");
        var page = RenderPage();

        await page.Find("[aria-label='Fields of deep']").ClickAsync();
        await page.Find("[aria-label='Fields of deep']").ClickAsync();
        await page.Find("[aria-label='Fields of deep']").ClickAsync();

        Assert.Equal("Boolean", page.FindAll("[id='body-deep.bottom'] > td")[1].TextContent);
        Assert.Single(Server.Requests, request => request == deeper);
    }

    [Fact]
    public async Task A_body_may_have_several_content_types()
    {
        var page = RenderPage();

        await page.FindAll("[aria-label='Content type'] button")[1].ClickAsync();

        Assert.Empty(page.FindAll("#body-currency"));
    }

    [Fact]
    public void A_link_to_a_field_opens_what_hides_it()
    {
        var page = RenderPage("#body-card.number");

        Assert.Contains("target", page.Find("[id='body-card.number']").ClassName, StringComparison.Ordinal);
        Assert.Equal("body-card.number", JSInterop.Invocations["countersign.show"][0].Arguments[0]);
    }

    [Fact]
    public void The_first_success_is_open_and_the_task_is_one_press_away()
    {
        var page = RenderPage();

        Assert.False(page.Find("#response-402").HasAttribute("open"));
        Assert.True(page.Find("#response-200").HasAttribute("open"));
        Assert.Equal(3, page.FindAll(".steps li").Count);
        Assert.All(page.FindAll("a.mud-button-root[href^=http-task]"), link => Assert.Equal("http-task?operation=acme.com-2%2Fpost%2Fcharge", link.GetAttribute("href")));
        Assert.Contains("API key in the header X-Key", page.Markup, StringComparison.Ordinal);
        Assert.Contains("https://acme.com/token", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_is_not_there_is_said_to_be_missing()
    {
        Server.Refuse(Asked, HttpStatusCode.NotFound, "E0000007", "Not found: Resource not found");

        var page = RenderPage(known: false);

        Assert.Equal("No such operation", page.Find("h1").TextContent);
        Assert.Contains("Not found", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<OperationPage> RenderPage(string anchor = "", bool known = true)
    {
        if (known)
            Server.On(Asked, Charge);
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo($"catalog/acme.com-2/post/charge{anchor}");
        return Render<OperationPage>(page => page.Add(one => one.ApiId, "acme.com-2").Add(one => one.Method, "post").Add(one => one.Slug, "charge"));
    }
}
