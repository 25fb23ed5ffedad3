using System.Diagnostics;
using System.Text.Json.Nodes;
using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Seeding;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>What polls cost that wait for the answer to a push, and how soon they have it when the device answered another process.</summary>
internal sealed class Pushes(Workplace workplace, CellRunner cells, BenchReport report)
{
    private const int Connections = 64, Turns = 5, PerDevice = 5;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private static readonly (string Name, string Value)[] Settings =
    [
        ("Countersign__Delivery__OutboxOnly", "true"), ("Countersign__PublicUrl", "https://mfa.example.com"),
        ("Countersign__Push__NumberMatching", "asked"), ("Countersign__Push__MostOpen", $"{PerDevice}"), ("Countersign__Push__MostPerHour", "1000"),
    ];

    /// <summary>Wrong TOTP codes without and with so many polls that wait, taking turns.</summary>
    public async Task WaitAsync(CountersignStore store, int count, int seconds, CancellationToken cancellationToken)
    {
        await using var server = await CountersignServer.StartAsync(workplace, store, cancellationToken, Settings);
        using var client = ClientOf(server);
        await cells.WarmAsync(server, store.Population, cancellationToken);
        var devices = await BindAsync(store, client, (count + PerDevice - 1) / PerDevice, cancellationToken);

        var table = new MarkdownTable($"{store.Engine}, wrong codes, {Connections} connections", "requests/s", "p50 ms", "p99 ms", "MiB", "CPU µs");
        var (without, with, resident) = (new List<double>(), new List<double>(), 0L);
        // They last for five minutes: for longer than the turns.
        var paths = await ChallengeAsync(devices, client, cancellationToken);
        for (var turn = 0; turn < Turns; turn++)
        {
            if (turn % 2 == 0)
            {
                var quiet = await cells.WrongAsync(server, store.Population, Connections, seconds, cancellationToken);
                without.Add(quiet.RequestsPerSecond);
                Add("nobody waits", quiet);
                continue;
            }
            using var polls = await OpenPolls.OpenAsync(server.Address, server.Token, paths[..count], cancellationToken);
            await Task.Delay(Settling, cancellationToken);
            var busy = await cells.WrongAsync(server, store.Population, Connections, seconds, cancellationToken);
            with.Add(busy.RequestsPerSecond);
            resident = Math.Max(resident, busy.PeakResidentBytes);
            Add($"{count} polls wait", busy);
            if (polls.Ended is > 0 and var ended) report.Fault($"{store.Engine}, push: {ended} of {count} polls did not wait");
        }
        report.Table(table);
        var ratio = with.Average() / without.Average();
        report.Say($"While {count} polls wait: {Figures.Rate(with.Average())} requests/s, otherwise {Figures.Rate(without.Average())}: {ratio:0.00} of it.");
        report.Check(Goal.AtMost($"{store.Engine}, push: resident while {count} polls wait and checks run", resident / 1024.0 / 1024.0, 300, "0", " MiB"));
        report.Check(Goal.AtLeast($"{store.Engine}, push: checks while {count} polls wait, of checks without", ratio, 0.9));

        void Add(string what, LoadResult result) => table.Row(
            what, Figures.Rate(result.RequestsPerSecond), Figures.Milliseconds(result.Median), Figures.Milliseconds(result.Percentile99),
            Figures.Mebibytes(result.PeakResidentBytes), Figures.Microseconds(result.ProcessorTimePerRequest));
    }

    /// <summary>The time from an approval on one process to the answer of a poll that waits on another, over one PostgreSQL.</summary>
    public async Task CrossAsync(CountersignStore store, int count, CancellationToken cancellationToken)
    {
        await using var one = await CountersignServer.StartAsync(workplace, store, cancellationToken, Settings);
        await using var other = await CountersignServer.StartAsync(workplace, store, cancellationToken, Settings);
        // The token of the first start is that of both.
        using var polling = ClientOf(one, one.Token);
        using var approving = ClientOf(other, one.Token);
        var device = (await BindAsync(store, approving, 1, cancellationToken, skip: 5_000))[0];
        var (acknowledged, sent) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < count; i++)
        {
            var transaction = await device.ChallengeAsync(approving, cancellationToken);
            var approval = await device.ApprovalOfAsync(approving, transaction, TimeProvider.System, cancellationToken);
            var poll = PollAsync(polling, device.PollOf(transaction), cancellationToken);
            // Until it certainly waits, and at another place between two looks each time.
            await Task.Delay(TimeSpan.FromMilliseconds(100 + (i * 37 % 200)), cancellationToken);
            var sending = Stopwatch.GetTimestamp();
            await BoundDevice.ApproveAsync(approving, transaction, approval, cancellationToken);
            var acknowledgement = Stopwatch.GetTimestamp();
            var answered = await poll;
            acknowledged.Add(Stopwatch.GetElapsedTime(acknowledgement, answered));
            sent.Add(Stopwatch.GetElapsedTime(sending, answered));
        }
        acknowledged.Sort();
        sent.Sort();
        var table = new MarkdownTable($"{count} approvals on one process, polls on another, one PostgreSQL", "p50 ms", "p99 ms", "most ms");
        Add("from the acknowledgement to the poll's answer", acknowledged);
        Add("from the sending to the poll's answer", sent);
        report.Table(table);
        report.Check(Goal.AtMost("push: median from an approval's sending to the answer of a poll on another process", sent[count / 2].TotalMilliseconds, 50, "0.0", " ms"));

        void Add(string what, List<TimeSpan> times) => table.Row(
            what, Figures.Milliseconds(times[count / 2]), Figures.Milliseconds(times[(int)(count * 0.99)]), Figures.Milliseconds(times[^1]));
    }

    private static async Task<long> PollAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Prefer", "wait=60");
        using var answer = await client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var answered = Stopwatch.GetTimestamp();
        return (string?)JsonNode.Parse(text)!["factorResult"] == "SUCCESS" ? answered : throw new BenchException($"a poll was answered {text}");
    }

    private static async Task<IReadOnlyList<BoundDevice>> BindAsync(CountersignStore store, HttpClient client, int count, CancellationToken cancellationToken, int skip = 0)
    {
        var devices = new BoundDevice[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Options(cancellationToken), async (i, cancellation) =>
        {
            var person = new Person(skip + i);
            devices[i] = await BoundDevice.BindAsync(client, Ids.User(person), SeededUser.LoginOf(person), cancellation);
        });
        return devices;
    }

    private static async Task<string[]> ChallengeAsync(IReadOnlyList<BoundDevice> devices, HttpClient client, CancellationToken cancellationToken)
    {
        var paths = new string[devices.Count * PerDevice];
        await Parallel.ForEachAsync(Enumerable.Range(0, devices.Count), Options(cancellationToken), async (i, cancellation) =>
        {
            for (var each = 0; each < PerDevice; each++) paths[(i * PerDevice) + each] = devices[i].PollOf(await devices[i].ChallengeAsync(client, cancellation));
        });
        return paths;
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken };

    private static HttpClient ClientOf(CountersignServer server, string? token = null)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new("SSWS", token ?? server.Token);
        return client;
    }
}
