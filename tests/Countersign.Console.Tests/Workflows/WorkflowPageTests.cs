using System.Net;
using System.Text.Json.Nodes;
using Bunit;
using Countersign.Console.Workflows;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Console.Tests.Workflows;

public sealed class WorkflowPageTests : ConsoleTest
{
    private const string Get = "GET /api/metadata/workflow/verify_transfer", Validate = "POST /api/metadata/workflow/validate", Save = "POST /api/metadata/workflow?overwrite=true";

    private readonly FakeTimeProvider _clock = new();

    public WorkflowPageTests()
    {
        Services.AddSingleton<TimeProvider>(_clock);
        Server.On(Get, SampleDefinitions.Transfer)
            .On($"{Get}?version=3", SampleDefinitions.Transfer)
            .On("GET /api/metadata/workflow/names-and-versions", """{"verify_transfer":[{"name":"verify_transfer","version":1,"createTime":1795466807312},{"name":"verify_transfer","version":3,"createTime":0}]}""")
            .On("GET /countersign/v1/runners", """[{"id":"embedded","name":"This server"},{"id":"conductor","name":"Orkes","url":"https://c.example","isReachable":true}]""");
    }

    [Fact]
    public void The_diagram_stands_beside_the_same_document_as_json()
    {
        var page = RenderPage();

        Assert.Equal(13, page.FindAll(".diagram-node").Count);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(SampleDefinitions.Transfer), JsonNode.Parse(Text(page))));
        Assert.Contains("other", page.FindAll(".diagram-node")[12].TextContent, StringComparison.Ordinal);
        Assert.True(SaveButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_task_is_edited_by_form_and_the_json_follows_with_nothing_lost()
    {
        Server.On(Validate, "").On(Save, "");
        var page = RenderPage();

        await page.FindAll(".diagram-node")[0].ClickAsync();
        await Field(page, "URL").ChangeAsync(new ChangeEventArgs { Value = "https://other.example/${workflow.input.id}" });
        await SaveButton(page).ClickAsync();

        var expected = JsonNode.Parse(SampleDefinitions.Transfer)!;
        expected["tasks"]![0]!["inputParameters"]!["http_request"]!["uri"] = "https://other.example/${workflow.input.id}";
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Text(page))));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Server.Bodies[^1])));
        Assert.True(SaveButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task What_is_typed_as_json_is_drawn()
    {
        var page = RenderPage();
        var changed = JsonNode.Parse(SampleDefinitions.Transfer)!;
        changed["tasks"]!.AsArray().RemoveAt(4);

        await page.Find("textarea[aria-label=Definition]").InputAsync(changed.ToJsonString());

        Assert.Equal(10, page.FindAll(".diagram-node").Count);
    }

    [Fact]
    public async Task A_text_that_cannot_be_read_says_where_and_cannot_be_saved()
    {
        var page = RenderPage();

        await page.Find("textarea[aria-label=Definition]").InputAsync("{\n\n\"name\" 1");

        Assert.Contains("Line 3 cannot be read as JSON.", page.Markup, StringComparison.Ordinal);
        Assert.Equal(13, page.FindAll(".diagram-node").Count);
        Assert.True(SaveButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_moment_after_a_change_faults_are_shown_at_their_tasks()
    {
        Server.On(Validate, """
            {"status":400,"message":"The definition breaks 2 rules.","validationErrors":[
              {"path":"tasks[1].decisionCases.large[0].taskReferenceName","message":"load_ref is used twice."},{"path":"name","message":"A name is needed."}]}
            """, HttpStatusCode.BadRequest).On(Validate, "");
        var page = RenderPage();
        await page.FindAll(".diagram-node")[2].ClickAsync();
        await Field(page, "Reference name").ChangeAsync(new ChangeEventArgs { Value = "load_ref" });

        _clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("has-fault", page.FindAll(".diagram-node")[2].ClassName, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Contains("taskReferenceName: load_ref is used twice.", page.Find(".task-panel").TextContent, StringComparison.Ordinal);
        Assert.Contains("name: A name is needed.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("2 faults", page.Find(".diagram-state").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll(".code-editor-markers li").Count);

        await Field(page, "Reference name").ChangeAsync(new ChangeEventArgs { Value = "verify_ref" });
        _clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("No fault found", page.Find(".diagram-state").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_refused_save_keeps_what_was_typed()
    {
        Server.On(Save, """{"status":400,"message":"The definition breaks a rule.","validationErrors":[{"path":"tasks[0].type","message":"It needs http_request."}]}""", HttpStatusCode.BadRequest);
        var page = RenderPage();
        await page.FindAll(".diagram-node")[0].ClickAsync();
        await Field(page, "Description").ChangeAsync(new ChangeEventArgs { Value = "new words" });

        await SaveButton(page).ClickAsync();

        Assert.Contains("The definition breaks a rule.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("has-fault", page.FindAll(".diagram-node")[0].ClassName, StringComparison.Ordinal);
        Assert.Contains("new words", Text(page), StringComparison.Ordinal);
        Assert.False(SaveButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task What_somebody_else_has_saved_is_not_overwritten_unasked()
    {
        // After it was opened, the server's becomes newer.
        Server.On($"{Get}?version=3", SampleDefinitions.Transfer.Replace("\"version\": 3", "\"version\": 3, \"updateTime\": 99", StringComparison.Ordinal)).On(Save, "");
        var page = RenderPage("workflows/verify_transfer?version=3");
        await page.FindAll(".diagram-node")[0].ClickAsync();
        await Field(page, "Description").ChangeAsync(new ChangeEventArgs { Value = "mine" });

        var pressing = SaveButton(page).ClickAsync();
        await Dialogs.WaitForElementAsync(".mud-dialog");
        Assert.Contains("Somebody else has saved this version", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Cancel").ClickAsync();
        await pressing;

        Assert.DoesNotContain(Server.Requests, request => request == Save);
        Assert.Contains("mine", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_are_moved_copied_and_deleted_and_changes_taken_back()
    {
        var page = RenderPage();
        var before = Text(page);

        await page.FindAll(".diagram-node")[0].ClickAsync();
        await page.Find("[aria-label='Move down']").ClickAsync();
        Assert.Equal("load_ref", References(page)[4]);
        await page.Find("[aria-label='Put a copy behind it']").ClickAsync();
        Assert.Contains("load_ref_2", References(page));
        await page.Find("[aria-label='Delete this task']").ClickAsync();
        Assert.DoesNotContain("load_ref_2", References(page));
        for (var step = 0; step < 3; step++)
            await page.Find("[aria-label=Undo]").ClickAsync();

        Assert.Equal(before, Text(page));
    }

    [Fact]
    public async Task A_task_is_put_where_the_plus_stands()
    {
        var page = RenderPage();

        await OpenAsync(page.FindAll(".diagram-gap")[0]);
        await Dialogs.FindAll(".task-type").First(type => type.TextContent.Contains("DO_WHILE", StringComparison.Ordinal)).ClickAsync();

        page.WaitForAssertion(() => Assert.Equal(["do_while", "noop", "load_ref"], References(page).Take(3)), TimeSpan.FromSeconds(30));
        Assert.Contains("do_while", page.Find(".task-panel h2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_and_Enter_choose_the_first_type_that_matches()
    {
        var page = RenderPage();
        await OpenAsync(page.FindAll(".diagram-gap")[1]);

        Dialogs.Find(".mud-dialog input").Input("several ways");
        await Dialogs.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal(["load_ref", "switch", "noop", "amount_ref"], References(page).Take(4)), TimeSpan.FromSeconds(30));
        Assert.Equal("switch", page.Find(".task-panel h2").TextContent);
    }

    [Fact]
    public async Task A_fork_comes_with_the_join_that_waits_for_its_branches()
    {
        var page = RenderPage();

        await OpenAsync(page.FindAll(".diagram-gap")[0]);
        await Dialogs.FindAll(".task-type").First(type => type.TextContent.Contains("FORK_JOIN", StringComparison.Ordinal)).ClickAsync();

        page.WaitForAssertion(() => Assert.Equal(["fork_join", "noop", "noop_2", "join", "load_ref"], References(page).Take(5)), TimeSpan.FromSeconds(30));
        Assert.Equal("""["noop","noop_2"]""", JsonNode.Parse(Text(page))!["tasks"]![1]!["joinOn"]!.ToJsonString());
    }

    [Fact]
    public async Task Arrows_walk_the_diagram_and_only_one_task_is_reached_by_tab()
    {
        var page = RenderPage();
        Assert.Single(page.FindAll(".diagram-node[tabindex='0']"));

        await page.FindAll(".diagram-node")[1].ClickAsync();
        await page.FindAll(".diagram-node")[0].KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });

        Assert.Contains("amount_ref", page.Find(".diagram-node[tabindex='0']").TextContent, StringComparison.Ordinal);

        // After a change of the document too.
        await page.Find("[aria-label='Move up']").ClickAsync();
        await page.FindAll(".diagram-node")[1].KeyDownAsync(new KeyboardEventArgs { Key = "ArrowUp" });
        Assert.Contains("amount_ref", page.Find(".diagram-node[tabindex='0']").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_task_in_the_address_is_open()
    {
        var page = RenderPage("workflows/verify_transfer?task=verify_ref");

        Assert.Equal("verify_ref", page.Find(".task-panel h2").TextContent);
        Assert.Equal("true", page.FindAll(".diagram-node")[2].GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task An_http_task_opens_in_the_request_builder()
    {
        var page = RenderPage();
        await page.FindAll(".diagram-node")[0].ClickAsync();

        await page.FindAll("button").First(button => button.TextContent.Contains("Open in the request builder", StringComparison.Ordinal)).ClickAsync();

        Assert.EndsWith("http-task?definition=verify_transfer&version=3&task=load_ref", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_workflow_begins_empty_and_is_stored_by_the_first_save()
    {
        Server.On("POST /api/metadata/workflow?overwrite=false", "").On("GET /api/metadata/workflow/mine?version=1", """{"name":"mine","version":1,"updateTime":5}""");
        var page = RenderPage("workflows/mine?new=true", "mine");
        Assert.Contains("No task yet.", page.Markup, StringComparison.Ordinal);

        await OpenAsync(page.Find(".empty-state button"));
        await Dialogs.FindAll(".task-type").First(type => type.TextContent.Contains("NOOP", StringComparison.Ordinal)).ClickAsync();
        await SaveButton(page).ClickAsync();

        Assert.Contains("POST /api/metadata/workflow?overwrite=false", Server.Requests);
        Assert.EndsWith("workflows/mine?version=1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_that_is_not_there_says_so()
    {
        Server.On("GET /api/metadata/workflow/nobody", """{"status":404,"message":"No workflow definition named nobody was found: no such name."}""", HttpStatusCode.NotFound);

        var page = RenderPage("workflows/nobody", "nobody");

        Assert.Contains("No workflow definition named nobody", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".workbench"));
    }

    private static string Text(IRenderedComponent<WorkflowPage> page) => page.Find("textarea[aria-label=Definition]").GetAttribute("value")!;

    private static List<string> References(IRenderedComponent<WorkflowPage> page) => [.. page.FindAll(".diagram-name").Select(name => name.TextContent)];

    private static AngleSharp.Dom.IElement SaveButton(IRenderedComponent<WorkflowPage> page) => page.Find("[data-save]");

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<WorkflowPage> page, string label)
        => page.FindAll(".task-panel .mud-input-control").First(control => control.QuerySelector("label")?.TextContent == label).QuerySelector("input")!;

    private IRenderedComponent<WorkflowPage> RenderPage(string address = "workflows/verify_transfer", string name = "verify_transfer")
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<WorkflowPage>(parameters => parameters.Add(page => page.Name, name));
    }
}
