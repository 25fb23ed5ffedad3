using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Sections;
using Countersign.Bench.Targets;

namespace Countersign.Bench;

/// <summary>The whole run: starts what each section needs, and stops it again.</summary>
internal sealed class Bench(Plan plan, Workplace workplace, BenchReport report, TimeProvider clock)
{
    private readonly CellRunner _cells = new(workplace, report);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        report.Say($"# Countersign bench, {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {plan.Seconds} s a cell");
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
            if (plan.Has(engine == Engine.Sqlite ? "sqlite" : "postgres")) await EngineAsync(engine, cancellationToken);
        if (plan.Has("peers") || plan.Has("race")) await PeersAsync(cancellationToken);
    }

    private async Task EngineAsync(Engine engine, CancellationToken cancellationToken)
    {
        report.Heading($"{engine}: Countersign and the floor");
        var population = new Population(plan.Users, clock);
        await using var floor = await Floor.StartAsync(workplace, engine, cancellationToken);
        await new Engines(_cells, report).RunAsync(engine, floor, floor, population, plan.Connections, plan.Seconds, cancellationToken);
    }

    private async Task PeersAsync(CancellationToken cancellationToken)
    {
        var population = new Population(plan.Users, clock);
        await using var identity = await AspNetIdentity.StartAsync(workplace, population, cancellationToken);
        await using var betterAuth = await BetterAuthServer.StartAsync(workplace, population, cancellationToken);
        ITarget[] targets = [identity, new BetterAuthSignIn(betterAuth), new BetterAuthStepUp(betterAuth)];
        if (plan.Has("peers"))
        {
            report.Heading("PostgreSQL: Countersign and its peers");
            await new Peers(_cells, report).RunAsync(targets, population, plan.Rounds, plan.Seconds, cancellationToken);
        }
        if (plan.Has("race"))
        {
            report.Heading("The race");
            var table = Race.Table();
            foreach (var target in targets) (await Race.RunAsync(target, population, cancellationToken)).AddTo(table);
            report.Table(table);
        }
    }
}
