using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;

namespace Countersign.Bench.Targets;

/// <summary>A running program that checks passcodes over HTTP.</summary>
internal interface ITarget
{
    string Name { get; }

    ServerProcess Process { get; }

    VerifyRequest Request { get; }

    /// <summary>What a right code must be answered.</summary>
    Expectation Right { get; }

    /// <summary>What a wrong code must be answered.</summary>
    Expectation Wrong { get; }

    /// <summary>Whether every check spends something that is made beforehand, so that no line can be sent twice.</summary>
    bool SpendsChallenges { get; }

    /// <summary>One line of the load for each code; where each check needs something made beforehand, it is made here.</summary>
    Task<string[]> LinesAsync(IReadOnlyList<(Person Person, string Code)> codes, CancellationToken cancellationToken);
}
