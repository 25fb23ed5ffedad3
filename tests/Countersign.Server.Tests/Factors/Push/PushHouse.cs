using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.Authenticator;
using Countersign.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Factors.Push;

/// <summary>A server, perhaps one of several on its store, with a user and devices: what tests of pushes do over and over.</summary>
internal sealed class PushHouse : IAsyncDisposable
{
    public const string Login = "ana@example.com";

    private readonly List<SoftwareDevice> _devices = [];
    private readonly List<CountersignApp> _nodes = [];
    private readonly KeyValuePair<string, string>[] _settings;

    /// <summary>Without a number unless the application wants one, and with room for as many challenges as tests make.</summary>
    public PushHouse(Engine engine, params KeyValuePair<string, string>[] settings)
    {
        _settings = [new("Countersign:Push:NumberMatching", "asked"), new("Countersign:Push:MostPerHour", "1000"), new("Countersign:Push:MostOpen", "10"), .. settings];
        App = new CountersignApp(engine, _settings) { Clock = Clock, Replaces = Signals.Replace };
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));
    public ObservedSignals Signals { get; } = new();
    public CountersignApp App { get; }
    public string User { get; private set; } = "";

    /// <summary>Another node on the same store.</summary>
    public CountersignApp AddNode()
    {
        var node = new CountersignApp(App.Store, _settings) { Clock = Clock };
        _nodes.Add(node);
        return node;
    }

    /// <summary>Enrolls for the user, who is made when there is none yet, and answers the factor's path and the link that was mailed.</summary>
    public async Task<(string Factor, string Link)> EnrollAsync()
    {
        if (User.Length == 0) User = await App.AddUserAsync(Login);
        else Clock.Advance(TimeSpan.FromMinutes(1));   // mails to one address keep a distance
        var enrolled = await App.PostAsync($"/api/v1/users/{User}/factors", new JsonObject { ["factorType"] = "push", ["provider"] = "OKTA" });
        Assert.Equal(HttpStatusCode.OK, enrolled.Status);
        var factor = $"/api/v1/users/{User}/factors/{enrolled.Id}";
        Assert.Equal("WAITING", (await App.PostAsync($"{factor}/lifecycle/activate/email")).FactorResult);
        return (factor, (string)(await App.OutboxAsync(Login))[0]["link"]!);
    }

    /// <summary>A device that was given a link.</summary>
    public SoftwareDevice Device(string link)
    {
        var device = new SoftwareDevice(App.CreateClient(), Clock, link);
        _devices.Add(device);
        return device;
    }

    /// <summary>A device that is bound, and its factor's path.</summary>
    public async Task<(SoftwareDevice Device, string Factor)> BoundAsync()
    {
        var (factor, link) = await EnrollAsync();
        var device = Device(link);
        Assert.Equal(HttpStatusCode.Created, (await device.RegisterAsync()).Status);
        return (device, factor);
    }

    /// <summary>Challenges, and answers the challenge and the request that the device sees.</summary>
    public async Task<(Answer Challenge, string Poll, JsonNode Request)> ChallengeAsync(SoftwareDevice device, string factor, bool withNumber = false)
    {
        var challenge = await App.PostAsync($"{factor}/verify", withNumber ? new JsonObject { ["useNumberMatchingChallenge"] = true } : null);
        Assert.Equal((HttpStatusCode.Created, "WAITING"), (challenge.Status, challenge.FactorResult));
        var request = (await device.RequestsAsync()).Json["requests"]!.AsArray().Single(one => (string?)one!["transactionId"] == (string?)challenge.Json["transactionId"])!;
        return (challenge, DuoHouse.Link(challenge, "poll"), request);
    }

    /// <summary>How many verifications of the user were logged with this outcome, and, if given, with these words.</summary>
    public async Task<int> LoggedAsync(string outcome, string words = "")
    {
        var filter = Uri.EscapeDataString($"eventType eq \"user.authentication.auth_via_mfa\" and outcome.result eq \"{outcome}\"");
        return (await App.GetAsync($"/api/v1/logs?limit=1000&filter={filter}")).Json.AsArray().Count(logged => logged!.ToJsonString().Contains(words, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices) device.Dispose();
        foreach (var node in _nodes) await node.DisposeAsync();
        await App.DisposeAsync();
    }
}
