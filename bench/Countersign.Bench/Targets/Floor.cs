using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;

namespace Countersign.Bench.Targets;

/// <summary>The floor program: what the web server and the storage engine cost by themselves. It says SUCCESS to everything.</summary>
internal sealed class Floor(ServerProcess process, Uri address) : ITarget, IAsyncDisposable
{
    public string Name => "floor";

    public ServerProcess Process => process;

    public VerifyRequest Request { get; } = new(
        address, "/api/v1/users/{1}/factors/{2}/verify", """{"passCode":"{3}"}""", $"Authorization: SSWS {new string('0', 42)}");

    public Expectation Right { get; } = new(200, "SUCCESS");

    public Expectation Wrong => Right;

    public bool SpendsChallenges => false;

    public static async Task<Floor> StartAsync(Workplace workplace, Engine engine, CancellationToken cancellationToken)
    {
        var address = workplace.NextAddress();
        string[] arguments = engine == Engine.Sqlite
            ? ["sqlite", address.ToString(), Path.Combine(workplace.NewFolder("floor"), "floor.db")]
            : ["postgres", address.ToString(), (await Workplace.CreateDatabaseAsync("floor", cancellationToken)).ConnectionString];
        var launch = new Launch(workplace.Floor, arguments, [], workplace.Run, workplace.LogOf("floor"));
        return new Floor(await ServerProcess.StartAsync(launch, address, anyAnswer: true, cancellationToken), address);
    }

    public Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken)
        => Task.FromResult(codes.Select(code => $"00u{code.Person.Number:D17} opf{code.Person.Number:D17} {code.Code}").ToArray());

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
