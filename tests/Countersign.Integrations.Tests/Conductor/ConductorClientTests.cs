using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Integrations.Tests.Conductor;

public sealed class ConductorClientTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_signs_in_once_and_bears_the_token()
    {
        _server.Answers("POST /api/token", """{"token":"t1","userId":"u"}""");
        _server.Answers("GET /api/version", "3.21");
        using var client = Client("https://other.example");

        await GetAsync(client, "/version");
        var answer = await GetAsync(client, "/version");

        Assert.Equal("3.21", answer.Text);
        Assert.Equal("""{"keyId":"id","keySecret":"s3cret"}""", Assert.Single(_server.Received("POST /api/token")).Body);
        Assert.All(_server.Received("GET /api/version"), request => Assert.Equal("t1", request.Token));
    }

    [Theory]
    [InlineData("https://other.example", "https://other.example/api")]
    [InlineData("https://other.example/", "https://other.example/api")]
    [InlineData("https://other.example/api", "https://other.example/api")]
    [InlineData("https://other.example/conductor/api/", "https://other.example/conductor/api")]
    public void The_address_is_taken_with_and_without_api(string url, string expected)
    {
        using var client = Client(url);

        Assert.Equal(expected, client.Url.AbsoluteUri);
    }

    [Theory]
    [InlineData("""{"token":7}""")]
    [InlineData("""{"token":"\ud800"}""")]
    [InlineData("""{"message":"\ud800"}""")]
    public async Task An_answer_to_the_key_that_has_no_token_is_told_as_such(string answer)
    {
        _server.Answers("POST /api/token", answer);
        using var client = Client("https://other.example");

        var reply = await client.SendAsync(HttpMethod.Get, "/version", null, CancellationToken.None);

        Assert.Contains("refused the key", Assert.IsType<ConductorReply.Silent>(reply).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_is_fetched_anew_and_the_call_repeated_once()
    {
        _server.Answers("POST /api/token", """{"token":"old"}""", """{"token":"new"}""");
        _server.AnswersBy("GET /api/version", request => request.Token == "new" ? (HttpStatusCode.OK, "3.21") : (HttpStatusCode.Unauthorized, """{"error":"EXPIRED_TOKEN"}"""));
        using var client = Client("https://other.example");

        var answer = await GetAsync(client, "/version");

        Assert.Equal((HttpStatusCode.OK, 2, 2), (answer.Status, _server.Received("POST /api/token").Count, _server.Received("GET /api/version").Count));
    }

    [Fact]
    public async Task A_token_that_stays_refused_is_the_answer()
    {
        _server.Answers("POST /api/token", """{"token":"t"}""");
        _server.AnswersBy("GET /api/version", _ => (HttpStatusCode.Unauthorized, """{"message":"no"}"""));
        using var client = Client("https://other.example");

        var answer = await GetAsync(client, "/version");

        Assert.Equal((HttpStatusCode.Unauthorized, "it answered 401: no", 2), (answer.Status, answer.Reason, _server.Received("GET /api/version").Count));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        _server.Answers("POST /api/token", """{"token":"t1"}""", """{"token":"t2"}""");
        _server.Answers("GET /api/version", "3.21");
        using var client = Client("https://other.example");

        await GetAsync(client, "/version");
        _clock.Advance(TimeSpan.FromMinutes(45));
        await GetAsync(client, "/version");

        Assert.Equal(["t1", "t2"], _server.Received("GET /api/version").Select(request => request.Token));
    }

    [Fact]
    public async Task A_server_without_sign_in_is_spoken_to_without_a_token()
    {
        _server.Answers("GET /api/version", "3.21");
        using var client = Client("https://other.example");

        await GetAsync(client, "/version");
        await GetAsync(client, "/version");

        Assert.Single(_server.Received("POST /api/token"));
        Assert.All(_server.Received("GET /api/version"), request => Assert.Null(request.Token));
    }

    [Fact]
    public async Task A_refused_key_is_said_without_the_secret()
    {
        _server.AnswersBy("POST /api/token", _ => (HttpStatusCode.Unauthorized, """{"message":"bad pair"}"""));
        using var client = Client("https://other.example");

        var silent = Assert.IsType<ConductorReply.Silent>(await client.SendAsync(HttpMethod.Get, "/version", (JsonNode?)null, CancellationToken.None));

        Assert.Equal("other.example refused the key: it answered 401: bad pair", silent.Reason);
        Assert.Empty(_server.Received("GET /api/version"));
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_none()
    {
        _server.Answers("POST /api/token", """{"token":"t"}""");
        _server.Answers("GET /api/version", new string('x', ConductorClient.LongestBody + 1));
        using var client = Client("https://other.example");

        Assert.Contains("larger than", Assert.IsType<ConductorReply.Silent>(await client.SendAsync(HttpMethod.Get, "/version", (JsonNode?)null, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_silent()
    {
        var asked = new TaskCompletionSource();
        _server.Hangs("POST /api/token", asked);
        using var client = Client("https://other.example");

        var calling = client.SendAsync(HttpMethod.Get, "/version", (JsonNode?)null, CancellationToken.None);
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("other.example did not answer within 30 seconds", Assert.IsType<ConductorReply.Silent>(await calling).Reason);
    }

    private ConductorClient Client(string url) => new(new Uri(url), ("id", "s3cret"), TimeSpan.FromSeconds(30), _clock, _server);

    private static async Task<ConductorReply.Answered> GetAsync(ConductorClient client, string path)
        => Assert.IsType<ConductorReply.Answered>(await client.SendAsync(HttpMethod.Get, path, (JsonNode?)null, CancellationToken.None));
}
