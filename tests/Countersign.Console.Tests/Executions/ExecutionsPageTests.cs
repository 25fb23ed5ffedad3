using System.Net;
using Bunit;
using Countersign.Console.Executions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Executions;

public sealed class ExecutionsPageTests : ConsoleTest
{
    private const string First = "GET /api/workflow/search?start=0&size=50&sort=startTime:DESC&freeText=*";

    private const string Running = """{"workflowType":"verify_transfer","version":3,"workflowId":"e1","correlationId":"order-7","startTime":"2026-03-05T09:41:07.000Z","status":"RUNNING","executionTime":0,"input":"{}","output":"{}"}""";
    private const string Failed = """{"workflowType":"old one","version":1,"workflowId":"e2","startTime":"2026-03-05T09:40:07.000Z","endTime":"2026-03-05T09:40:09.400Z","status":"FAILED","executionTime":2400,"reasonForIncompletion":"404 Not Found"}""";

    private readonly WatchedClock _clock = new();

    public ExecutionsPageTests()
    {
        Services.AddSingleton<TimeProvider>(_clock);
        Server.On("GET /countersign/v1/runners", """[{"id":"embedded","name":"This server"}]""");
    }

    [Fact]
    public void Executions_are_listed_with_what_became_of_them()
    {
        Server.On(First, $$"""{"totalHits":2,"results":[{{Running}},{{Failed}}]}""");

        var page = RenderPage("executions");

        Assert.Equal(["verify_transfer", "old one"], page.FindAll("a.row-link").Select(link => link.TextContent));
        Assert.Equal(["Running", "Failed"], page.FindAll(".status-chip").Select(chip => chip.TextContent.Trim()));
        Assert.Equal("executions/e1", page.Find("a.row-link").GetAttribute("href"));
        Assert.Contains("2.4 s", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("404 Not Found", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".runner-choice"));
    }

    [Fact]
    public void The_address_says_what_is_looked_for()
    {
        var since = new DateTimeOffset(2026, 3, 4, 9, 42, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Server.On($"GET /api/workflow/search?start=0&size=50&sort=startTime:DESC&freeText=two words&query=workflowType = \"a b\" AND status = \"FAILED\" AND correlationId = '5\" pipe' AND startTime > {since}", """{"totalHits":0,"results":[]}""");

        var page = RenderPage(new ExecutionQuery("two words", "a b", "FAILED", "5\" pipe", "24h", null).Href);

        Assert.Contains("No execution matches.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_are_added_below_and_none_twice()
    {
        Server.On(First, $$"""{"totalHits":2,"results":[{{Failed}}]}""").On("GET /api/workflow/search?start=1&size=50&sort=startTime:DESC&freeText=*", $$"""{"totalHits":2,"results":[{{Failed}},{{Running}}]}""");
        var page = RenderPage("executions");

        await page.Find(".show-more button").ClickAsync();

        Assert.Equal(["old one", "verify_transfer"], page.FindAll("a.row-link").Select(link => link.TextContent));
        Assert.Empty(page.FindAll(".show-more"));
    }

    [Fact]
    public async Task While_one_runs_the_list_is_asked_for_again_ever_more_rarely()
    {
        Server.On(First, $$"""{"totalHits":1,"results":[{{Running}}]}""");
        RenderPage("executions");

        var waits = new List<double>();
        for (var time = 0; time < 9; time++)
            waits.Add((await _clock.PassAsync()).TotalSeconds);

        Assert.Equal([1, 1.5, 2.25, 3.375, 5.0625, 7.59375, 11.390625, 15, 15], waits, (one, other) => Math.Abs(one - other) < .001);
    }

    [Fact]
    public async Task When_all_have_ended_nothing_more_is_asked()
    {
        Server.On(First, $$"""{"totalHits":1,"results":[{{Running}}]}""").On(First, $$"""{"totalHits":1,"results":[{{Failed}}]}""");
        var page = RenderPage("executions");

        await _clock.PassAsync();
        page.WaitForAssertion(() => Assert.Equal("Failed", page.Find(".status-chip").TextContent.Trim()), TimeSpan.FromSeconds(30));
        await _clock.PassAsync();   // the look that finds nothing open

        Assert.Equal(2, Server.Requests.Count(request => request == First));
    }

    [Fact]
    public void Nothing_yet_leads_to_the_workflows()
    {
        Server.On(First, """{"totalHits":0,"results":[]}""");

        Assert.Equal("workflows", RenderPage("executions").Find(".empty-state a").GetAttribute("href"));
    }

    [Fact]
    public void A_refusal_is_shown()
    {
        Server.On(First, """{"status":400,"message":"The query cannot be read at position 4."}""", HttpStatusCode.BadRequest);

        Assert.Contains("at position 4", RenderPage("executions").Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_runners_executions_come_through_this_server()
    {
        Server.On("GET /countersign/v1/runners/conductor/api/workflow/search?start=0&size=50&sort=startTime:DESC&freeText=*", $$"""{"totalHits":1,"results":[{{Failed}}]}""");

        Assert.Equal("executions/e2?runner=conductor", RenderPage("executions?runner=conductor").Find("a.row-link").GetAttribute("href"));
    }

    private IRenderedComponent<ExecutionsPage> RenderPage(string address)
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<ExecutionsPage>();
    }
}
