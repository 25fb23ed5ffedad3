using System.Net.Sockets;
using System.Text;
using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>One right code of each racer, sent 16 times at once: how many are told that it was right?</summary>
internal sealed class Race(BenchReport report)
{
    private const int Copies = 16;

    private readonly MarkdownTable _table = new(
        $"{Copies} copies of one right code, {Population.Racers} users", "accepted", "fewest", "most", "the others were told");

    /// <summary>Each copy is a check of its own: where a check needs something made beforehand, each copy has its own.</summary>
    public async Task RunAsync(ITarget target, Population population, CancellationToken cancellationToken)
    {
        var step = await population.NextStepAsync(TimeSpan.FromSeconds(15), cancellationToken);
        var codes = population.Race.SelectMany(person => Enumerable.Repeat((person, Passcode.At(person.Secret, step)), Copies)).ToList();
        var lines = await target.LinesAsync(codes, cancellationToken);

        var accepted = new List<int>();
        var refusals = new List<string>();
        foreach (var copies in lines.Chunk(Copies))
        {
            var answers = await SendAtOnceAsync(target.Request, copies, cancellationToken);
            accepted.Add(answers.Count(answer => target.Right.IsMetBy(answer.Status, answer.Text)));
            refusals.AddRange(answers.Where(answer => !target.Right.IsMetBy(answer.Status, answer.Text)).Select(answer => Told(answer.Status, answer.Text)));
        }

        _table.Row(
            target.Name, $"{accepted.Sum()} of {lines.Length}", $"{accepted.Min()} of {Copies}", $"{accepted.Max()} of {Copies}",
            string.Join(", ", refusals.CountBy(told => told).OrderByDescending(told => told.Value).Select(told => $"{told.Value} × {told.Key}")));
        if (target is CountersignServer && accepted.Any(count => count != 1))
            report.Fault($"{target.Name}: of {Copies} copies of one right code, between {accepted.Min()} and {accepted.Max()} were accepted; it must be one");
    }

    public void Show() => report.Table(_table);

    /// <summary>Opens every connection first, then sends on all of them before it reads from any.</summary>
    private static async Task<(int Status, string Text)[]> SendAtOnceAsync(VerifyRequest request, string[] lines, CancellationToken cancellationToken)
    {
        var clients = new List<TcpClient>();
        try
        {
            foreach (var _ in lines)
            {
                var client = new TcpClient { NoDelay = true };
                clients.Add(client);
                await client.ConnectAsync(request.Address.Host, request.Address.Port, cancellationToken);
            }
            var messages = lines.Select(request.Closing).ToArray();
            for (var i = 0; i < clients.Count; i++) clients[i].GetStream().Write(messages[i]);
            return await Task.WhenAll(clients.Select(client => ReadAsync(client, cancellationToken)));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<(int Status, string Text)> ReadAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return (int.Parse(text.AsSpan(9, 3)), text); // "HTTP/1.1 200 …"
    }

    /// <summary>The status, and the error's code where the program gives one.</summary>
    private static string Told(int status, string text)
    {
        foreach (var name in (string[])["\"errorCode\":\"", "\"code\":\"", "\"result\":\""])
            if (text.IndexOf(name, StringComparison.Ordinal) is >= 0 and var at)
                return $"{status} {text[(at + name.Length)..].Split('"')[0]}";
        return $"{status}";
    }
}
