using System.Security.Cryptography;
using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;
using Countersign.Bench.Seeding;

namespace Countersign.Bench.Targets;

/// <summary>Countersign as it is published, on a filled store, with its limits raised as far as its settings go.</summary>
internal sealed class CountersignServer(ServerProcess process, Uri address, CountersignStore store, string token) : ITarget, IAsyncDisposable
{
    public string Name => $"Countersign on {store.Engine}";

    public CountersignStore Store => store;

    public ServerProcess Process => process;

    public VerifyRequest Request => RequestOf("""{"passCode":"{3}"}""");

    /// <summary>Asks for a challenge.</summary>
    public VerifyRequest Challenge => RequestOf("");

    /// <summary>What that must be answered.</summary>
    public Expectation Challenged { get; } = new(200, "\"CHALLENGE\"");

    public string Token => token;

    public Uri Address => address;

    public Expectation Right { get; } = new(200, "\"SUCCESS\"");

    public Expectation Wrong { get; } = new(403, "\"E0000068\"");

    public bool SpendsChallenges => false;

    public static async Task<CountersignServer> StartAsync(Workplace workplace, CountersignStore store, CancellationToken cancellationToken, params (string Name, string Value)[] more)
    {
        var address = workplace.NextAddress();
        var token = "00" + RandomNumberGenerator.GetHexString(40, lowercase: true);
        var environment = new Dictionary<string, string>(store.Environment)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Bench",
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["Countersign__BootstrapToken"] = token,
            ["Countersign__Attempts__LockoutThreshold"] = "1000000",
            ["Countersign__Attempts__WrongPerWindow"] = "1000000",
            ["Countersign__RateLimits__DefaultPerMinute"] = "1000000000",
        };
        foreach (var (name, value) in more) environment[name] = value;
        var launch = new Launch(workplace.Server, [], environment, workplace.Run, workplace.LogOf(store.Name));
        var process = await ServerProcess.StartAsync(launch, new Uri(address, "/health/live"), anyAnswer: false, cancellationToken);
        return new CountersignServer(process, address, store, token);
    }

    public Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken)
        => Task.FromResult(codes.AsParallel().AsOrdered().Select(code => $"{Ids.User(code.Person)} {Ids.Factor(code.Person)} {code.Code}").ToArray());

    /// <summary>A verification with this body.</summary>
    public VerifyRequest RequestOf(string body) => new(address, "/api/v1/users/{1}/factors/{2}/verify", body, $"Authorization: SSWS {token}");

    /// <summary>One line of a challenge for each.</summary>
    public static string[] ChallengeLines(IReadOnlyList<Person> people, Func<Person, string> factorOf)
        => [.. people.AsParallel().AsOrdered().Select(person => $"{Ids.User(person)} {factorOf(person)}")];

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
