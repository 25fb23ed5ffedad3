using System.Net;
using Bunit;
using Countersign.Console.Catalog;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Console.Tests.Catalog;

public sealed class ImportsPageTests : ConsoleTest
{
    private const string List = "GET /countersign/v1/catalog/imports?limit=50", Create = "POST /countersign/v1/catalog/imports";

    private const string Running = """
        [{"id":"imp1","status":"RUNNING","source":"directory.tgz","documents":500,"documentsTotal":2639,"apis":480,"operations":21000,"refused":2,"errors":7,"warnings":0,"startedAt":"2026-03-05T09:41:07.000Z"}]
        """;

    private const string Ended = """
        [{"id":"imp1","status":"COMPLETED","source":"directory.tgz","documents":2639,"documentsTotal":2639,"apis":2600,"operations":125000,"refused":2,"errors":84,"warnings":28,"startedAt":"2026-03-05T09:41:07.000Z","endedAt":"2026-03-05T09:45:07.000Z"}]
        """;

    private const string Failed = """[{"id":"imp2","status":"FAILED","source":"https://acme.com/none","documents":0,"documentsTotal":0,"apis":0,"operations":0,"refused":0,"errors":0,"warnings":0,"reason":"The server answered 404."}]""";

    private readonly FakeTimeProvider _clock = new();

    public ImportsPageTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Fact]
    public async Task The_figures_of_an_import_that_runs_follow_it_to_its_end()
    {
        Server.On(List, Running).On(List, Ended);
        var page = RenderPage();
        Assert.Contains("500 of 2,639 documents", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[aria-label='Stop the import of directory.tgz']"));

        _clock.Advance(TimeSpan.FromSeconds(1));

        await page.WaitForAssertionAsync(() => Assert.Contains("Completed", page.Markup, StringComparison.Ordinal));
        Assert.Contains("125,000", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[aria-label='Stop the import of directory.tgz']"));
    }

    [Fact]
    public void A_failed_import_says_why()
    {
        Server.On(List, Failed);

        Assert.Contains("The server answered 404.", RenderPage().Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_open_with_their_places_and_can_be_narrowed()
    {
        Server.On(List, Ended)
            .On("GET /countersign/v1/catalog/imports/imp1/findings?limit=50", """[{"severity":"WARNING","document":"b.json","place":"/info","reason":"No version."},{"severity":"REFUSED","document":"a.json","place":"/paths","reason":"A null stands where an object must."}]""")
            .On("GET /countersign/v1/catalog/imports/imp1/findings?severity=REFUSED&limit=50", """[{"severity":"REFUSED","document":"a.json","place":"/paths","reason":"A null stands where an object must."}]""");
        var page = RenderPage();

        await page.Find("button.row-link").ClickAsync();
        Assert.Equal(2, page.FindAll(".findings li").Count);
        await page.FindAll("[aria-label=Severity] .mud-chip")[1].ClickAsync();

        var finding = Assert.Single(page.FindAll(".findings li"));
        Assert.Contains("/paths", finding.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_imported_by_its_address()
    {
        Server.On(List, "[]").On(Create, Ended.Trim('[', ']'), HttpStatusCode.Created).On(List, Ended);
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions .mud-button-filled"));
        Assert.True(Dialogs.Find("[type=submit]").HasAttribute("disabled"));
        await Dialogs.Find("input[type=url]").InputAsync("https://acme.com/openapi.json");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"url":"https://acme.com/openapi.json"}""", Assert.Single(Server.Bodies));
        await page.WaitForAssertionAsync(() => Assert.Contains("directory.tgz", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_document_is_imported_as_text()
    {
        Server.On(List, "[]").On(Create, Ended.Trim('[', ']'), HttpStatusCode.Created);
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions .mud-button-filled"));
        await Dialogs.FindAll(".mud-tab")[2].ClickAsync();
        await Dialogs.Find("textarea").InputAsync("openapi: 3.1.0");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"name":"pasted text","document":"openapi: 3.1.0"}""", Assert.Single(Server.Bodies));
    }

    [Fact]
    public async Task A_file_is_sent_as_it_is()
    {
        Server.On(List, "[]").On($"{Create}?name=acme.yaml", Ended.Trim('[', ']'), HttpStatusCode.Created);
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions .mud-button-filled"));
        await Dialogs.FindAll(".mud-tab")[1].ClickAsync();
        Dialogs.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("openapi: 3.1.0", "acme.yaml"));
        await Dialogs.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal("openapi: 3.1.0", Assert.Single(Server.Bodies)));
    }

    [Fact]
    public async Task A_refused_document_is_explained_in_the_dialog()
    {
        Server.On(List, "[]").Refuse(Create, HttpStatusCode.BadRequest, "E0000001", "Api validation failed: document", "This is no OpenAPI document.");
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions .mud-button-filled"));
        await Dialogs.Find("input[type=url]").InputAsync("https://acme.com/openapi.json");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("This is no OpenAPI document.", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<ImportsPage> RenderPage()
    {
        RenderFrame();
        return Render<ImportsPage>();
    }
}
