using System.Security.Cryptography;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;

namespace Countersign.Bench.Targets;

/// <summary>The peer of <c>bench/peers/better-auth</c>, with the cookies that its users hold.</summary>
internal sealed class BetterAuthServer(
    Workplace workplace, Uri address, Dictionary<string, string> environment, ServerProcess process, string[] sessions) : IAsyncDisposable
{
    private int _challenges;

    public ServerProcess Process => process;

    /// <summary>The session cookie of each user, by number.</summary>
    public IReadOnlyList<string> Sessions => sessions;

    public Uri Verify { get; } = new(address, "/api/auth/two-factor/verify-totp");

    public static async Task<BetterAuthServer> StartAsync(Workplace workplace, Population population, CancellationToken cancellationToken)
    {
        var database = await Workplace.CreateDatabaseAsync("better-auth", cancellationToken);
        var address = workplace.NextAddress();
        var environment = new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["BETTER_AUTH_URL"] = address.GetLeftPart(UriPartial.Authority),
            ["BETTER_AUTH_SECRET"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            ["DATABASE_URL"] = $"postgres://{database.Username}@{database.Host}:{database.Port}/{database.Database}",
        };

        var people = await PeerFiles.WritePeopleAsync(workplace, population, cancellationToken);
        var sessions = Path.Combine(workplace.Data, "sessions");
        await PeerFiles.RunAsync(workplace.BetterAuth, "node", ["seed.mjs", people, sessions], environment, cancellationToken);
        await Workplace.SettleAsync(database, cancellationToken);

        var launch = new Launch("node", ["server.mjs"], environment, workplace.BetterAuth, workplace.LogOf("better-auth"));
        return new BetterAuthServer(
            workplace, address, environment,
            await ServerProcess.StartAsync(launch, address, anyAnswer: true, cancellationToken),
            await File.ReadAllLinesAsync(sessions, cancellationToken));
    }

    /// <summary>A new challenge's cookie for each of these people, as a right password would leave it behind.</summary>
    public async Task<string[]> ChallengeAsync(IEnumerable<Person> people, CancellationToken cancellationToken)
    {
        var number = _challenges++;
        var users = Path.Combine(workplace.Data, $"users.{number}");
        var cookies = Path.Combine(workplace.Data, $"challenges.{number}");
        await File.WriteAllLinesAsync(users, people.Select(person => person.Guid), cancellationToken);
        await PeerFiles.RunAsync(workplace.BetterAuth, "node", ["challenges.mjs", users, cookies], environment, cancellationToken);
        return await File.ReadAllLinesAsync(cookies, cancellationToken);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
