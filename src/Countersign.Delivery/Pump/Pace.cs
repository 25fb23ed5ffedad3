using System.Diagnostics;

namespace Countersign.Delivery.Pump;

/// <summary>
/// How many messages may be taken up now: so many in a second, in even portions, so that a full outbox does not take the processor from verifications. Used by one caller at a time.
/// </summary>
internal sealed class Pace(int perSecond)
{
    private const int PortionsPerSecond = 5;

    private long _refilledAt = Stopwatch.GetTimestamp();
    private double _left = perSecond;

    /// <summary>The time in which one portion comes to be allowed.</summary>
    public static readonly TimeSpan Portion = TimeSpan.FromSeconds(1d / PortionsPerSecond);

    /// <summary>The messages of one portion; fewer are not worth taking up while more wait.</summary>
    public int InPortion { get; } = Math.Max(1, perSecond / PortionsPerSecond);

    /// <summary>How many may be taken up now: what was not used is kept for a second.</summary>
    public int Available
    {
        get
        {
            var now = Stopwatch.GetTimestamp();
            _left = Math.Min(perSecond, _left + (Stopwatch.GetElapsedTime(_refilledAt, now).TotalSeconds * perSecond));
            _refilledAt = now;
            return (int)_left;
        }
    }

    /// <summary>Notes that so many were taken up.</summary>
    public void Take(int count) => _left -= count;
}
