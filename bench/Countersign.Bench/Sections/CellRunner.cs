using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Processes;
using Countersign.Bench.Report;
using Countersign.Bench.Seeding;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>Runs cells, watches the server's memory meanwhile, and reports every cell whose answers were not the expected ones.</summary>
internal sealed class CellRunner(Workplace workplace, BenchReport report)
{
    /// <summary>How much faster than foreseen a program may be before its codes run out.</summary>
    private const double Margin = 1.5;

    /// <summary>Checks per second of a program that spends challenges, before its rate is known.</summary>
    private const double UnknownRate = 3_000;

    private const int WarmConnections = 64, WarmSeconds = 2;

    private readonly Wrk _wrk = new(workplace.NewFolder("load"));

    /// <summary>Wrong codes, spread over everyone. <paramref name="begun"/> is called when the load begins.</summary>
    public async Task<LoadResult> WrongAsync(
        ITarget target, Population population, int connections, int seconds, CancellationToken cancellationToken, double rate = UnknownRate,
        Action? begun = null)
    {
        var lines = await target.LinesAsync(population.WrongCodes(Most(target, rate, seconds)), cancellationToken);
        var cell = new LoadCell(target.Request, lines, !target.SpendsChallenges, target.Wrong, connections, seconds);
        return Judge(await RunAsync(target, cell, cancellationToken, begun), $"{target.Name}, wrong codes, {connections} connections");
    }

    /// <summary>Right codes, each sent once; for a shorter time where there are too few users for a program that checks <paramref name="rate"/> a second.</summary>
    public async Task<LoadResult> RightAsync(
        ITarget target, Population population, int connections, int seconds, double rate, CancellationToken cancellationToken)
    {
        seconds = (int)Math.Clamp(population.Count / (rate * Margin), 1, seconds);
        while (true)
        {
            var codes = await population.RightCodesAsync(TimeSpan.FromSeconds(seconds + 4), Most(target, rate, seconds), cancellationToken);
            var lines = await target.LinesAsync(codes, cancellationToken);
            var cell = new LoadCell(target.Request, lines, Repeats: false, target.Right, connections, seconds);
            var result = await RunAsync(target, cell, cancellationToken);
            if (!result.RanOut || seconds == 1) return Judge(result, $"{target.Name}, right codes, {connections} connections");
            (seconds, rate) = (seconds / 2, rate * 2);
        }
    }

    /// <summary>Challenges, each of another user; for a shorter time where there are too few.</summary>
    public async Task<LoadResult> ChallengesAsync(CountersignServer target, IAnswers answers, Population population, int connections, int seconds, CancellationToken cancellationToken)
    {
        while (true)
        {
            var cell = new LoadCell(target.Challenge, CountersignServer.ChallengeLines(population.Shuffled(), answers.FactorOf), Repeats: false, target.Challenged, connections, seconds);
            var result = await RunAsync(target, cell, cancellationToken);
            if (!result.RanOut || seconds == 1) return Judge(result, $"{target.Name}, challenges, {connections} connections");
            seconds /= 2;
        }
    }

    /// <summary>The answers to challenges, each sent once.</summary>
    public async Task<LoadResult> AnswersAsync(CountersignServer target, IAnswers answers, IReadOnlyList<string> lines, int connections, int seconds, CancellationToken cancellationToken)
        => Judge(await RunAsync(target, new LoadCell(target.RequestOf(answers.Body), lines, Repeats: false, target.Right, connections, seconds), cancellationToken),
            $"{target.Name}, answers by {answers.Name}, {connections} connections");

    /// <summary>Two loads, of which the first lets the program compile and connect and is not looked at; the second shows about how fast it is.</summary>
    public async Task<double> WarmAsync(ITarget target, Population population, CancellationToken cancellationToken)
    {
        var lines = await target.LinesAsync(population.WrongCodes(Most(target, UnknownRate, WarmSeconds)), cancellationToken);
        await RunAsync(target, new LoadCell(target.Request, lines, !target.SpendsChallenges, target.Wrong, WarmConnections, WarmSeconds), cancellationToken);
        return (await WrongAsync(target, population, WarmConnections, WarmSeconds, cancellationToken)).RequestsPerSecond;
    }

    private static int Most(ITarget target, double rate, int seconds) => target.SpendsChallenges ? (int)(rate * Margin * seconds) + 1_000 : int.MaxValue;

    private LoadResult Judge(LoadResult result, string cell)
    {
        if (result.Fault is { } fault) report.Fault($"{cell}: {fault}");
        return result;
    }

    private async Task<LoadResult> RunAsync(ITarget target, LoadCell cell, CancellationToken cancellationToken, Action? begun = null)
    {
        var id = target.Process.Id;
        var before = ProcessTree.ProcessorTime(id);
        var run = _wrk.RunAsync(cell, begun, cancellationToken);
        var peak = await ProcessTree.PeakResidentBytesAsync(id, run);
        return await run with { PeakResidentBytes = peak, ProcessorTime = ProcessTree.ProcessorTime(id) - before };
    }
}
