using System.Net;
using Countersign.Testing;

namespace Countersign.Server.Tests.Health;

public sealed class HealthTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_process_whose_database_answers_is_live_and_ready(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        using var anonymous = app.CreateClient();

        Assert.Equal("""{"status":"UP"}""", await anonymous.GetStringAsync(new Uri("/health/live", UriKind.Relative)));
        Assert.Equal("""{"status":"UP"}""", await anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
    }

    [Theory, InlineData("/health/live"), InlineData("/health/ready")]
    public async Task HEAD_is_enough_to_ask(string path)
    {
        await using var app = new CountersignApp();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_process_whose_database_is_gone_lives_but_is_not_ready()
    {
        using var store = new TestStore(Engine.Postgres);
        await using var app = new CountersignApp(store);
        var before = await app.GetAsync("/health/ready");
        store.DropDatabase();
        app.Clock.Advance(TimeSpan.FromSeconds(2));

        var live = await app.GetAsync("/health/live");
        var ready = await app.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.Status, live.Status));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The database does not answer."), (ready.Status, (string?)ready.Json["reason"]));
    }
}
