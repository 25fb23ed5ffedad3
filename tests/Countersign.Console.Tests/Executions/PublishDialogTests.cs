using Bunit;
using Countersign.Console.Executions;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.Executions;

public sealed class PublishDialogTests : ConsoleTest
{
    private const string Publish = "POST /countersign/v1/runners/conductor/publish";

    [Fact]
    public async Task The_difference_is_shown_before_anything_is_published()
    {
        Server.On(Publish, """{"changes":[{"kind":"workflow","name":"w","version":2,"before":{"a":1},"after":{"a":2}}],"refusals":[],"published":false}""")
            .On(Publish, """{"changes":[],"refusals":[],"published":true}""");

        await OpenAsync();
        Assert.Equal("""{"name":"w","version":2,"dryRun":true}""", Assert.Single(Server.Bodies));
        Assert.Equal(["{\n  \"a\": 1\n}", "{\n  \"a\": 2\n}"], Dialogs.FindAll("pre").Select(text => text.TextContent));
        await PublishButton.ClickAsync();

        Assert.Equal("""{"name":"w","version":2,"dryRun":false}""", Server.Bodies[^1]);
        Assert.Contains("Published.", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_that_server_cannot_run_is_named_and_not_published()
    {
        Server.On(Publish, """{"changes":[{"kind":"workflow","name":"w","version":2,"after":{"a":2}}],"refusals":["The secret API_KEY is not there."],"published":false}""");

        await OpenAsync();

        Assert.Contains("The secret API_KEY is not there.", Dialogs.Markup, StringComparison.Ordinal);
        Assert.True(PublishButton.HasAttribute("disabled"));
    }

    private AngleSharp.Dom.IElement PublishButton => Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Publish");

    private async Task OpenAsync()
    {
        RenderFrame();
        var dialogs = Services.GetRequiredService<IDialogService>();
        await Dialogs.InvokeAsync(() => dialogs.ShowAsync<PublishDialog>("Publish", new DialogParameters<PublishDialog> { { d => d.Runner, "conductor" }, { d => d.Name, "w" }, { d => d.Version, 2 } }));
        await Dialogs.WaitForElementAsync(".mud-dialog");
    }
}
