using Countersign.Console.SystemLog;

namespace Countersign.Console.Tests.SystemLog;

public sealed class LogOperationsTests : ConsoleTest
{
    private static readonly DateTimeOffset Since = new(2026, 3, 5, 10, 0, 0, TimeSpan.FromHours(1));
    private static readonly DateTimeOffset Until = Since.AddHours(1);

    [Theory]
    [InlineData("", "")]
    [InlineData("ines lock", "&q=ines lock")]
    [InlineData("eventType eq \"user.account.lock\"", "&filter=eventType eq \"user.account.lock\"")]
    public void Words_and_expressions_go_their_own_ways(string text, string expected)
        => Assert.Equal(
            $"/api/v1/logs?since=2026-03-05T09:00:00.000Z&until=2026-03-05T10:00:00.000Z{expected}&sortOrder=DESCENDING&limit=100",
            Uri.UnescapeDataString(LogOperations.ListPath(text, Since, Until)));

    [Fact]
    public async Task An_event_keeps_the_whole_document()
    {
        Server.On("GET /api/v1/logs", """[{"uuid":"1","eventType":"user.account.lock","displayMessage":"Locked","outcome":{"result":"SUCCESS","reason":null},"target":null,"debugContext":{"debugData":{"x":"y"}}}]""");

        var page = await Api.ListLogEventsAsync("/api/v1/logs", CancellationToken.None);

        var entry = Assert.Single(page.Items);
        Assert.Equal("SUCCESS", entry.Outcome?.Result);
        Assert.Equal("y", entry.Document.GetProperty("debugContext").GetProperty("debugData").GetProperty("x").GetString());
    }
}
