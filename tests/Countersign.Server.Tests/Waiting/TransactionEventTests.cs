using System.Net;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;
using Countersign.Testing.Signals;

namespace Countersign.Server.Tests.Waiting;

/// <summary>Transactions told as server-sent events.</summary>
public sealed class TransactionEventTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_transaction_is_told_at_once_and_at_its_end(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        using var events = await OpenAsync(house, challenge);
        var first = await events.NextAsync();
        await house.Signals.WaitingAsync(1);
        await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var last = await events.NextAsync();

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (events.Response.StatusCode, events.Response.Content.Headers.ContentType!.ToString()));
        Assert.Equal(("transaction", polled.Text), (first!.Value.Name, Text(first)));
        Assert.Equal(("transaction", """{"factorResult":"SUCCESS"}"""), (last!.Value.Name, Text(last)));
        Assert.Null(await events.NextAsync());
        await house.Signals.UnwatchedAsync();
    }

    [Fact]
    public async Task In_long_silence_comes_a_comment_and_at_the_end_of_the_time_the_end()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        using var events = await OpenAsync(house, challenge);
        await events.NextAsync();

        var passed = 0;
        for (var comments = 0; comments < 3; comments++)
        {
            for (var i = 0; i < 3; i++, passed += 5)
            {
                await house.Signals.WaitingAsync(1);
                house.Clock.Advance(TimeSpan.FromSeconds(5));
            }
            Assert.Equal(":", (await events.NextAsync())!.Value.Name);
        }
        await house.Signals.WaitingAsync(1);
        house.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(passed));

        Assert.Equal("TIMEOUT", (string?)(await events.NextAsync())!.Value.Data!["factorResult"]);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task What_is_over_is_told_once()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

        using var events = await OpenAsync(house, challenge);

        Assert.Equal("CANCELLED", (string?)(await events.NextAsync())!.Value.Data!["factorResult"]);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task That_there_is_nothing_more_to_tell_is_an_event_too()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        using var events = await OpenAsync(house, challenge);
        await events.NextAsync();
        await house.Signals.WaitingAsync(1);

        await house.App.DeleteAsync(factor);
        var last = await events.NextAsync();

        Assert.Equal(("refused", "E0000007"), (last!.Value.Name, (string?)last.Value.Data!["errorCode"]));
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops_and_where_too_many_wait()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt", new KeyValuePair<string, string>("Countersign:Polling:MostWaiting", "1"));
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        using var first = await OpenAsync(house, challenge);
        await first.NextAsync();
        await house.Signals.WaitingAsync(1);
        using var second = await OpenAsync(house, challenge);

        Assert.Equal("WAITING", (string?)(await second.NextAsync())!.Value.Data!["factorResult"]);
        Assert.Null(await second.NextAsync());
        Assert.Null(await house.App.StopAsync(first.NextAsync()));
    }

    [Fact]
    public async Task An_unknown_transaction_is_an_ordinary_error_and_who_takes_JSON_gets_it()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");

        using var unknown = await SendAsync(house, $"{factor}/transactions/v2mst.AAAAAAAAAAAAAAAAAAAAAA", "text/event-stream");
        using var both = await SendAsync(house, DuoHouse.Link(challenge, "poll"), "text/event-stream, application/json");
        using var unwanted = await SendAsync(house, DuoHouse.Link(challenge, "poll"), "text/event-stream;q=0, */*");

        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (unknown.StatusCode, (await Answer.ReadAsync(unknown)).ErrorCode));
        foreach (var response in (HttpResponseMessage[])[both, unwanted]) Assert.Equal("WAITING", (await Answer.ReadAsync(response)).FactorResult);
    }

    private static async Task<EventReader> OpenAsync(DuoHouse house, Answer challenge)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, DuoHouse.Link(challenge, "poll"));
        return await EventReader.OpenAsync(house.App.Client, request);
    }

    private static async Task<HttpResponseMessage> SendAsync(DuoHouse house, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await house.App.Client.SendAsync(request);
    }

    private static string Text((string Name, System.Text.Json.Nodes.JsonNode? Data)? told)
        => told!.Value.Data!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
