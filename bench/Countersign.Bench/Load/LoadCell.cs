namespace Countersign.Bench.Load;

/// <summary>One measurement: what is sent, to whom, for how long, and what must come back.</summary>
/// <param name="Request">The request whose places the lines fill.</param>
/// <param name="Lines">One line a request.</param>
/// <param name="Repeats">Whether the lines start again when they are used up; right codes may not.</param>
/// <param name="Expectation">What every answer must be.</param>
/// <param name="Connections">Connections that ask at the same time.</param>
/// <param name="Seconds">How long.</param>
internal sealed record LoadCell(
    VerifyRequest Request, IReadOnlyList<string> Lines, bool Repeats, Expectation Expectation, int Connections, int Seconds);
