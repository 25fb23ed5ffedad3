using System.Net;
using System.Text.Json.Nodes;
using Bunit;
using Countersign.Console.Executions;
using Countersign.Console.Factors;
using Countersign.Console.Tests.Workflows;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Executions;

public sealed class ExecutionPageTests : ConsoleTest
{
    private const string Full = "GET /api/workflow/e1?includeTasks=true", Brief = "GET /api/workflow/e1?includeTasks=false";

    private const string Load = """{"taskId":"t1","taskType":"HTTP","referenceTaskName":"load_ref","status":"FAILED","scheduledTime":1000,"startTime":1010,"endTime":1500,"retried":true,"inputData":{"a":null},"outputData":{"response":"timeout"},"reasonForIncompletion":"timeout"}""";
    private const string Again = """{"taskId":"t2","taskType":"HTTP","referenceTaskName":"load_ref","status":"COMPLETED","scheduledTime":2000,"startTime":2010,"endTime":2500,"retryCount":1,"retriedTaskId":"t1","inputData":{"a":null},"outputData":{"response":{"statusCode":200}}}""";
    private const string Verify = """{"taskId":"t3","taskType":"COUNTERSIGN_VERIFY","referenceTaskName":"verify_ref","status":"IN_PROGRESS","scheduledTime":2600,"startTime":2600,"inputData":{"userId":"u"},"outputData":{}}""";
    private const string Round = """{"taskId":"t4","taskType":"SUB_WORKFLOW","referenceTaskName":"child_ref__2","status":"COMPLETED","iteration":2,"scheduledTime":2600,"startTime":2600,"endTime":2700,"subWorkflowId":"e9"}""";

    private readonly WatchedClock _clock = new();

