using Countersign.Bench.Passcodes;

namespace Countersign.Bench.Targets;

/// <summary>Somebody who is signed in proves it once more: two reads and a comparison; nothing is counted and nothing is written.</summary>
internal sealed class BetterAuthStepUp(BetterAuthServer server) : BetterAuth(server)
{
    private readonly BetterAuthServer _server = server;

    public override string Name => "better-auth, signed in";

    public override bool SpendsChallenges => false;

    public override Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken)
        => Task.FromResult(codes.Select(code => $"{_server.Sessions[code.Person.Number]} {code.Code}").ToArray());
}
