using System.Net;
using AngleSharp.Dom;
using Bunit;
using Countersign.Console.Secrets;

namespace Countersign.Console.Tests.Secrets;

public sealed class SecretsPageTests : ConsoleTest
{
    private const string List = "GET /countersign/v1/secrets?limit=100", Environments = "GET /countersign/v1/environments";
    private const string Two = """[{"name":"ACME_KEY","createdAt":"2026-03-05T09:41:07.000Z","updatedAt":"2026-03-05T09:41:07.000Z","usedBy":["pay, version 2"]},{"name":"OLD","createdAt":"2026-03-05T09:41:07.000Z","usedBy":[]}]""";
    private const string Sets = """[{"id":"default","name":"default","variables":[{"name":"HOST","value":"acme.com","isSecret":false},{"name":"KEY","isSecret":true}]},{"id":"env1","name":"staging","variables":[]}]""";

    [Fact]
    public void Secrets_are_listed_without_a_value()
    {
        var page = RenderPage();

        Assert.Equal(["ACME_KEY", "OLD"], page.FindAll("tbody td:first-child > code").Select(name => name.TextContent));
        Assert.Contains("pay, version 2", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[aria-label='Copy the expression of ACME_KEY']"));
    }

    [Fact]
    public async Task A_secret_is_written()
    {
        Server.On("PUT /countersign/v1/secrets/NEW_1", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions button"));
        var fields = Dialogs.FindAll("input");
        Assert.Equal("password", fields[1].GetAttribute("type"));
        await fields[0].InputAsync("NEW 1");
        Assert.Contains("Letters, digits and underscores only", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.FindAll("input")[0].InputAsync("NEW_1");
        await Dialogs.FindAll("input")[1].InputAsync("s3cret");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"value":"s3cret"}""", Assert.Single(Server.Bodies));
        await page.WaitForAssertionAsync(() => Assert.Equal(2, Server.Requests.Count(request => request == List)));
        Assert.DoesNotContain("s3cret", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_replaced_under_its_name()
    {
        Server.On("PUT /countersign/v1/secrets/ACME_KEY", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Replace ACME_KEY']"));
        await Assert.Single(Dialogs.FindAll("input")).InputAsync("other");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"value":"other"}""", Assert.Single(Server.Bodies));
    }

    [Fact]
    public async Task Deleting_a_secret_names_what_needs_it()
    {
        Server.On("DELETE /countersign/v1/secrets/ACME_KEY", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Delete ACME_KEY']"));
        Assert.Contains("pay, version 2", Dialogs.Markup, StringComparison.Ordinal);
        await DialogButton("Delete").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("DELETE /countersign/v1/secrets/ACME_KEY", Server.Requests));
    }

    [Fact]
    public void Where_there_is_no_secret_the_page_says_what_one_is_for()
    {
        Server.On(List, "[]").On(Environments, "[]");
        RenderFrame();

        Assert.Contains("${workflow.secrets.NAME}", Render<SecretsPage>().Find(".empty-state").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Environments_show_their_variables_but_no_secret_value()
    {
        var page = RenderPage();

        var first = page.FindAll(".environment")[0].TextContent;
        Assert.Contains("acme.com", first, StringComparison.Ordinal);
        Assert.Contains("secret", first, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[aria-label='Delete default']"));
        Assert.NotNull(page.Find("[aria-label='Delete staging']"));
    }

    [Fact]
    public async Task An_environment_is_changed_and_its_secret_keeps_its_value()
    {
        Server.On("PUT /countersign/v1/environments/default", Sets[1..^1].Split(",{\"id\":\"env1\"")[0]);
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Edit default']"));
        await Dialogs.FindAll(".variable input")[1].InputAsync("example.com");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"name":"default","variables":[{"name":"HOST","value":"example.com","isSecret":false},{"name":"KEY","isSecret":true}]}""", Assert.Single(Server.Bodies));
    }

    [Fact]
    public async Task A_variable_has_its_name_once()
    {
        var page = RenderPage();
        await OpenAsync(page.Find("[aria-label='Edit default']"));

        await DialogButton("Add variable").ClickAsync();
        await Dialogs.FindAll(".variable")[^1].QuerySelector("input")!.InputAsync("HOST");

        Assert.True(Dialogs.Find("[type=submit]").HasAttribute("disabled"));
        Assert.Contains("Twice", Dialogs.Markup, StringComparison.Ordinal);
    }

    private IElement DialogButton(string text) => Dialogs.FindAll("button").First(button => button.TextContent.Trim() == text);

    private IRenderedComponent<SecretsPage> RenderPage()
    {
        Server.On(List, Two).On(Environments, Sets);
        RenderFrame();
        return Render<SecretsPage>();
    }
}
