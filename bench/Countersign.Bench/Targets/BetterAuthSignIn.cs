using Countersign.Bench.Passcodes;

namespace Countersign.Bench.Targets;

/// <summary>The second step of a sign-in: counted, locked out, and paid for with the challenge that the password step made.</summary>
internal sealed class BetterAuthSignIn(BetterAuthServer server) : BetterAuth(server)
{
    private readonly BetterAuthServer _server = server;

    public override string Name => "better-auth, signing in";

    // A challenge takes one right code, or five wrong ones.
    public override bool SpendsChallenges => true;

    public override async Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken)
    {
        var cookies = await _server.ChallengeAsync(codes.Select(code => code.Person), cancellationToken);
        return [.. cookies.Zip(codes, (cookie, code) => $"{cookie} {code.Code}")];
    }
}