    public ExecutionPageTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Fact]
    public void The_diagram_shows_every_tasks_latest_status()
    {
        Server.On(Full, Execution("FAILED", Load, Again, Round));

        var page = RenderPage();

        var nodes = page.FindAll(".diagram-node");
        Assert.Contains("is-completed", nodes[0].ClassName, StringComparison.Ordinal);
        Assert.Contains("Completed · 2×", nodes[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("is-completed", nodes[12].ClassName, StringComparison.Ordinal);
        Assert.DoesNotContain("is-", nodes[1].ClassName, StringComparison.Ordinal);
        Assert.Equal(["load_ref", "load_ref", "child_ref__2"], page.FindAll(".timeline button").Select(button => button.TextContent));
        Assert.Contains("attempt 2", page.FindAll(".timeline tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("round 2", page.FindAll(".timeline tbody tr")[2].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RUNNING", "Pause", "Terminate")]
    [InlineData("PAUSED", "Resume", "Terminate")]
    [InlineData("COMPLETED", "Restart", "Restart with the newest definition", "Delete")]
    [InlineData("FAILED", "Retry", "Restart", "Restart with the newest definition", "Delete")]
    [InlineData("TIMED_OUT", "Retry", "Restart", "Restart with the newest definition", "Delete")]
    [InlineData("TERMINATED", "Retry", "Restart", "Restart with the newest definition", "Delete")]
    public void Only_what_the_state_allows_is_offered(string status, params string[] offered)
        => Assert.Equal(offered, ExecutionCommand.Of(new Execution { Status = status }).Select(command => command.Label));

    [Fact]
    public void What_completed_and_may_not_be_restarted_is_not_offered_it()
        => Assert.Equal(["Delete"], ExecutionCommand.Of(new Execution { Status = "COMPLETED", WorkflowDefinition = new JsonObject { ["restartable"] = false } }).Select(command => command.Label));

    [Fact]
    public async Task A_command_is_given_and_its_outcome_shown()
    {
        Server.On(Full, Execution("RUNNING", Verify)).On(Full, Execution("PAUSED", Verify)).On("PUT /api/workflow/e1/pause", "");
        var page = RenderPage();

        await page.FindAll("button").First(button => button.TextContent.Trim() == "Pause").ClickAsync();

        Assert.Contains("PUT /api/workflow/e1/pause", Server.Requests);
        Assert.Contains(page.FindAll("button"), button => button.TextContent.Trim() == "Resume");
    }

    [Fact]
    public async Task A_command_that_came_too_late_says_why()
    {
        Server.On(Full, Execution("RUNNING", Verify)).On("PUT /api/workflow/e1/pause", """{"status":409,"message":"The execution has ended."}""", HttpStatusCode.Conflict);
        var page = RenderPage();

        await page.FindAll("button").First(button => button.TextContent.Trim() == "Pause").ClickAsync();

        Assert.Contains("The execution has ended.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_given_to_a_verification_that_waits_for_it()
    {
        Server.On(Full, Execution("RUNNING", Verify)).On(Full, Execution("COMPLETED", Verify.Replace("IN_PROGRESS", "COMPLETED", StringComparison.Ordinal))).On("POST /api/tasks/e1/verify_ref/COMPLETED", "t3");
        var page = RenderPage();
        Assert.Contains("verify_ref waits for a code", page.Find(".answer h2").TextContent, StringComparison.Ordinal);

        var field = page.FindComponent<PasscodeField>();
        await page.InvokeAsync(() => field.Instance.ValueChanged.InvokeAsync("123456"));
        await page.Find(".answer form").SubmitAsync();

        Assert.Equal("""{"passCode":"123456"}""", Server.Bodies[^1]);
        Assert.Empty(page.FindAll(".answer"));
    }

    [Fact]
    public async Task A_person_completes_or_fails_what_waits_for_one()
    {
        var human = Verify.Replace("COUNTERSIGN_VERIFY", "HUMAN", StringComparison.Ordinal);
        Server.On(Full, Execution("RUNNING", human)).On("POST /api/tasks/e1/verify_ref/FAILED", "t3");
        var page = RenderPage();

        page.Find(".answer textarea").Input("[]");
        await page.FindAll(".answer button").First(button => button.TextContent.Trim() == "Fail").ClickAsync();
        Assert.Contains("The output is a JSON object.", page.Markup, StringComparison.Ordinal);
        page.Find(".answer textarea").Input("""{"approved":false}""");
        await page.FindAll(".answer button").First(button => button.TextContent.Trim() == "Fail").ClickAsync();

        Assert.Equal("""{"approved":false}""", Server.Bodies[^1]);
    }

    [Fact]
    public async Task A_task_opens_with_all_about_its_attempts()
    {
        Server.On(Full, Execution("COMPLETED", Load, Again)).On("GET /api/tasks/t2/log", """[{"log":"asked","taskId":"t2","createdTime":2100}]""").On("GET /api/tasks/t1/log", "[]");
        var page = RenderPage();

        await page.FindAll(".diagram-node")[0].ClickAsync();
        Assert.Contains("\"statusCode\": 200", page.Find(".side").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"a\": null", page.Find(".side").TextContent, StringComparison.Ordinal);
        Assert.Contains("asked", page.Find(".task-log").TextContent, StringComparison.Ordinal);
        await page.FindAll(".side .mud-chip").First(chip => chip.TextContent.Trim() == "Attempt 1").ClickAsync();

        Assert.Contains("timeout", page.Find(".side .mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".task-log"));
    }

    [Fact]
    public async Task An_ended_execution_runs_again_from_a_task_with_another_input()
    {
        Server.On(Full, Execution("COMPLETED", Again)).On("GET /api/tasks/t2/log", "[]").On("POST /api/workflow/e1/rerun", "e1");
        var page = RenderPage();
        await page.Find(".timeline button").ClickAsync();

        await page.FindAll(".side button").First(button => button.TextContent.Contains("Run again from here", StringComparison.Ordinal)).ClickAsync();
        page.Find(".side textarea").Input("""{"a":1}""");
        await page.FindAll(".side button").First(button => button.TextContent.Trim() == "Run again").ClickAsync();

        Assert.Equal("""{"reRunFromTaskId":"t2","taskInput":{"a":1}}""", Server.Bodies[^1]);
        Assert.Empty(page.FindAll(".side"));
    }

    [Fact]
    public async Task A_task_that_was_not_scheduled_can_be_skipped_while_it_runs()
    {
        Server.On(Full, Execution("RUNNING", Again)).On("PUT /api/workflow/e1/skiptask/join_ref", "");
        var page = RenderPage();
        await page.FindAll(".diagram-node").First(node => node.TextContent.Contains("join_ref", StringComparison.Ordinal)).ClickAsync();

        page.Find(".side textarea").Input("""{"x":1}""");
        await page.FindAll(".side button").First(button => button.TextContent.Contains("Skip this task", StringComparison.Ordinal)).ClickAsync();

        Assert.Equal("""{"taskOutput":{"x":1}}""", Server.Bodies[^1]);
    }

    [Fact]
    public async Task A_sub_workflow_is_one_click_away()
    {
        Server.On(Full, Execution("COMPLETED", Round)).On("GET /api/tasks/t4/log", "[]");
        var page = RenderPage();

        await page.Find(".timeline button").ClickAsync();

        Assert.NotNull(page.Find(".side a[href='executions/e9']"));
    }

    [Fact]
    public async Task The_tasks_are_read_again_only_when_something_changed()
    {
        Server.On(Full, Execution("RUNNING", Verify)).On(Full, Execution("COMPLETED", Again, updated: 9))
            .On(Brief, Execution("RUNNING")).On(Brief, Execution("RUNNING")).On(Brief, Execution("COMPLETED", updated: 9));
        var page = RenderPage();

        for (var look = 0; look < 3; look++)
            await _clock.PassAsync();

        page.WaitForAssertion(() => Assert.Equal("Completed", page.Find(".page-header .status-chip").TextContent.Trim()), TimeSpan.FromSeconds(30));
        Assert.Equal(2, Server.Requests.Count(request => request == Full));
        Assert.Equal(3, Server.Requests.Count(request => request == Brief));
    }

    [Fact]
    public void On_another_server_only_what_is_passed_on_is_offered()
    {
        Server.On("GET /countersign/v1/runners/conductor/api/workflow/e1?includeTasks=true", Execution("RUNNING", Verify));

        var page = RenderPage("executions/e1?runner=conductor");

        Assert.Empty(page.FindAll(".answer"));
        Assert.Contains("On another Conductor server", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_execution_that_is_not_there_says_so()
    {
        Server.On(Full, """{"status":404,"message":"No execution e1 was found: no such id."}""", HttpStatusCode.NotFound);

        Assert.Contains("No execution e1", RenderPage().Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private static string Execution(string status, params string[] tasks) => Execution(status, string.Join(',', tasks), updated: 5);

    private static string Execution(string status, string tasks = "", int updated = 5) => $$"""
        {"workflowId":"e1","workflowName":"verify_transfer","workflowVersion":3,"status":"{{status}}","createTime":1000,"startTime":1000,"updateTime":{{updated}},"endTime":{{(status == "RUNNING" ? 0 : 3000)}},
         "input":{"id":7},"output":{},"variables":{},"correlationId":"order-7","priority":0,"workflowDefinition":{{SampleDefinitions.Transfer}},"tasks":[{{tasks}}]}
        """;

    private IRenderedComponent<ExecutionPage> RenderPage(string address = "executions/e1")
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<ExecutionPage>(parameters => parameters.Add(page => page.Id, "e1"));
    }
}
