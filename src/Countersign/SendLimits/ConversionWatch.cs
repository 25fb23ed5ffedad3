using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Countersign.SendLimits;

/// <summary>
/// Watches what share of the codes sent to a range of numbers is verified. Pumped traffic is sent to numbers that nobody reads. Counted here by each node, gathered in the
/// database every few seconds; a code counts as sent when it was verified or its life is over, so that a sudden crowd is not taken for fraud.
/// </summary>
public sealed class ConversionWatch(SendLimitSettings settings)
{
    private const int MostSentWaiting = 1_000_000;
    private readonly ConcurrentQueue<(string Range, DateTimeOffset Due)> _sent = [];
    private readonly ConcurrentDictionary<string, (int Sent, int Verified)> _counted = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, DateTimeOffset> _paused = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Whether anything is watched.</summary>
    public bool IsOn => settings.LeastConversion > 0;

    /// <summary>The ranges that nothing is sent to, and until when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Paused => _paused;

    /// <summary>Until when nothing is sent to a range; null when it is.</summary>
    public DateTimeOffset? PausedUntil(string range, DateTimeOffset now) => !_paused.IsEmpty && _paused.TryGetValue(range, out var until) && now < until ? until : null;

    /// <summary>A code was sent; it counts once its life is over.</summary>
    public void Sent(string range, DateTimeOffset expires)
    {
        if (IsOn && _sent.Count < MostSentWaiting) _sent.Enqueue((range, expires));
    }

    /// <summary>A code was verified.</summary>
    public void Verified(string range)
    {
        if (IsOn) _counted.AddOrUpdate(range, (0, 1), (_, count) => (count.Sent, count.Verified + 1));
    }

    /// <summary>Takes what was counted since the last time.</summary>
    public IReadOnlyDictionary<string, (int Sent, int Verified)> Take(DateTimeOffset now)
    {
        // Nearly in the order of their ends: lives differ by little, and one code out of order waits for the one before it.
        while (_sent.TryPeek(out var sent) && sent.Due <= now && _sent.TryDequeue(out sent))
            _counted.AddOrUpdate(sent.Range, (1, 0), (_, count) => (count.Sent + 1, count.Verified));
        var taken = new Dictionary<string, (int, int)>();
        foreach (var range in _counted.Keys)
            if (_counted.TryRemove(range, out var count)) taken[range] = count;
        return taken;
    }

    /// <summary>Puts back what could not be gathered.</summary>
    public void PutBack(IReadOnlyDictionary<string, (int Sent, int Verified)> taken)
    {
        foreach (var (range, (sent, verified)) in taken)
            _counted.AddOrUpdate(range, (sent, verified), (_, count) => (count.Sent + sent, count.Verified + verified));
    }

    /// <summary>Learns which ranges are paused.</summary>
    public void Learn(IEnumerable<KeyValuePair<string, DateTimeOffset>> paused) => _paused = paused.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The counts of a range after more were counted, paused when too few were verified. Pure.</summary>
    public Conversion Add(Conversion before, int sent, int verified, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var after = at >= before.StartedAt + (long)settings.ConversionWindow.TotalMilliseconds
            ? before with { StartedAt = at, Sent = sent, Verified = verified }
            : before with { Sent = before.Sent + sent, Verified = before.Verified + verified };
        if (after.PausedUntil > at || after.Sent < settings.ConversionFrom || after.Verified * 100 >= after.Sent * settings.LeastConversion) return after;
        // After the pause the range is judged anew.
        return new Conversion(at, 0, 0, at + (long)settings.ConversionPause.TotalMilliseconds);
    }
}

/// <summary>What is known of one range of numbers.</summary>
/// <param name="StartedAt">Unix milliseconds at which the window began; 0 when none has.</param>
/// <param name="Sent">Codes sent in the window whose life is over.</param>
/// <param name="Verified">Codes verified in the window.</param>
/// <param name="PausedUntil">Unix milliseconds until which nothing is sent; 0 when it is.</param>
public readonly record struct Conversion(long StartedAt, long Sent, long Verified, long PausedUntil);

/// <summary>Gathers the conversion of all nodes.</summary>
public interface IConversionStore
{
    /// <summary>Adds counts, pauses the ranges whose conversion is too low, with an event for each, and answers every range that is paused.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> GatherAsync(
        IReadOnlyDictionary<string, (int Sent, int Verified)> counts, ConversionWatch watch, DateTimeOffset now, CancellationToken cancellationToken);
}
