using System.Net;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class DuoPageTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_page_that_a_user_comes_back_to_completes_the_transaction(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var pending = await house.EnrollAsync();
        var activated = await VisitAsync(house, await house.Duo.OpenAsync(DuoHouse.Prompt(pending.Json["_embedded"]!["activation"]!)!));
        var factor = await house.App.GetAsync($"{FactorClient.Factors}/{pending.Id}");
        var challenge = await house.App.PostAsync($"{FactorClient.Factors}/{pending.Id}/verify");
        var back = await house.Duo.OpenAsync(DuoHouse.Prompt(challenge.Json["_embedded"]!["verification"]!)!);

        var visited = await VisitAsync(house, back);
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var again = await VisitAsync(house, back);

        Assert.Equal("ACTIVE", (string?)factor.Json["status"]);
        Assert.Equal("SUCCESS", polled.FactorResult);
        Assert.All([activated, visited], page => Assert.Equal(HttpStatusCode.OK, page.Status));
        Assert.Contains("You may close this window", visited.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, again.Status);
        Assert.Contains("did not work", again.Text, StringComparison.Ordinal);
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
    }

    [Fact]
    public async Task The_page_is_plain_kept_by_nobody_and_runs_nothing()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");

        var page = await VisitAsync(house, new Uri("https://mfa.example.com/duo/callback?state=%3Cscript%3E&duo_code=%3Cscript%3E"));

        Assert.Equal((HttpStatusCode.Forbidden, "text/html; charset=utf-8", "no-store"), (page.Status, page.Headers["Content-Type"], page.Headers["Cache-Control"]));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Contains("<html lang=\"en\">", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("script", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=x")]
    [InlineData("?duo_code=x")]
    [InlineData("?state=x&code=y")]
    public async Task The_page_without_what_it_needs_says_that_it_did_not_work(string query)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");

        var page = await VisitAsync(house, new Uri("https://mfa.example.com/duo/callback" + query));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("did not work", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_says_that_there_is_no_answer_rejects_the_transaction()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);

        var refused = await VisitAsync(house, new Uri($"https://mfa.example.com/duo/callback?state={state}&error=access_denied"));
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var late = await VisitAsync(house, new Uri($"https://mfa.example.com/duo/callback?state={state}&duo_code={code}"));

        Assert.Equal((HttpStatusCode.Forbidden, "REJECTED", HttpStatusCode.Forbidden), (refused.Status, polled.FactorResult, late.Status));
    }

    [Fact]
    public async Task State_and_code_do_not_go_to_the_log()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var back = await house.Duo.OpenAsync(DuoHouse.Prompt(challenge.Json["_embedded"]!["verification"]!)!);
        await VisitAsync(house, back);

        var log = await house.App.GetAsync("/api/v1/logs?limit=1000");

        Assert.Contains("/duo/callback", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("duo_code", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("state=", log.Text, StringComparison.Ordinal);
    }

    private static async Task<Answer> VisitAsync(DuoHouse house, Uri address)
    {
        using var browser = house.App.CreateClient();
        using var response = await browser.GetAsync(address.PathAndQuery);
        return await Answer.ReadAsync(response);
    }
}
