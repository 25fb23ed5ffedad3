using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Countersign.Console.HttpTasks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class HttpTaskPageTests : ConsoleTest
{
    private const string Secrets = "GET /countersign/v1/secrets?limit=100", Environments = "GET /countersign/v1/environments", Send = "POST /countersign/v1/test-requests";
    private const string Operation = "/countersign/v1/catalog/operations/countersign/post/verify";
    private const string Definitions = "GET /api/metadata/workflow/latest-versions", Store = "POST /api/metadata/workflow?overwrite=true";

    private const string Prepared = """
        {"task":{"name":"verify_factor","taskReferenceName":"verify_factor_ref","type":"HTTP","inputParameters":{"http_request":{
           "uri":"https://mfa.example/api/v1/users/${workflow.input.userId}/factors/${workflow.input.factorId}/verify?tokenLifetimeSeconds=300","method":"POST",
           "headers":{"Authorization":"SSWS ${workflow.secrets.COUNTERSIGN_TOKEN}","Content-Type":"application/json"},"body":{"passCode":"${workflow.input.passCode}"}}},"taskDefinition":{"name":"verify_factor","retryCount":0}},
         "inputs":[{"name":"userId","in":"path","required":true},{"name":"factorId","in":"path","required":true},{"name":"passCode","in":"body","required":false}],
         "secrets":["COUNTERSIGN_TOKEN"],"offered":{"query":[],"header":[]},"dropped":[]}
        """;

    private const string Reference = """
        {"id":"countersign/post/verify","api":{"id":"countersign","provider":"countersign","title":"Countersign"},"method":"POST","path":"/api/v1/users/{userId}/factors/{factorId}/verify","title":"Verify a factor",
         "parameters":{"path":[{"name":"userId","type":"String","required":true},{"name":"factorId","type":"String","required":true}],"header":[{"name":"User-Agent","type":"String"}],
           "query":[{"name":"templateId","type":"String"},{"name":"tokenLifetimeSeconds","type":"Integer","default":300}],"cookie":[]},
         "body":{"contents":[{"contentType":"application/json","fields":[{"name":"passCode","type":"String"},{"name":"answer","type":"String"}]}]}}
        """;

    private const string Success = """
        {"id":"t1","startedAt":"2026-03-05T09:41:07.000Z","request":{"method":"POST","url":"https://mfa.example/x","headers":[]},"timings":{"totalMs":14},"taskStatus":"COMPLETED","hint":"The task would be completed.",
         "response":{"statusCode":200,"reasonPhrase":"OK","headers":[],"contentType":"application/json","body":"{\"factorResult\":\"SUCCESS\"}","bodyEncoding":"text","bytes":26,"truncated":false,"shown":"json"}}
        """;

    [Fact]
    public void An_operation_prepares_the_request()
    {
        var page = RenderPrepared();

        Assert.Equal("""{"referenceNames":[]}""", Server.Bodies[0]);
        Assert.Equal("https://mfa.example/api/v1/users/${workflow.input.userId}/factors/${workflow.input.factorId}/verify?tokenLifetimeSeconds=300", Field(page, "URL").GetAttribute("value") ?? Field(page, "URL").TextContent);
        Assert.Equal(["userId", "factorId", "passCode"], page.FindAll("[aria-label='Values for the test'] label").Select(label => label.TextContent));
        Assert.Contains(page.FindAll(".offer-chip"), chip => chip.TextContent == "+ templateId");
        Assert.Contains("Verify a factor", page.Find(".page-title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_is_sent_with_its_values_and_its_answer_shown()
    {
        Server.On(Send, Success);
        var page = RenderPrepared();

        await Value(page, "userId").InputAsync("00u1");
        await Value(page, "factorId").InputAsync("ost1");
        await Value(page, "passCode").InputAsync("012345");
        await page.Find("[data-run]").ClickAsync();

        var sent = JsonNode.Parse(Server.Bodies.Last())!;
        Assert.Equal("""{"workflow.input.userId":"00u1","workflow.input.factorId":"ost1","workflow.input.passCode":"012345"}""", sent["variables"]!.ToJsonString());
        Assert.Equal("default", (string?)sent["environmentId"]);
        Assert.Equal("countersign/post/verify", (string?)sent["operation"]);
        Assert.Equal("SSWS ${workflow.secrets.COUNTERSIGN_TOKEN}", (string?)sent["http_request"]!["headers"]!["Authorization"]);
        Assert.True(Guid.TryParse((string?)sent["id"], out _));
        Assert.Equal("200 OK", page.Find(".response-line .status").TextContent);
        Assert.Contains("\"SUCCESS\"", page.Find(".tree").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_are_missing_are_marked()
    {
        Server.On(Send, """{"id":"t1","error":{"kind":"missing","message":"Nothing was sent: values are missing.","missing":["workflow.input.passCode"]}}""");
        var page = RenderPrepared();

        await page.Find("[data-run]").ClickAsync();

        Assert.Contains("Nothing was sent", page.Find(".response-viewer [role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", Value(page, "passCode").GetAttribute("aria-invalid"));
        Assert.NotEqual("true", Value(page, "userId").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task A_place_in_the_answer_becomes_an_expression_and_an_output()
    {
        Server.On(Send, Success).On(Definitions, "[]").On(Store, "");
        var page = RenderPrepared();
        await page.Find("[data-run]").ClickAsync();

        await page.Find("[aria-label='Use this value: .factorResult']").ClickAsync();
        Assert.Equal("${verify_factor_ref.output.response.body.factorResult}", page.Find(".used code").TextContent);
        await Button(page, "Answer it from the workflow").ClickAsync();

        Assert.Contains("factorResult = ${verify_factor_ref.output.response.body.factorResult}", page.Find(".outputs").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_is_saved_into_a_new_workflow_which_can_be_run()
    {
        Server.On(Definitions, "[]").On(Store, "");
        var page = RenderPrepared();

        await OpenAsync(Button(page, "Save as task"));
        await Dialogs.FindAll("input[type=text]")[0].InputAsync("check");
        await Dialogs.Find("form").SubmitAsync();

        var saved = JsonNode.Parse(Server.Bodies.Last())!;
        Assert.Equal(("check", 1, "[\"userId\",\"factorId\",\"passCode\"]"), ((string?)saved["name"], (int)saved["version"]!, saved["inputParameters"]!.ToJsonString()));
        Assert.Equal("verify_factor_ref", (string?)saved["tasks"]![0]!["taskReferenceName"]);
        Assert.Equal(0, (int)saved["tasks"]![0]!["taskDefinition"]!["retryCount"]!);
        await page.WaitForAssertionAsync(() => Assert.Contains("check, version 1", page.Find(".saved").TextContent, StringComparison.Ordinal));
        Assert.Equal("workflows/check?version=1", page.Find(".saved a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_run_begins_with_what_the_test_was_told()
    {
        Server.On(Definitions, "[]").On(Store, "").On("GET /countersign/v1/runners", """[{"id":"embedded","name":"This server"}]""").On("POST /api/workflow", "w1");
        var page = RenderPrepared();
        await Value(page, "userId").InputAsync("00u1");
        await Value(page, "passCode").InputAsync("123456");
        await OpenAsync(Button(page, "Save as task"));
        await Dialogs.Find("form").SubmitAsync();
        await page.WaitForElementAsync(".saved");

        await OpenAsync(Button(page, "Run"));
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"userId":"00u1","passCode":"123456"}""", JsonNode.Parse(Server.Bodies.Last())!["input"]!.ToJsonString());
        await page.WaitForAssertionAsync(() => Assert.EndsWith("executions/w1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_task_is_added_to_a_workflow_as_a_new_version()
    {
        const string pay = """{"name":"pay","version":3,"tasks":[{"name":"a","taskReferenceName":"a_ref","type":"HTTP"}],"schemaVersion":2}""";
        Server.On("GET /api/metadata/workflow/pay", pay).On(Definitions, $"[{pay}]").On(Store, "");
        var page = RenderPrepared("http-task?operation=countersign%2Fpost%2Fverify&definition=pay");
        Assert.Equal("""{"referenceNames":["a_ref"]}""", Server.Bodies[0]);

        await OpenAsync(Button(page, "Save as task"));
        await Dialogs.Find("form").SubmitAsync();

        var saved = JsonNode.Parse(Server.Bodies.Last())!;
        Assert.Equal((4, "a_ref", "verify_factor_ref"), ((int)saved["version"]!, (string?)saved["tasks"]![0]!["taskReferenceName"], (string?)saved["tasks"]![1]!["taskReferenceName"]));
    }

    [Fact]
    public async Task A_definition_that_is_refused_says_why()
    {
        Server.On(Definitions, "[]").On(Store, """{"status":400,"message":"The definition breaks a rule.","validationErrors":[{"path":"tasks[0].name","message":"is missing"}]}""", HttpStatusCode.BadRequest);
        var page = RenderPrepared();

        await OpenAsync(Button(page, "Save as task"));
        await Dialogs.FindAll("input[type=text]")[0].InputAsync("check");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("tasks[0].name", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_operation_keeps_what_was_typed_and_says_what_was_dropped()
    {
        Server.On("GET /countersign/v1/catalog/search?limit=20", """{"results":[{"id":"acme.com/get/x","api":{"id":"acme.com","provider":"acme.com"},"method":"GET","path":"/x","title":"X"}]}""")
            .On("POST /countersign/v1/catalog/operations/acme.com/get/x/http-task", """{"task":{"name":"x","taskReferenceName":"x_ref","type":"HTTP","inputParameters":{"http_request":{"uri":"https://acme.com/x","method":"GET"}}},"dropped":["body passCode"]}""")
            .On("GET /countersign/v1/catalog/operations/acme.com/get/x", """{"id":"acme.com/get/x","api":{"id":"acme.com","provider":"acme.com"},"method":"GET","path":"/x","title":"X"}""");
        var page = RenderPrepared();

        await Button(page, "Choose another operation").ClickAsync();
        await page.Find(".picker button.operation").ClickAsync();

        var asked = JsonNode.Parse(Server.Bodies.Last())!["previous"]!;
        Assert.Equal(("countersign/post/verify", "verify_factor_ref"), ((string?)asked["operation"], (string?)asked["task"]!["taskReferenceName"]));
        Assert.Contains("body passCode", page.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("http-task?operation=acme.com%2Fget%2Fx", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cURL_command_becomes_the_request()
    {
        Server.On("POST /countersign/v1/http-tasks/from-curl", """{"http_request":{"uri":"https://b.example/y","method":"PUT","body":{"a":1}},"warnings":["-k is not taken over."]}""");
        var page = RenderPage("http-task");

        await OpenAsync(Button(page, "Import cURL"));
        await Dialogs.Find("textarea").InputAsync("curl -k https://b.example/y");
        await Dialogs.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("-k is not taken over.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("https://b.example/y", Field(page, "URL").GetAttribute("value") ?? Field(page, "URL").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_exported_in_other_notations()
    {
        Server.On("POST /countersign/v1/http-tasks/export", """{"code":"curl -X POST …"}""");
        var page = RenderPrepared();

        await OpenAsync(Button(page, "Export"));
        await Dialogs.WaitForAssertionAsync(() => Assert.Contains("curl -X POST …", Dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal("curl", (string?)JsonNode.Parse(Server.Bodies.Last())!["format"]);
        await Dialogs.FindAll("[role=tab]").First(tab => tab.TextContent == "Task JSON").ClickAsync();

        Assert.Contains("verify_factor_ref", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typing_an_expression_offers_what_there_is()
    {
        var page = RenderPrepared();
        var token = page.FindComponents<ExpressionField>().First(field => field.Instance.AriaLabel == "Header Authorization");

        await token.Find("input").InputAsync("SSWS ${workflow.secrets.");
        Assert.Contains(token.FindAll("[role=option] code"), option => option.TextContent == "workflow.secrets.COUNTERSIGN_TOKEN");
        await token.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.Equal("SSWS ${workflow.secrets.COUNTERSIGN_TOKEN}", token.Find("input").GetAttribute("value"));
        Assert.Empty(token.FindAll("[role=option]"));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_can_be_written_at_once()
    {
        Server.On(Secrets, "[]").On("PUT /countersign/v1/secrets/COUNTERSIGN_TOKEN", "", HttpStatusCode.NoContent);
        var page = RenderPrepared(secrets: false);
        Assert.Contains("There is no secret COUNTERSIGN_TOKEN.", page.Markup, StringComparison.Ordinal);

        await OpenAsync(Button(page, "Write it"));
        await Dialogs.FindAll("input")[1].InputAsync("00token");
        Server.On(Secrets, """[{"name":"COUNTERSIGN_TOKEN"}]""");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("PUT /countersign/v1/secrets/COUNTERSIGN_TOKEN", Server.Requests);
    }

    [Fact]
    public async Task A_request_that_runs_can_be_cancelled()
    {
        Server.On(Send, """{"id":"t1","error":{"kind":"cancelled","message":"The request was cancelled."}}""");
        var held = Server.Hold(Send);
        var page = RenderPrepared();

        var sending = page.Find("[data-run]").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("Sending…", page.Find("[data-run]").TextContent, StringComparison.Ordinal));
        var id = (string?)JsonNode.Parse(Server.Bodies.Last())!["id"];
        Server.On($"DELETE /countersign/v1/test-requests/{id}", "", HttpStatusCode.NoContent);
        await Button(page, "Cancel").ClickAsync();
        held.SetResult();
        await sending;

        Assert.Contains($"DELETE /countersign/v1/test-requests/{id}", Server.Requests);
        Assert.Contains("The request was cancelled.", page.Find(".response-viewer [role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_shown_and_the_request_can_be_sent_again()
    {
        Server.Refuse(Send, HttpStatusCode.Forbidden, "E0000006", "You do not have permission");
        var page = RenderPrepared();

        await page.Find("[data-run]").ClickAsync();

        Assert.Contains("You do not have permission", page.Find(".test-panel [role=alert]").TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("[data-run]").HasAttribute("disabled"));
    }

    [Fact]
    public void A_past_test_is_taken_up_again()
    {
        Server.On("GET /countersign/v1/test-requests/t9", """{"id":"t9","typed":{"http_request":{"uri":"https://c.example/${workflow.input.id}","method":"GET"},"variables":{"workflow.input.id":"77"},"environmentId":"default"}}""");

        var page = RenderPage("http-task?test=t9");

        Assert.Equal("77", Value(page, "id").GetAttribute("value"));
    }

    [Fact]
    public void A_task_of_a_workflow_is_edited_with_what_stands_before_it()
    {
        Server.On("GET /api/metadata/workflow/pay?version=2", """
            {"name":"pay","version":2,"tasks":[{"name":"a","taskReferenceName":"a_ref","type":"HTTP"},
              {"name":"b","taskReferenceName":"b_ref","type":"HTTP","inputParameters":{"http_request":{"uri":"https://d.example/${a_ref.output.response.body.id}/${c_ref.output.x}","method":"GET"}}},
              {"name":"c","taskReferenceName":"c_ref","type":"HTTP"}]}
            """);

        var page = RenderPage("http-task?definition=pay&version=2&task=b_ref");

        Assert.Contains("No earlier task is called c_ref.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("No earlier task is called a_ref.", page.Markup, StringComparison.Ordinal);
    }

    private static IElement Button(IRenderedComponent<HttpTaskPage> page, string text) => page.FindAll("button").First(button => button.TextContent.Trim() == text);

    private static IElement Field(IRenderedComponent<HttpTaskPage> page, string label)
        => page.FindComponents<MudTextField<string>>().First(field => field.Instance.Label == label).Find("input, textarea");

    private static IElement Value(IRenderedComponent<HttpTaskPage> page, string label)
        => page.FindComponents<MudTextField<string>>().First(field => field.Instance.Label == label && field.Instance.Class == "code").Find("input");

    [Fact]
    public async Task Who_leaves_a_changed_task_is_asked_and_may_stay()
    {
        var page = RenderPrepared();
        var navigation = Services.GetRequiredService<NavigationManager>();
        await Field(page, "URL").InputAsync("https://elsewhere.example");

        navigation.NavigateTo("catalog");
        var question = (await Dialogs.WaitForElementAsync(".mud-dialog")).TextContent;
        await Dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Stay").ClickAsync();

        Assert.Contains("Leave without saving?", question, StringComparison.Ordinal);
        Assert.EndsWith("http-task?operation=countersign%2Fpost%2Fverify", navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_leaves_a_prepared_task_unchanged_is_not_asked()
    {
        RenderPrepared();
        var navigation = Services.GetRequiredService<NavigationManager>();

        navigation.NavigateTo("catalog");

        Assert.EndsWith("/catalog", navigation.Uri, StringComparison.Ordinal);
    }

    private IRenderedComponent<HttpTaskPage> RenderPrepared(string address = "http-task?operation=countersign%2Fpost%2Fverify", bool secrets = true)
    {
        Server.On($"POST {Operation}/http-task", Prepared).On($"GET {Operation}", Reference);
        return RenderPage(address, secrets);
    }

    private IRenderedComponent<HttpTaskPage> RenderPage(string address, bool secrets = true)
    {
        if (secrets)
            Server.On(Secrets, """[{"name":"COUNTERSIGN_TOKEN"}]""");
        Server.On(Environments, """[{"id":"default","name":"default","variables":[{"name":"HOST","value":"h"}]}]""");
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<HttpTaskPage>();
    }
}
