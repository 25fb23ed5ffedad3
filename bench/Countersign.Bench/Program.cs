using System.CommandLine;
using Countersign.Bench;
using Countersign.Bench.Catalog;
using Countersign.Bench.Report;

var quick = new Option<bool>("--quick");
var only = new Option<string>("--only") { DefaultValueFactory = _ => string.Join(',', Plan.Sections) };
var connections = new Option<string?>("--connections");
var seconds = new Option<int?>("--seconds");
var users = new Option<int?>("--users");
var rounds = new Option<int?>("--rounds");
var root = new RootCommand("The bench's runner; bench/run prepares what it needs.") { quick, only, connections, seconds, users, rounds, CatalogBench.Command() };

root.SetAction(async (parsed, cancellationToken) =>
{
    var plan = Plan.Of(parsed.GetValue(quick)) with { Only = Plan.ParseSections(parsed.GetRequiredValue(only)) };
    plan = plan with
    {
        Connections = parsed.GetValue(connections) is { } list ? [.. list.Split(',').Select(int.Parse)] : plan.Connections,
        Seconds = parsed.GetValue(seconds) ?? plan.Seconds,
        Users = parsed.GetValue(users) ?? plan.Users,
        Rounds = parsed.GetValue(rounds) ?? plan.Rounds,
    };
    var report = new BenchReport(Console.Out);
    var workplace = new Workplace();
    try
    {
        await new Bench(plan, workplace, report, TimeProvider.System).RunAsync(cancellationToken);
    }
    catch (BenchException failure)
    {
        report.Fault(failure.Message);
    }
    report.Conclude();
    await File.WriteAllTextAsync(Path.Combine(workplace.Out, "report.md"), report.ToString(), CancellationToken.None);
    return report.HasFaults ? 1 : 0;
});

// Long enough to stop every server by asking it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
