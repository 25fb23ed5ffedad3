using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;

namespace Countersign.Bench.Targets;

/// <summary>The peer of <c>bench/peers/aspnet-identity</c>.</summary>
internal sealed class AspNetIdentity(ServerProcess process, Uri address) : ITarget, IAsyncDisposable
{
    public string Name => "ASP.NET Core Identity";

    public ServerProcess Process => process;

    public VerifyRequest Request { get; } = new(address, "/users/{1}/verify", """{"code":"{2}"}""");

    public Expectation Right { get; } = new(200, "\"SUCCESS\"");

    public Expectation Wrong { get; } = new(403, "\"FAILURE\"");

    public bool SpendsChallenges => false;

    public static async Task<AspNetIdentity> StartAsync(Workplace workplace, Population population, CancellationToken cancellationToken)
    {
        var database = await Workplace.CreateDatabaseAsync("aspnet-identity", cancellationToken);
        var environment = new Dictionary<string, string> { ["ConnectionStrings__Accounts"] = database.ConnectionString };
        var people = await PeerFiles.WritePeopleAsync(workplace, population, cancellationToken);
        await PeerFiles.RunAsync(workplace.Data, workplace.AspNetIdentity, ["seed", people], environment, cancellationToken);
        await Workplace.SettleAsync(database, cancellationToken);

        var address = workplace.NextAddress();
        var launch = new Launch(
            workplace.AspNetIdentity, ["--urls", address.ToString()], environment, workplace.Run, workplace.LogOf("aspnet-identity"));
        return new AspNetIdentity(await ServerProcess.StartAsync(launch, address, anyAnswer: true, cancellationToken), address);
    }

    public Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken)
        => Task.FromResult(codes.AsParallel().AsOrdered().Select(code => $"{code.Person.Guid} {code.Code}").ToArray());

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
