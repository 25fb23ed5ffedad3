using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Seeding;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>Wrong TOTP codes while nothing waits in the outbox, and while thousands of messages drain from it, taking turns: without, with, without, with, without.</summary>
internal sealed class OutboxDrain(Workplace workplace, CellRunner cells, BenchReport report, TimeProvider clock)
{
    private const int Connections = 64, Turns = 5;

    /// <summary>About what providers of text messages take to answer. With the 64 that a process sends at once, 10,000 messages last for about eight seconds.</summary>
    private static readonly TimeSpan ProviderTakes = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(2), NotingLimit = TimeSpan.FromSeconds(20);

    public async Task RunAsync(CountersignStore store, int messages, int seconds, CancellationToken cancellationToken)
    {
        var drains = Turns / 2 + 2;
        messages = Math.Min(messages, (store.Population.Count - Population.Racers) / drains);
        var waiting = await ChallengeAsync(store, messages * drains, cancellationToken);
        var turns = new Queue<string[]>(waiting.Chunk(messages));

        var address = workplace.NextAddress();
        await using var receiver = await MessageReceiver.StartAsync(address, cancellationToken);
        await using var server = await CountersignServer.StartAsync(
            workplace, store, cancellationToken,
            ("Countersign__Delivery__Providers__bench__Type", "webhook"),
            ("Countersign__Delivery__Providers__bench__Url", address.ToString()),
            ("Countersign__Delivery__Providers__bench__Secret", $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"),
            // Long enough for the receiver to be held until a cell begins.
            ("Countersign__Delivery__Providers__bench__TimeLimit", "00:01:00"),
            ("Countersign__Delivery__Lease", "00:02:00"));
        await cells.WarmAsync(server, store.Population, cancellationToken);
        // The first drain lets the sending half compile and connect, and is not looked at.
        await DrainAsync();

        var table = new MarkdownTable($"{store.Engine}, wrong codes, {Connections} connections", "requests/s", "p50 ms", "p99 ms", "MiB", "CPU µs", "drain s", "messages/s", "share of the cell", "duplicates");
        var (without, with) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            if (turn % 2 == 0)
            {
                var quiet = await cells.WrongAsync(server, store.Population, Connections, seconds, cancellationToken);
                without.Add(quiet.RequestsPerSecond);
                Add("nothing waits", quiet);
                continue;
            }
            await WaitAsync(store, turns.Dequeue(), receiver, ProviderTakes, cancellationToken);
            var busy = await cells.WrongAsync(server, store.Population, Connections, seconds, cancellationToken, begun: receiver.Open);
            await EndAsync(store, messages, receiver, cancellationToken);
            var share = Math.Min(1, receiver.Drain.TotalSeconds / seconds);
            // For the rest of the cell it was as fast as before.
            with.Add((busy.RequestsPerSecond - (1 - share) * without[^1]) / share);
            Add($"{messages} messages drain", busy, receiver.Drain, share);
        }
        await DrainAsync();
        table.Row($"{messages} messages alone, answered at once", "", "", "", "", "", $"{receiver.Drain.TotalSeconds:0.0}", Figures.Rate(messages / receiver.Drain.TotalSeconds), "", $"{receiver.Duplicates}");
        report.Table(table);
        var ratio = with.Average() / without.Average();
        report.Say($"While messages drain: {Figures.Rate(with.Average())} requests/s, otherwise {Figures.Rate(without.Average())}: {ratio:0.00} of it.");
        report.Check(Goal.AtLeast($"{store.Engine}, outbox: checks while messages drain, of checks without", ratio, 0.9));

        async Task DrainAsync()
        {
            await WaitAsync(store, turns.Dequeue(), receiver, TimeSpan.Zero, cancellationToken);
            receiver.Open();
            await EndAsync(store, messages, receiver, cancellationToken);
        }

        void Add(string what, LoadResult result, TimeSpan? drain = null, double share = 0) => table.Row(
            what, Figures.Rate(result.RequestsPerSecond), Figures.Milliseconds(result.Median), Figures.Milliseconds(result.Percentile99),
            Figures.Mebibytes(result.PeakResidentBytes), Figures.Microseconds(result.ProcessorTimePerRequest),
            drain is { } time ? $"{time.TotalSeconds:0.0}" : "", drain is null ? "" : Figures.Rate(messages / drain.Value.TotalSeconds),
            drain is null ? "" : $"{share:0%}", drain is null ? "" : $"{receiver.Duplicates}");
    }

    /// <summary>Challenges so many users through the API of a server that sends nothing, and answers the ids of the messages that it keeps.</summary>
    private async Task<string[]> ChallengeAsync(CountersignStore store, int count, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow();
        await using (var server = await CountersignServer.StartAsync(
            workplace, store, cancellationToken, [.. CountersignStore.SendLimits, ("Countersign__Delivery__OutboxOnly", "true"), ("Countersign__Codes__PhoneLifetime", "01:00:00")]))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            client.DefaultRequestHeaders.Authorization = new("SSWS", server.Token);
            var options = new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(store.Population.Shuffled().Take(count), options, async (person, cancellation) =>
            {
                using var answer = await client.PostAsync($"/api/v1/users/{Ids.User(person)}/factors/{Ids.Phone(person)}/verify", null, cancellation);
                if (!answer.IsSuccessStatusCode) throw new BenchException($"a challenge was answered {(int)answer.StatusCode}");
            });
        }
        await using var kept = new KeptCodes(store, clock);
        var ids = (await kept.SinceAsync(since, cancellationToken)).Select(entry => entry.Id).Order(StringComparer.Ordinal).ToArray();
        return ids.Length == count ? ids : throw new BenchException($"{count} users were challenged, and {ids.Length} messages are kept");
    }

    /// <summary>Makes messages that are kept wait, which differs in two columns. The server takes up what it sends at once, and stands still there until the receiver is opened.</summary>
    private async Task WaitAsync(CountersignStore store, string[] ids, MessageReceiver receiver, TimeSpan delay, CancellationToken cancellationToken)
    {
        receiver.Hold(ids.Length, delay);
        await using var connection = await store.ConnectAsync(cancellationToken);
        var changed = await ExecuteAsync(
            connection, "UPDATE outbox SET status = 'WAITING', due = @now WHERE id >= @first AND id <= @last AND status = 'KEPT'",
            ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("@first", ids[0]), ("@last", ids[^1]));
        if (changed != ids.Length) throw new BenchException($"{changed} of {ids.Length} messages wait");
    }

    /// <summary>Waits for the last message and for its outcome to be noted.</summary>
    private async Task EndAsync(CountersignStore store, int messages, MessageReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            await receiver.AllAsync(DrainLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new BenchException($"{messages} messages were not sent within {DrainLimit}; see the server's log");
        }
        await using var connection = await store.ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM outbox WHERE due IS NOT NULL";
        for (var until = clock.GetUtcNow() + NotingLimit; Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken)) > 0;)
        {
            if (clock.GetUtcNow() > until) throw new BenchException($"messages were sent, and it was not noted within {NotingLimit}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
        if (receiver.Duplicates > 0) report.Fault($"{store.Engine}, outbox: {receiver.Duplicates} messages were sent more than once");
    }

    private static async Task<int> ExecuteAsync(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return await command.ExecuteNonQueryAsync();
    }
}
