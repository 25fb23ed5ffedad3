using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;

namespace Countersign.Bench.Targets;

/// <summary>better-auth's <c>verify-totp</c>, which does one thing for somebody who is signing in and another for somebody who is signed in.</summary>
internal abstract class BetterAuth(BetterAuthServer server) : ITarget
{
    public abstract string Name { get; }

    public ServerProcess Process => server.Process;

    public VerifyRequest Request { get; } = new(
        server.Verify, server.Verify.AbsolutePath, """{"code":"{2}"}""", $"Origin: {server.Verify.GetLeftPart(UriPartial.Authority)}", "Cookie: {1}");

    public Expectation Right { get; } = new(200, "\"token\"");

    public Expectation Wrong { get; } = new(401, "\"INVALID_CODE\"");

    public abstract bool SpendsChallenges { get; }

    public abstract Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken);
}
