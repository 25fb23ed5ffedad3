using System.Net.Http.Headers;

namespace Countersign.Outbound;

/// <summary>Reads how long another side asks to be left alone (RFC 9110 §10.2.3). Pure.</summary>
public static class RetryAfter
{
    /// <summary>The longest wait that another side may ask for: an hour.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait, at most <see cref="Longest"/>; null when none is asked for, or it is over.</summary>
    /// <param name="asked">Seconds, or a date.</param>
    /// <param name="now">The time, for dates.</param>
    public static TimeSpan? Read(RetryConditionHeaderValue? asked, DateTimeOffset now)
    {
        if ((asked?.Delta ?? asked?.Date - now) is not { } wait || wait <= TimeSpan.Zero) return null;
        return wait < Longest ? wait : Longest;
    }
}
