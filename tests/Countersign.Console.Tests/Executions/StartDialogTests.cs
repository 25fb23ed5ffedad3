using System.Net;
using System.Text.Json.Nodes;
using Bunit;
using Countersign.Console.Executions;
using Countersign.Console.Tests.Workflows;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.Executions;

public sealed class StartDialogTests : ConsoleTest
{
    private const string Start = "POST /api/workflow";

    public StartDialogTests() => Server.On("GET /countersign/v1/runners", "[]");

    [Fact]
    public async Task The_form_asks_for_the_definitions_inputs_and_takes_json_for_what_it_is()
    {
        Server.On(Start, "e1");
        var (started, fields) = await OpenAsync(SampleDefinitions.Transfer);
        Assert.Equal(["id", "userId", "limit"], fields.Take(3).Select(field => field.Instance.Label));

        await TypeAsync(fields[2], "12");
        await TypeAsync(fields[1], "ann");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("executions/e1", await started);
        var sent = JsonNode.Parse(Server.Bodies[^1])!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"name":"verify_transfer","version":3,"input":{"userId":"ann","limit":12}}"""), sent));
    }

    [Fact]
    public async Task A_code_of_digits_is_a_text_and_the_sign_changes_what_a_field_is_sent_as()
    {
        Server.On(Start, "e1");
        var (started, fields) = await OpenAsync("""{"name":"w","version":1,"tasks":[],"inputParameters":["passCode","first","second"]}""");

        await TypeAsync(fields[0], "123456");
        await TypeAsync(fields[1], "12");
        await TypeAsync(fields[2], "13");
        await Dialogs.Find("[aria-label='second is sent as JSON. Change it.']").ClickAsync();
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("executions/e1", await started);
        Assert.Equal("""{"passCode":"123456","first":12,"second":"13"}""", JsonNode.Parse(Server.Bodies[^1])!["input"]!.ToJsonString());
    }

    [Fact]
    public async Task Without_inputs_it_asks_for_json_and_refuses_what_is_none()
    {
        Server.On(Start, "e1");
        var (started, _) = await OpenAsync(SampleDefinitions.Legacy);

        Dialogs.Find("textarea").Input("[1]");
        await Dialogs.Find("form").SubmitAsync();
        Assert.Contains("The input is a JSON object.", Dialogs.Markup, StringComparison.Ordinal);
        Dialogs.Find("textarea").Input("""{"a":[1,null]}""");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("executions/e1", await started);
        Assert.Contains("\"input\":{\"a\":[1,null]}", Server.Bodies[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_start_says_why_and_keeps_the_input()
    {
        Server.On(Start, """{"status":409,"message":"The idempotency key was used before."}""", HttpStatusCode.Conflict);
        var (_, fields) = await OpenAsync(SampleDefinitions.Transfer);
        await TypeAsync(fields[0], "text");

        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("The idempotency key was used before.", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Equal("text", fields[0].Find("input").GetAttribute("value"));
    }

    private async Task<(Task<string?> Started, IReadOnlyList<IRenderedComponent<Countersign.Console.Shell.TextField>> Fields)> OpenAsync(string definition)
    {
        RenderFrame();
        var dialogs = Services.GetRequiredService<IDialogService>();
        Task<string?> started = default!;
        await Dialogs.InvokeAsync(() => { started = StartDialog.ShowAsync(dialogs, JsonNode.Parse(definition)!.AsObject()); });
        await Dialogs.WaitForElementAsync(".mud-dialog");
        return (started, Dialogs.FindComponents<Countersign.Console.Shell.TextField>());
    }

    private static Task TypeAsync(IRenderedComponent<Countersign.Console.Shell.TextField> field, string text) => field.InvokeAsync(() => field.Instance.ValueChanged.InvokeAsync(text));
}
