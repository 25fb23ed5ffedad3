using System.Net.Sockets;
using System.Text;
using Countersign.Bench.Load;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Sections;

/// <summary>One right code, sent 16 times at once: how many are told that it was right?</summary>
internal static class Race
{
    private const int Copies = 16;

    public static MarkdownTable Table() => new("16 copies of one right code, 20 users", "accepted", "fewest", "most", "the others were told");

    /// <summary>Runs the race for every racer of the population. Each copy is a check of its own: where a check needs something beforehand, each has its own.</summary>
    public static async Task<RaceResult> RunAsync(ITarget target, Population population, CancellationToken cancellationToken)
    {
        var step = await population.NextStepAsync(TimeSpan.FromSeconds(15), cancellationToken);
        var codes = population.Race.SelectMany(person => Enumerable.Repeat((person, Passcode.At(person.Secret, step)), Copies)).ToList();
        var lines = await target.LinesAsync(codes, cancellationToken);

        var accepted = new List<int>();
        var refusals = new Dictionary<string, int>();
        foreach (var copies in lines.Chunk(Copies))
        {
            var answers = await SendAtOnceAsync(target.Request, copies, cancellationToken);
            accepted.Add(answers.Count(answer => target.Right.IsMetBy(answer.Status, answer.Body)));
            foreach (var (status, body) in answers.Where(answer => !target.Right.IsMetBy(answer.Status, answer.Body)))
            {
                var told = $"{status} {ErrorCode(body)}".TrimEnd();
                refusals[told] = refusals.GetValueOrDefault(told) + 1;
            }
        }
        return new RaceResult(target.Name, accepted, refusals);
    }

    /// <summary>Opens every connection first, then sends on all of them before it reads from any.</summary>
    private static async Task<(int Status, string Body)[]> SendAtOnceAsync(VerifyRequest request, string[] lines, CancellationToken cancellationToken)
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

    private static async Task<(int Status, string Body)> ReadAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(cancellationToken);
        return (int.Parse(answer.AsSpan(9, 3)), answer);
    }

    /// <summary>What stands behind the first property whose name ends in "code", or nothing.</summary>
    private static string ErrorCode(string body)
    {
        foreach (var name in (string[])["\"errorCode\":\"", "\"code\":\"", "\"result\":\""])
            if (body.IndexOf(name, StringComparison.Ordinal) is >= 0 and var at)
                return body[(at + name.Length)..].Split('"')[0];
        return "";
    }
}

/// <summary>How often each racer's code was accepted, and what the other copies were told.</summary>
internal sealed record RaceResult(string Target, IReadOnlyList<int> Accepted, IReadOnlyDictionary<string, int> Refusals)
{
    public bool IsExactlyOne => Accepted.All(count => count == 1);

    public void AddTo(MarkdownTable table) => table.Row(
        Target, $"{Accepted.Sum()} of {16 * Accepted.Count}", $"{Accepted.Min()} of 16", $"{Accepted.Max()} of 16",
        string.Join(", ", Refusals.OrderByDescending(told => told.Value).Select(told => $"{told.Key} × {told.Value}")));
}
