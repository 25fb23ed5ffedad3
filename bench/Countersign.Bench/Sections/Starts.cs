using Countersign.Bench.Processes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>How long a start takes until the first answer, and how much memory the server then holds.</summary>
internal static class Starts
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Workplace workplace, CountersignStore store, int times, BenchReport report, CancellationToken cancellationToken)
    {
        var starts = new List<double>();
        long atRest = 0;
        for (var i = 0; i < times; i++)
        {
            await using var server = await CountersignServer.StartAsync(workplace, store, cancellationToken);
            starts.Add(server.Process.FirstAnswer.TotalMilliseconds);
            await Task.Delay(Rest, cancellationToken);
            atRest = Math.Max(atRest, ProcessTree.ResidentBytes(server.Process.Id));
        }
        starts.Sort();
        var middle = starts[times / 2];
        report.Say($"First answer after {middle:0} ms (the middle of {times} starts: {string.Join(", ", starts.Select(start => $"{start:0}"))}); "
            + $"{Figures.Mebibytes(atRest)} MiB resident at rest.");
        report.Check(Goal.AtMost($"{store.Engine}: first answer", middle, 600, "0", " ms"));
    }
}
