using System.Net;
using Bunit;
using Countersign.Console.Workflows;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.Workflows;

public sealed class WorkflowsPageTests : ConsoleTest
{
    private const string Latest = "GET /api/metadata/workflow/latest-versions";

    [Fact]
    public void Definitions_are_listed_by_name_with_version_and_tasks()
    {
        Server.On(Latest, $"[{SampleDefinitions.Transfer},{SampleDefinitions.Legacy}]");

        var page = RenderPage("workflows");

        Assert.Equal(["old one", "verify_transfer"], page.FindAll("a.row-link").Select(link => link.TextContent));
        Assert.Equal(["1", "3"], page.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td")[1].TextContent.Trim()));
        Assert.Equal(["4", "13"], page.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td")[2].TextContent.Trim()));
        Assert.Equal("workflows/old%20one", page.Find("a.row-link").GetAttribute("href"));
    }

    [Theory]
    [InlineData("verify", "verify_transfer")]
    [InlineData("DECISION", "old one")]
    [InlineData("alle countersign_verify", "verify_transfer")]
    public void Words_are_looked_for_in_names_descriptions_and_types(string words, string found)
    {
        Server.On(Latest, $"[{SampleDefinitions.Transfer},{SampleDefinitions.Legacy}]");

        var page = RenderPage($"workflows?q={Uri.EscapeDataString(words)}");

        Assert.Equal([found], page.FindAll("a.row-link").Select(link => link.TextContent));
    }

    [Fact]
    public void Nothing_found_and_nothing_there_are_two_things()
    {
        Server.On(Latest, $"[{SampleDefinitions.Legacy}]").On(Latest, "[]");

        Assert.Contains("No workflow matches.", RenderPage("workflows?q=zzz").Markup, StringComparison.Ordinal);
        Assert.Contains("There is no workflow yet.", Render<WorkflowsPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_shown()
    {
        Server.On(Latest, """{"status":503,"message":"The store cannot be reached.","retryable":true}""", HttpStatusCode.ServiceUnavailable);

        var page = RenderPage("workflows");

        Assert.Contains("The store cannot be reached.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".empty-state"));
    }

    [Fact]
    public async Task A_list_of_definitions_is_imported_and_each_says_what_became_of_it()
    {
        Server.On(Latest, "[]").On("PUT /api/metadata/workflow?overwrite=false", """{"bulkSuccessfulResults":["old one"],"bulkErrorResults":{"verify_transfer":"It is there already."}}""");
        var page = RenderPage("workflows");
        await OpenAsync(page.Find(".empty-state button"));

        Dialogs.Find("textarea").Input($"[{SampleDefinitions.Transfer},{SampleDefinitions.Legacy}]");
        Assert.Contains("2 definitions: verify_transfer 3, old one", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Import").ClickAsync();

        Assert.Contains("Imported: old one", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("It is there already.", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("\"x-owner\":{\"team\":\"payments\",\"since\":20.50}", Assert.Single(Server.Bodies), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "cannot be read as JSON")]
    [InlineData("""{"name":"a"}""", "no definition")]
    [InlineData("[1]", "no definition")]
    public async Task What_is_no_definition_cannot_be_imported(string text, string why)
    {
        Server.On(Latest, "[]");
        var page = RenderPage("workflows");
        await OpenAsync(page.Find(".empty-state button"));

        Dialogs.Find("textarea").Input(text);

        Assert.Contains(why, Dialogs.Markup, StringComparison.Ordinal);
        Assert.True(Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Import").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_new_workflow_has_a_name_that_is_not_taken()
    {
        Server.On(Latest, $"[{SampleDefinitions.Legacy}]");
        var page = RenderPage("workflows");
        await OpenAsync(page.FindAll("button").First(button => button.TextContent.Contains("New workflow", StringComparison.Ordinal)));
        var name = Dialogs.FindComponent<MudTextField<string>>();

        await name.InvokeAsync(() => name.Instance.ValueChanged.InvokeAsync("old one"));
        Assert.Contains("There is a workflow of this name.", Dialogs.Markup, StringComparison.Ordinal);
        await name.InvokeAsync(() => name.Instance.ValueChanged.InvokeAsync("a/b"));
        Assert.Contains("A name has letters", Dialogs.Markup, StringComparison.Ordinal);
        await name.InvokeAsync(() => name.Instance.ValueChanged.InvokeAsync("new one"));
        await Dialogs.Find("form").SubmitAsync();

        Assert.EndsWith("workflows/new%20one?new=true", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    private IRenderedComponent<WorkflowsPage> RenderPage(string address)
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<WorkflowsPage>();
    }
}
