using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Testing;

/// <summary>The real host, in memory, on a clock that stands still until a test moves it.</summary>
public sealed class CountersignApp : WebApplicationFactory<Program>
{
    /// <summary>The administrator's token.</summary>
    public const string Token = "test-token-0123456789abcdef";

    private readonly IReadOnlyList<KeyValuePair<string, string>> _settings;
    private readonly TestStore _store;
    private readonly bool _ownsStore;

    /// <summary>Starts on a new store of this engine.</summary>
    public CountersignApp(Engine engine = Engine.Sqlite, params IReadOnlyList<KeyValuePair<string, string>> settings) : this(new TestStore(engine), settings) => _ownsStore = true;

    /// <summary>Starts on a store that others may share.</summary>
    public CountersignApp(TestStore store, params IReadOnlyList<KeyValuePair<string, string>> settings) => (_store, _settings) = (store, settings);

    /// <summary>The clock; starts at a fixed time in 2026.</summary>
    public FakeTimeProvider Clock { get; init; } = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    /// <summary>What else the host is given, in place of its own.</summary>
    public Action<IServiceCollection>? Replaces { get; init; }

    /// <summary>The store.</summary>
    public TestStore Store => _store;

    /// <summary>A client that bears the administrator's token.</summary>
    public HttpClient Client => field ??= CreateAuthorizedClient();

    /// <summary>The passcode of a base32 secret at the clock's time, or so many steps from it.</summary>
    public string Totp(string base32, int steps = 0, int digits = 6, int secondsPerStep = 30, OtpAlgorithm algorithm = OtpAlgorithm.Sha1)
    {
        if (!Base32.TryDecode(base32, out var secret)) throw new FormatException($"'{base32}' is not base32");
        using var generator = new OtpGenerator(secret, digits, algorithm);
        return generator.Passcode(TimeWindow.StepAt(Clock.GetUtcNow(), secondsPerStep) + steps);
    }

    /// <summary>Sends a request and reads the answer.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = method == HttpMethod.Get || method == HttpMethod.Delete ? null : new StringContent(body?.ToJsonString() ?? "", Encoding.UTF8, "application/json"),
        };
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>GET.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);
    /// <summary>POST.</summary>
    public Task<Answer> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);
    /// <summary>PUT.</summary>
    public Task<Answer> PutAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Put, path, body);
    /// <summary>DELETE.</summary>
    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>A client without a token. What every client sends and is answered can be recorded (<c>docs/testing.md</c>).</summary>
    public new HttpClient CreateClient() => CreateDefaultClient(new Recorder());

    /// <summary>A client that bears a token.</summary>
    public HttpClient CreateAuthorizedClient(string token = Token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", token);
        return client;
    }

    /// <summary>Tells the server to stop, and waits until the requests that it has then are answered.</summary>
    public async Task<T> StopAsync<T>(Task<T> requests)
    {
        Services.GetRequiredService<RequestsFirst>().Answered = requests;
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return await requests;
    }

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Countersign:BootstrapToken", Token);
        // Receivers of hooks, and the other side of HTTP tasks, are on this machine.
        builder.UseSetting("Countersign:Outbound:AllowedNetworks:0", "127.0.0.0/8");
        foreach (var (key, value) in _store.Settings) builder.UseSetting(key, value);
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<RequestsFirst>().AddHostedService(provider => provider.GetRequiredService<RequestsFirst>());
            Replaces?.Invoke(services);
        });
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownsStore) _store.Dispose();
        GC.SuppressFinalize(this);
    }
}
