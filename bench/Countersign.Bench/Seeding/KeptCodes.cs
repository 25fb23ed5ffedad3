using System.Security.Cryptography;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Targets;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bench.Seeding;

/// <summary>The codes that a server drew and nobody sends: they are kept in its outbox, sealed, and opened here with the store's own keys.</summary>
internal sealed class KeptCodes : IAnswers
{
    private const int Page = 10_000;

    private readonly ServiceProvider _services;
    private readonly IOutbox _outbox;
    private readonly IVault _vault;

    public KeptCodes(CountersignStore store, TimeProvider clock)
    {
        _services = new ServiceCollection().AddSingleton(clock).AddStorage(store.Settings).BuildServiceProvider();
        _services.OpenStorage();
        _outbox = _services.GetRequiredService<IOutbox>();
        _vault = _services.GetRequiredService<IVault>();
    }

    public string Name => "SMS";

    public string Body => """{"passCode":"{3}"}""";

    public bool AreJudgedAlone => false;

    public string FactorOf(Person person) => Ids.Phone(person);

    /// <summary>What is kept since an instant, newest first.</summary>
    public async Task<List<OutboxEntry>> SinceAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var kept = new List<OutboxEntry>();
        while (true)
        {
            var page = await _outbox.ListAsync(new OutboxQuery(null, kept.Count == 0 ? null : kept[^1].Id, Page), cancellationToken);
            var wanted = page.TakeWhile(entry => entry.Created >= instant).ToList();
            kept.AddRange(wanted);
            if (wanted.Count < Page) return kept;
        }
    }

    /// <summary>One line of the load for each user who was sent a code since an instant, with the newest code, which alone counts; in random order.</summary>
    public async Task<string[]> LinesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var newest = (await SinceAsync(since, cancellationToken)).Where(entry => entry.Status == OutboxStatus.Kept).DistinctBy(entry => entry.Factor);
        var lines = newest.AsParallel()
            .Select(entry => $"{entry.User} {entry.Factor} {MessageContent.Open(_vault, entry.Id, entry.Content.Span).Code}").ToArray();
        RandomNumberGenerator.Shuffle(lines.AsSpan());
        return lines;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
