using System.Net;
using Bunit;
using Countersign.Console.TestRequests;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.TestRequests;

public sealed class TestRequestsPageTests : ConsoleTest
{
    private const string List = "GET /countersign/v1/test-requests?limit=50", Second = "GET /countersign/v1/test-requests/t2", First = "GET /countersign/v1/test-requests/t1", Send = "POST /countersign/v1/test-requests";

    private const string Three = """
        [{"id":"t3","startedAt":"2026-03-05T09:43:07.000Z","method":"GET","url":"https://a.example/","totalMs":3000,"error":"timeout"},
         {"id":"t2","startedAt":"2026-03-05T09:42:07.000Z","method":"POST","url":"https://a.example/${workflow.input.id}","statusCode":403,"totalMs":20,"operation":"a/post/b"},
         {"id":"t1","startedAt":"2026-03-05T09:41:07.000Z","method":"POST","url":"https://a.example/${workflow.input.id}","statusCode":200,"totalMs":14.2}]
        """;

    private const string Detail2 = """
        {"id":"t2","startedAt":"2026-03-05T09:42:07.000Z","request":{"method":"POST","url":"https://a.example/1","headers":[]},"timings":{"totalMs":20},"operation":"a/post/b",
         "response":{"statusCode":403,"reasonPhrase":"Forbidden","headers":[{"name":"A","value":"1"}],"body":"{\"code\": 7,\"same\":1}","bodyEncoding":"text","bytes":20,"truncated":false,"shown":"json"},
         "typed":{"http_request":{"uri":"https://a.example/${workflow.input.id}","method":"POST"},"variables":{"workflow.input.id":"1"},"environmentId":"default"}}
        """;

    private const string Detail1 = """
        {"id":"t1","startedAt":"2026-03-05T09:41:07.000Z","request":{"method":"POST","url":"https://a.example/1","headers":[]},"timings":{"totalMs":14},
         "response":{"statusCode":200,"reasonPhrase":"OK","headers":[{"name":"A","value":"1"}],"body":"{\"code\": 8,\"same\":1}","bodyEncoding":"text","bytes":20,"truncated":false,"shown":"json"}}
        """;

    [Fact]
    public void The_history_shows_what_was_typed_and_what_came_of_it()
    {
        var page = RenderPage();

        var rows = page.FindAll("tbody tr");
        Assert.Contains("Timeout", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("https://a.example/${workflow.input.id}", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("403", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Equal("http-task?test=t2", rows[1].QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_past_test_opens_with_its_answer()
    {
        Server.On(Second, Detail2);
        var page = RenderPage();

        await page.FindAll("button.row-link")[1].ClickAsync();

        Assert.Equal("403 Forbidden", page.Find(".response-line .status").TextContent);
    }

    [Fact]
    public async Task A_past_test_runs_again_as_it_was_typed()
    {
        Server.On(Second, Detail2).On(Send, Detail1);
        var page = RenderPage();

        await page.Find("[aria-label='Run again: POST https://a.example/${workflow.input.id}']").ClickAsync();

        Assert.Equal("""{"http_request":{"uri":"https://a.example/${workflow.input.id}","method":"POST"},"variables":{"workflow.input.id":"1"},"environmentId":"default","operation":"a/post/b"}""", Assert.Single(Server.Bodies));
        Assert.Equal("200 OK", page.Find(".response-line .status").TextContent);
        Assert.Equal(2, Server.Requests.Count(request => request == List));
    }

    [Fact]
    public async Task Two_are_chosen_to_be_compared()
    {
        var page = RenderPage();
        Assert.DoesNotContain(page.FindAll("a"), link => link.GetAttribute("href")!.StartsWith("test-requests/compare", StringComparison.Ordinal));

        foreach (var at in (int[])[0, 1, 2])
            await page.FindAll("input[type=checkbox]")[at].ChangeAsync(true);

        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "test-requests/compare?left=t2&right=t1");
    }

    [Fact]
    public void Two_tests_stand_side_by_side_with_their_differences()
    {
        Server.On(First, Detail1).On(Second, Detail2);
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo("test-requests/compare?left=t1&right=t2");

        var page = Render<ComparePage>();

        Assert.Contains(page.FindAll("tr.differs"), row => row.TextContent.Contains("200 OK", StringComparison.Ordinal) && row.TextContent.Contains("403 Forbidden", StringComparison.Ordinal));
        Assert.Equal(["  \"code\": 8,"], page.FindAll("td.removed").Select(cell => cell.TextContent));
        Assert.Equal(["  \"code\": 7,"], page.FindAll("td.added").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task A_test_is_taken_from_the_history()
    {
        Server.On("DELETE /countersign/v1/test-requests/t3", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        await page.Find("[aria-label='Remove GET https://a.example/']").ClickAsync();

        Assert.Contains("DELETE /countersign/v1/test-requests/t3", Server.Requests);
    }

    [Fact]
    public void An_empty_history_leads_to_the_catalog()
    {
        Server.On(List, "[]");
        RenderFrame();

        Assert.Equal("catalog", Render<TestRequestsPage>().Find(".empty-state a").GetAttribute("href"));
    }

    private IRenderedComponent<TestRequestsPage> RenderPage()
    {
        Server.On(List, Three);
        RenderFrame();
        return Render<TestRequestsPage>();
    }
}
