using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>Countersign beside the floor on one engine: floor, wrong codes, floor, right codes, floor, so that noise meets all of them.</summary>
internal sealed class Engines(CellRunner cells, BenchReport report)
{
    /// <summary>The connections at which the product made its promises.</summary>
    private const int Promised = 64;

    public async Task RunAsync(
        Engine engine, Floor floor, ITarget countersign, Population population, IReadOnlyList<int> connections, int seconds, CancellationToken cancellationToken)
    {
        await cells.WarmAsync(floor, population, cancellationToken);
        var rate = await cells.WarmAsync(countersign, population, cancellationToken);
        await cells.RightAsync(countersign, population, Promised, 2, rate, cancellationToken);

        var table = new MarkdownTable($"{engine}, {population.Count} users", "connections", "requests/s", "p50 ms", "p99 ms", "MiB", "CPU µs", "floor requests/s", "floor p99 ms", "floor CPU µs", "ratio");
        foreach (var count in connections)
        {
            var before = await FloorAsync();
            var wrong = await cells.WrongAsync(countersign, population, count, seconds, cancellationToken);
            var between = await FloorAsync();
            var right = await cells.RightAsync(countersign, population, count, seconds, between.RequestsPerSecond, cancellationToken);
            var after = await FloorAsync();
            Add("wrong codes", wrong, before, between);
            Add("right codes", right, between, after);

            Task<LoadResult> FloorAsync() => cells.WrongAsync(floor, population, count, seconds, cancellationToken);

            void Add(string codes, LoadResult result, LoadResult floorBefore, LoadResult floorAfter)
            {
                var floorRate = (floorBefore.RequestsPerSecond + floorAfter.RequestsPerSecond) / 2;
                var ratio = result.RequestsPerSecond / floorRate;
                table.Row(
                    codes, $"{count}", Figures.Rate(result.RequestsPerSecond), Figures.Milliseconds(result.Median),
                    Figures.Milliseconds(result.Percentile99), Figures.Mebibytes(result.PeakResidentBytes),
                    Figures.Microseconds(result.ProcessorTimePerRequest), Figures.Rate(floorRate),
                    Figures.Milliseconds((floorBefore.Percentile99 + floorAfter.Percentile99) / 2),
                    Figures.Microseconds((floorBefore.ProcessorTimePerRequest + floorAfter.ProcessorTimePerRequest) / 2), $"{ratio:0.00}");
                if (count != Promised) return;
                report.Check(Goal.AtLeast($"{engine}, {codes}: share of the floor", ratio, 0.75));
                report.Check(Goal.AtMost($"{engine}, {codes}: p99", result.Percentile99.TotalMilliseconds, 15, "0.0", " ms"));
                report.Check(Goal.AtMost($"{engine}, {codes}: resident", result.PeakResidentBytes / 1024.0 / 1024.0, 200, "0", " MiB"));
            }
        }
        report.Table(table);
    }
}
