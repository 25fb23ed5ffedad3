using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>Countersign and what a team would pick instead, on the same PostgreSQL, taking turns.</summary>
internal sealed class Peers(CellRunner cells, BenchReport report)
{
    private const int Connections = 64;

    /// <summary>Runs <paramref name="rounds"/> rounds of wrong and right codes; the first of <paramref name="targets"/> is the one the others are compared with.</summary>
    public async Task RunAsync(
        IReadOnlyList<ITarget> targets, Population population, int rounds, int seconds, CancellationToken cancellationToken)
    {
        var rates = new Dictionary<ITarget, double>();
        foreach (var target in targets) rates[target] = await cells.WarmAsync(target, population, cancellationToken);

        var wrong = targets.ToDictionary(target => target, _ => new List<LoadResult>());
        var right = targets.ToDictionary(target => target, _ => new List<LoadResult>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in targets)
                wrong[target].Add(await cells.WrongAsync(target, population, Connections, seconds, cancellationToken, rates[target]));
            foreach (var target in targets)
                right[target].Add(await cells.RightAsync(target, population, Connections, seconds, rates[target], cancellationToken));
        }

        Show("right codes", right, targets);
        Show("wrong codes", wrong, targets);
    }

    private void Show(string codes, Dictionary<ITarget, List<LoadResult>> results, IReadOnlyList<ITarget> targets)
    {
        var ours = Middle(results[targets[0]]);
        var table = new MarkdownTable(
            $"{codes}, {Connections} connections", "requests/s, each round", "middle", "p50 ms", "p99 ms", "MiB", "CPU µs", $"{targets[0].Name} is faster by");
        foreach (var target in targets)
        {
            var rounds = results[target];
            var middle = Middle(rounds);
            table.Row(
                target.Name,
                string.Join(", ", rounds.Select(round => Figures.Rate(round.RequestsPerSecond))),
                Figures.Rate(middle.RequestsPerSecond),
                Figures.Milliseconds(middle.Median),
                Figures.Milliseconds(middle.Percentile99),
                Figures.Mebibytes(rounds.Max(round => round.PeakResidentBytes)),
                Figures.Microseconds(middle.ProcessorTimePerRequest),
                target == targets[0] ? "" : $"{ours.RequestsPerSecond / middle.RequestsPerSecond:0.0}");
            if (target is AspNetIdentity) Compare(10);
            if (target is BetterAuth) Compare(50);

            void Compare(double asked) => report.Check(Goal.AtLeast(
                $"{codes}: times as fast as {target.Name}", ours.RequestsPerSecond / middle.RequestsPerSecond, asked, "0.0"));
        }
        report.Table(table);
    }

    private static LoadResult Middle(List<LoadResult> rounds) => rounds.OrderBy(round => round.RequestsPerSecond).ElementAt(rounds.Count / 2);
}
