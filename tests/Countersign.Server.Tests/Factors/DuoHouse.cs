using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Duo;
using Countersign.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Factors;

/// <summary>A server with a Duo beside it, and what tests of Duo do over and over.</summary>
internal sealed class DuoHouse : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    public DuoHouse(Engine engine, string mode, params KeyValuePair<string, string>[] settings) : this(engine, mode, DuoCounterpart.PublicUrl + "/duo/callback", settings)
    {
    }

    public DuoHouse(Engine engine, string mode, string redirectUri, KeyValuePair<string, string>[] settings)
    {
        Duo = new DuoCounterpart(_clock, redirectUri);
        Settings = [.. Duo.Settings(mode), .. settings];
        App = new CountersignApp(engine, Settings) { Clock = _clock, Replaces = Signals.Replace };
    }

    public DuoCounterpart Duo { get; }
    public ObservedSignals Signals { get; } = new();
    public CountersignApp App { get; }
    public KeyValuePair<string, string>[] Settings { get; }
    public FakeTimeProvider Clock => _clock;

    public Task<Answer> EnrollAsync(string user = "me") => App.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "web", ["provider"] = "DUO" });

    /// <summary>Enrolls and activates, and answers the factor's path.</summary>
    public async Task<string> ActiveAsync(string user = "me")
    {
        var enrolled = await EnrollAsync(user);
        var factor = $"/api/v1/users/{user}/factors/{enrolled.Id}";
        if (Prompt(enrolled.Json["_embedded"]!["activation"]!) is { } prompt)
        {
            var (state, code) = await Duo.AnswerAsync(prompt);
            await App.PostAsync($"{factor}/lifecycle/duoCallback", Body(state, code));
        }
        else
        {
            Duo.AnswerPush("allow");
            await App.PostAsync($"{factor}/lifecycle/activate/poll");
        }
        Assert.Equal("ACTIVE", (string?)(await App.GetAsync(factor)).Json["status"]);
        return factor;
    }

    /// <summary>Opens the page of a challenge and answers there.</summary>
    public async Task<(string State, string Code)> AnswerAsync(Answer challenge) => await Duo.AnswerAsync(Prompt(challenge.Json["_embedded"]!["verification"]!)!);

    /// <summary>How many verifications were logged with this outcome.</summary>
    public async Task<int> LoggedAsync(string outcome)
    {
        var log = await App.GetAsync($"/api/v1/logs?limit=1000&filter={Uri.EscapeDataString($"eventType eq \"user.authentication.auth_via_mfa\" and outcome.result eq \"{outcome}\"")}");
        return log.Json.AsArray().Count;
    }

    public static string? Prompt(JsonNode shown) => (string?)shown["_links"]?["prompt"]?["href"];

    public static JsonObject Body(string state, string code) => new() { ["state"] = state, ["duo_code"] = code };

    /// <summary>The path of a link.</summary>
    public static string Link(Answer answer, string relation) => new Uri((string)answer.Json["_links"]![relation]!["href"]!).PathAndQuery;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Duo.DisposeAsync();
    }
}
