using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>The same load on few users and on many, taking turns: few, many, few, many, few.</summary>
internal sealed class Growth(CellRunner cells, BenchReport report)
{
    private const int Connections = 64;

    public async Task RunAsync(
        Engine engine, (ITarget Target, Population Population) few, (ITarget Target, Population Population) many, int seconds, CancellationToken cancellationToken)
    {
        await cells.WarmAsync(few.Target, few.Population, cancellationToken);
        await cells.WarmAsync(many.Target, many.Population, cancellationToken);

        var rates = new List<double>();
        for (var turn = 0; turn < 5; turn++)
        {
            var (target, population) = turn % 2 == 0 ? few : many;
            rates.Add((await cells.WrongAsync(target, population, Connections, seconds, cancellationToken)).RequestsPerSecond);
        }
        var (small, large) = ((rates[0] + rates[2] + rates[4]) / 3, (rates[1] + rates[3]) / 2);

        var table = new MarkdownTable($"{engine}, wrong codes, {Connections} connections", "requests/s", "each turn");
        table.Row($"{few.Population.Count} users", Figures.Rate(small), $"{Figures.Rate(rates[0])}, {Figures.Rate(rates[2])}, {Figures.Rate(rates[4])}");
        table.Row($"{many.Population.Count} users", Figures.Rate(large), $"{Figures.Rate(rates[1])}, {Figures.Rate(rates[3])}");
        report.Table(table);
        report.Check(Goal.AtMost($"{engine}: cost at {many.Population.Count} users, times the cost at {few.Population.Count}", small / large, 1.2));

        var right = await cells.RightAsync(many.Target, many.Population, Connections, seconds, 2 * large, cancellationToken);
        report.Say($"Right codes at {many.Population.Count} users: {Figures.Rate(right.RequestsPerSecond)} requests/s, "
            + $"p99 {Figures.Milliseconds(right.Percentile99)} ms.");
    }
}
