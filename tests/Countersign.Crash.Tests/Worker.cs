using System.Net;

namespace Countersign.Crash.Tests;

/// <summary>One user's client. It remembers what it was told, and what it does not know because no answer came.</summary>
internal sealed class Worker(int number, string user, string factor)
{
    private readonly List<string> _users = [];
    private long _next;
    private long? _unknown;
    private string? _unknownLogin;
    private int _logins;

    public string User => user;

    /// <summary>Verifications that were committed, whether or not their answer came.</summary>
    public long Committed { get; private set; }

    /// <summary>Answers that came.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Verifies code after code, and makes a user now and then, until the server is gone.</summary>
    public async Task RunAsync(HttpClient client, Action acknowledged)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                if (i % 10 == 5)
                {
                    _unknownLogin = $"worker{number}-{_logins++}@example.com";
                    _users.Add(await client.AddUserAsync(_unknownLogin));
                    _unknownLogin = null;
                }
                else
                {
                    _unknown = _next++;
                    var answer = await client.VerifyAsync(user, factor, _unknown.Value);
                    if (answer.FactorResult != "SUCCESS") throw new InvalidOperationException($"code {_unknown} of worker {number}: {answer.Text}");
                    (_unknown, Committed) = (null, Committed + 1);
                }
                Acknowledged++;
                acknowledged();
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone, and with it the answer.
        }
    }

    /// <summary>Compares what it was told with what the server that came back knows.</summary>
    public async Task CheckAsync(HttpClient client)
    {
        var lastKnown = (_unknown ?? _next) - 1;
        if (lastKnown >= 0) Assert.Equal("E0000082", (await client.VerifyAsync(user, factor, lastKnown)).ErrorCode);
        if (_unknown is { } counter)
        {
            var answer = await client.VerifyAsync(user, factor, counter);
            Assert.True(answer.FactorResult == "SUCCESS" || answer.ErrorCode == "E0000082", answer.Text);
            Assert.Equal("E0000082", (await client.VerifyAsync(user, factor, counter)).ErrorCode);
            (_unknown, Committed) = (null, Committed + 1);
        }
        foreach (var id in _users) Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/api/v1/users/{id}")).Status);
        _users.Clear();
        if (_unknownLogin is { } login)
        {
            // Wholly there or not at all: then the login is free.
            var found = await client.ReadAsync($"/api/v1/users/{login}");
            if (found.Status == HttpStatusCode.OK) Assert.Equal("[]", (await client.ReadAsync($"/api/v1/users/{found.Id}/factors")).Text);
            else await client.AddUserAsync(login);
            _unknownLogin = null;
        }
    }

    /// <summary>The log has one event for every success, and none besides.</summary>
    public async Task CheckLogAsync(HttpClient client)
    {
        long events = 0;
        var filter = Uri.EscapeDataString($"eventType eq \"user.authentication.auth_via_mfa\" and outcome.result eq \"SUCCESS\" and actor.id eq \"{user}\"");
        for (var path = $"/api/v1/logs?limit=1000&until=2100-01-01T00:00:00Z&filter={filter}"; path is not null;)
        {
            var page = await client.ReadAsync(path);
            events += page.Json.AsArray().Count;
            path = page.Next;
        }
        Assert.Equal(Committed, events);
    }
}
