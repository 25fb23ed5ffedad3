using Bunit;
using Countersign.Console.SystemLog;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Console.Tests.SystemLog;

public sealed class SystemLogPageTests : ConsoleTest
{
    private const string LastWeek = "GET /api/v1/logs?since=2026-02-26T09:41:07.000Z&until=2026-03-05T09:51:07.000Z";
    private const string Locked = """
        [{"uuid":"1","published":"2026-03-05T09:41:00.123Z","severity":"WARN","eventType":"user.account.lock","displayMessage":"User locked",
          "outcome":{"result":"SUCCESS"},"actor":{"id":"00u1","type":"User","displayName":"Ines Kovar"},"debugContext":{"debugData":{"threshold":"5"}}}]
        """;

    public SystemLogPageTests()
        => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero)));

    [Fact]
    public void The_last_week_is_shown_newest_first()
    {
        Server.On($"{LastWeek}&sortOrder=DESCENDING&limit=100", Locked);

        var page = RenderPage("logs");

        Assert.Equal("User locked", page.Find("button.row-link").TextContent);
        Assert.Contains("Ines Kovar", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_opens_with_its_whole_document()
    {
        Server.On($"{LastWeek}&sortOrder=DESCENDING&limit=100", Locked);
        var page = RenderPage("logs");
        Assert.Empty(page.FindAll("pre"));

        page.Find("button.row-link").Click();

        Assert.Contains("\"threshold\": \"5\"", page.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Escape_closes_an_event()
    {
        Server.On($"{LastWeek}&sortOrder=DESCENDING&limit=100", Locked);
        var page = RenderPage("logs");
        page.Find("button.row-link").Click();

        page.Find(".side").KeyDown("Escape");

        Assert.Empty(page.FindAll("pre"));
    }

    [Fact]
    public void A_common_filter_is_one_press_away()
    {
        Server.On($"{LastWeek}&sortOrder=DESCENDING&limit=100", Locked)
            .On($"{LastWeek}&filter=outcome.result eq \"FAILURE\"&sortOrder=DESCENDING&limit=100", "[]");
        var page = RenderPage("logs");

        page.FindAll(".quick .mud-chip").Single(chip => chip.TextContent.Trim() == "Failures").Click();

        Assert.Contains("No event matches.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_of_ones_own_is_read_in_local_time()
    {
        var since = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 3, 1, 8, 0, 0)));
        Server.On($"GET /api/v1/logs?since={since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}&until=2026-03-05T09:51:07.000Z&sortOrder=DESCENDING&limit=100", Locked);

        var page = RenderPage("logs?window=custom&since=2026-03-01T08:00");

        Assert.Single(page.FindAll("tbody tr"));
    }

    private IRenderedComponent<SystemLogPage> RenderPage(string address)
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<SystemLogPage>();
    }
}
