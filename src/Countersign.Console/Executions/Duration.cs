using System.Globalization;

namespace Countersign.Console.Executions;

/// <summary>Times as the workflow API has them, in words for people.</summary>
internal static class Duration
{
    /// <summary>A span in milliseconds: <c>340 ms</c>, <c>2.4 s</c>, <c>3 min 20 s</c>, <c>5 h 12 min</c>.</summary>
    public static string Words(long milliseconds) => TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)) switch
    {
        { TotalSeconds: < 1 } span => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalHours: < 1 } span => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } span => $"{span.Hours} h {span.Minutes} min",
        var span => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>An instant in milliseconds since 1970; null for 0, which means not yet.</summary>
    public static DateTimeOffset? Instant(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
