using Countersign.Bench.Load;
using Countersign.Bench.Report;
using Countersign.Bench.Seeding;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>
/// Factors that are challenged, beside the floor: floor, challenges, floor, the answers to these challenges, floor. What the server drew at random is read from its store between the
/// cells, when nothing is measured.
/// </summary>
internal sealed class Challenges(CellRunner cells, BenchReport report, TimeProvider clock)
{
    /// <summary>The connections at which the product made its promises.</summary>
    private const int Promised = 64;

    private const int MostRefills = 2;

    /// <summary>Challenges that were on their way when a cell ended are committed after it, and end the codes before them.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public async Task RunAsync(Floor floor, CountersignServer countersign, IAnswers answers, IReadOnlyList<int> connections, int seconds, CancellationToken cancellationToken)
    {
        var (engine, population) = (countersign.Store.Engine, countersign.Store.Population);
        var warm = await cells.WarmAsync(floor, population, cancellationToken);
        await cells.WarmAsync(countersign, population, cancellationToken);
        await PairAsync(Promised, 2, () => Task.FromResult(warm));

        var table = new MarkdownTable(
            $"{engine}, {answers.Name}, {population.Count} users", "connections", "requests/s", "p50 ms", "p99 ms", "MiB", "CPU µs", "floor requests/s", "ratio");
        foreach (var count in connections)
        {
            var before = await FloorAsync();
            var between = 0.0;
            var (challenges, answered) = await PairAsync(count, seconds, async () => between = await FloorAsync());
            var after = await FloorAsync();
            Add("challenges", challenges, (before + between) / 2);
            Add("answers", answered, (between + after) / 2);

            var floorRate = (before + between + after) / 3;
            var pair = 2 / (1 / challenges.RequestsPerSecond + 1 / answered.RequestsPerSecond);
            table.Row("both in turn", $"{count}", Figures.Rate(pair), "", "", "", "", Figures.Rate(floorRate), $"{pair / floorRate:0.00}");
            if (count == Promised)
            {
                report.Check(answers.AreJudgedAlone
                    ? Goal.AtLeast($"{engine}, {answers.Name}, answers: share of the floor", answered.RequestsPerSecond / ((between + after) / 2), 0.5)
                    : Goal.AtLeast($"{engine}, {answers.Name}, challenge and answer: share of the floor", pair / floorRate, 0.5));
            }

            async Task<double> FloorAsync() => (await cells.WrongAsync(floor, population, count, seconds, cancellationToken)).RequestsPerSecond;

            void Add(string what, LoadResult result, double floorRate) => table.Row(
                what, $"{count}", Figures.Rate(result.RequestsPerSecond), Figures.Milliseconds(result.Median), Figures.Milliseconds(result.Percentile99),
                Figures.Mebibytes(result.PeakResidentBytes), Figures.Microseconds(result.ProcessorTimePerRequest), Figures.Rate(floorRate),
                $"{result.RequestsPerSecond / floorRate:0.00}");
        }
        report.Table(table);

        // One cell of challenges, what is to be measured between the two, and a cell of their answers.
        async Task<(LoadResult Challenges, LoadResult Answers)> PairAsync(int count, int length, Func<Task<double>> betweenAsync)
        {
            var since = clock.GetUtcNow();
            var challenges = await cells.ChallengesAsync(countersign, answers, population, count, length, cancellationToken);
            var most = await betweenAsync();
            var lines = await SettledLinesAsync();
            // No answer is checked faster than the floor answers. Answers that last for less than half of a cell are too few: some more are asked for, and not measured.
            for (var refill = 0; refill < MostRefills && lines.Length < most * Math.Max(1.5, length / 2.0); refill++)
            {
                await cells.ChallengesAsync(countersign, answers, population, Math.Max(count, Promised), length, cancellationToken);
                lines = await SettledLinesAsync();
            }
            var lasts = (int)Math.Clamp(lines.Length / most, 1, length);
            return (challenges, await cells.AnswersAsync(countersign, answers, lines, count, lasts, cancellationToken));

            async Task<string[]> SettledLinesAsync()
            {
                await Task.Delay(Settling, cancellationToken);
                return await answers.LinesAsync(since, cancellationToken);
            }
        }
    }
}
