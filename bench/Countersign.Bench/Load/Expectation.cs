namespace Countersign.Bench.Load;

/// <summary>What every answer of a cell must be: its status, and a piece of its body.</summary>
internal sealed record Expectation(int Status, string Contains)
{
    public bool IsMetBy(int status, string body) => status == Status && body.Contains(Contains, StringComparison.Ordinal);
}
