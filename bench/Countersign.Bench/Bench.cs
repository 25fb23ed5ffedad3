using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Sections;
using Countersign.Bench.Seeding;
using Countersign.Bench.Targets;

namespace Countersign.Bench;

/// <summary>The whole run: starts what each section needs, and stops it again.</summary>
internal sealed class Bench(Plan plan, Workplace workplace, BenchReport report, TimeProvider clock)
{
    private readonly CellRunner _cells = new(workplace, report);
    private readonly Dictionary<(Engine, int, Second), CountersignStore> _stores = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        report.Say($"# Countersign bench, {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {plan.Seconds} s a cell");
        if (plan.Has("sqlite")) await EngineAsync(Engine.Sqlite, cancellationToken);
        if (plan.Has("postgres")) await EngineAsync(Engine.Postgres, cancellationToken);
        if (plan.Has("keys"))
        {
            report.Heading("Security keys");
            Signatures.Run(report, plan.Seconds);
            await KeysAsync(Engine.Sqlite, cancellationToken);
            await KeysAsync(Engine.Postgres, cancellationToken);
        }
        if (plan.Has("outbox"))
        {
            report.Heading("The outbox");
            await OutboxAsync(Engine.Sqlite, cancellationToken);
            await OutboxAsync(Engine.Postgres, cancellationToken);
        }
        if (plan.Has("push"))
        {
            report.Heading("Polls that wait for a push");
            var pushes = new Pushes(workplace, _cells, report);
            await pushes.WaitAsync(await StoreAsync(Engine.Sqlite, plan.Users, cancellationToken), plan.Polls, plan.Seconds, cancellationToken);
            await pushes.WaitAsync(await StoreAsync(Engine.Postgres, plan.Users, cancellationToken), plan.Polls, plan.Seconds, cancellationToken);
            await pushes.CrossAsync(await StoreAsync(Engine.Postgres, plan.Users, cancellationToken), plan.Approvals, cancellationToken);
        }
        if (plan.Has("growth"))
        {
            report.Heading("Growth");
            await GrowthAsync(Engine.Sqlite, cancellationToken);
            await GrowthAsync(Engine.Postgres, cancellationToken);
        }
        if (plan.Has("workflows"))
        {
            report.Heading("Workflows");
            var workflows = new WorkflowStarts(workplace, report);
            foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
                await workflows.RunAsync(await StoreAsync(engine, plan.FewUsers, cancellationToken), plan.FewExecutions, plan.ManyExecutions, plan.Seconds, cancellationToken);
        }
        if (plan.Has("peers") || plan.Has("race")) await PeersAsync(cancellationToken);
    }

    private async Task EngineAsync(Engine engine, CancellationToken cancellationToken)
    {
        report.Heading($"{engine}: Countersign and the floor");
        var store = await StoreAsync(engine, plan.Users, cancellationToken);
        await Starts.RunAsync(workplace, store, plan.Starts, report, cancellationToken);
        await using var floor = await Floor.StartAsync(workplace, engine, cancellationToken);
        var phones = await StoreAsync(engine, plan.Users, cancellationToken, Second.Phone);
        await using (var countersign = await CountersignServer.StartAsync(workplace, store, cancellationToken))
        {
            await new Engines(_cells, report).RunAsync(engine, floor, countersign, store.Population, plan.Connections, plan.Seconds, cancellationToken);
            if (await SeedCheck.CompareAsync(countersign, phones, store.Population.Race.Last(), cancellationToken) is { } difference)
                report.Fault($"{engine}: phones are not seeded as the product writes them: {difference}");
        }
        await using var sending = await CountersignServer.StartAsync(
            workplace, phones, cancellationToken, [.. CountersignStore.SendLimits, ("Countersign__Delivery__OutboxOnly", "true")]);
        await using var codes = new KeptCodes(phones, clock);
        await new Challenges(_cells, report, clock).RunAsync(floor, sending, codes, plan.Connections, plan.Seconds, cancellationToken);
    }

    private async Task KeysAsync(Engine engine, CancellationToken cancellationToken)
    {
        var store = await StoreAsync(engine, plan.Users, cancellationToken, Second.Key);
        await using var floor = await Floor.StartAsync(workplace, engine, cancellationToken);
        await using var countersign = await CountersignServer.StartAsync(
            workplace, store, cancellationToken, ("Countersign__WebAuthn__Origins__0", SigningKey.Origin), ("Countersign__WebAuthn__RpIds__0", SigningKey.RpId));
        await using var signatures = new SignedChallenges(store);
        await new Challenges(_cells, report, clock).RunAsync(floor, countersign, signatures, plan.Connections, plan.Seconds, cancellationToken);
    }

    private async Task OutboxAsync(Engine engine, CancellationToken cancellationToken)
    {
        var store = await StoreAsync(engine, plan.Users, cancellationToken, Second.Phone);
        await new OutboxDrain(workplace, _cells, report, clock).RunAsync(store, plan.Waiting, plan.Seconds, cancellationToken);
    }

    private async Task GrowthAsync(Engine engine, CancellationToken cancellationToken)
    {
        var (few, many) = (await StoreAsync(engine, plan.FewUsers, cancellationToken), await StoreAsync(engine, plan.ManyUsers, cancellationToken));
        await using var small = await CountersignServer.StartAsync(workplace, few, cancellationToken);
        await using var large = await CountersignServer.StartAsync(workplace, many, cancellationToken);
        await new Growth(_cells, report).RunAsync(engine, (small, few.Population), (large, many.Population), plan.Seconds, cancellationToken);
    }

    private async Task PeersAsync(CancellationToken cancellationToken)
    {
        var store = await StoreAsync(Engine.Postgres, plan.Users, cancellationToken);
        var population = store.Population;
        await using var countersign = await CountersignServer.StartAsync(workplace, store, cancellationToken);
        await using var identity = await AspNetIdentity.StartAsync(workplace, population, cancellationToken);
        await using var betterAuth = await BetterAuthServer.StartAsync(workplace, population, cancellationToken);
        ITarget[] targets = [countersign, identity, new BetterAuthSignIn(betterAuth), new BetterAuthStepUp(betterAuth)];
        if (plan.Has("peers"))
        {
            report.Heading("Countersign and its peers on PostgreSQL");
            await new Peers(_cells, report).RunAsync(targets, population, plan.Rounds, plan.Seconds, cancellationToken);
        }
        if (plan.Has("race")) await RaceAsync(targets, population, cancellationToken);
    }

    private async Task RaceAsync(IEnumerable<ITarget> onPostgres, Population population, CancellationToken cancellationToken)
    {
        report.Heading("The race");
        var store = await StoreAsync(Engine.Sqlite, plan.Users, cancellationToken);
        await using var onSqlite = await CountersignServer.StartAsync(workplace, store, cancellationToken);
        var race = new Race(report);
        await race.RunAsync(onSqlite, store.Population, cancellationToken);
        foreach (var target in onPostgres) await race.RunAsync(target, population, cancellationToken);
        race.Show();
    }

    private async Task<CountersignStore> StoreAsync(Engine engine, int users, CancellationToken cancellationToken, Second second = Second.None)
    {
        if (!_stores.TryGetValue((engine, users, second), out var store))
            _stores.Add((engine, users, second), store = await CountersignStore.CreateAsync(workplace, engine, users, second, clock, cancellationToken));
        return store;
    }
}
