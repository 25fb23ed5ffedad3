using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>When a WAIT is over (workflow contract 6.4).</summary>
internal static partial class WaitTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    [GeneratedRegex(@"^\s*(?:(?<d>\d+)\s*(?:days?|d))?\s*(?:(?<h>\d+)\s*(?:hours?|hrs?|h))?\s*(?:(?<m>\d+)\s*(?:minutes?|mins?|m))?\s*(?:(?<s>\d+)\s*(?:seconds?|secs?|s))?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Duration { get; }

    [GeneratedRegex(@"^[A-Za-z0-9_+-]+(?:[/ ][A-Za-z0-9_+-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName { get; }

    /// <summary>Reads a task's input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="now">When the wait begins.</param>
    /// <param name="until">When it is over; null: when somebody updates it.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(JsonElement input, DateTimeOffset now, out DateTimeOffset? until, [NotNullWhen(false)] out string? fault)
    {
        until = null;
        fault = null;
        var duration = TextOf(input, "duration");
        var time = TextOf(input, "until");
        if (duration is not null && time is not null)
        {
            fault = "A WAIT has a duration or an until, not both.";
        }
        else if (duration is not null)
        {
            if (TryReadDuration(duration, out var length)) until = length >= TaskExecution.NotByItself - now ? TaskExecution.NotByItself.AddMilliseconds(-1) : now + length;
            else fault = $"The duration \"{duration}\" is not like \"2 days 3 h 10 min 5 s\".";
        }
        else if (time is not null)
        {
            if (TryReadTime(time, out var at)) until = at;
            else fault = $"The time \"{time}\" is not like \"2026-01-31 18:30 UTC\", \"2026-01-31 18:30\" or \"2026-01-31\".";
        }
        return fault is null;
    }

    /// <summary>Reads a duration: days, hours, minutes, seconds, any of them in that order.</summary>
    public static bool TryReadDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 200 || Duration.Match(text) is not { Success: true } match) return false;
        var seconds = Part("d") * 86_400 + Part("h") * 3_600 + Part("m") * 60 + Part("s");
        duration = TimeSpan.FromSeconds(Math.Min(seconds, Durations.Longest.TotalSeconds));
        return true;

        double Part(string unit) => match.Groups[unit] is { Success: true } group ? double.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Reads a time; without a zone it is UTC.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time)
    {
        text = text.Trim();
        foreach (var format in Formats)
        {
            if (text.Length < format.Length || !DateTime.TryParseExact(text.AsSpan(0, format.Length), format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) continue;
            if (!TryReadZone(text[format.Length..].Trim(), local, out var offset)) continue;
            try
            {
                time = new DateTimeOffset(local, offset).ToUniversalTime();
                return true;
            }
            catch (ArgumentOutOfRangeException)
            {
                break;
            }
        }
        time = default;
        return false;
    }

    private static bool TryReadZone(string zone, DateTime local, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone is "" or "Z" or "UTC" or "GMT") return true;
        var digits = zone.StartsWith("GMT", StringComparison.Ordinal) || zone.StartsWith("UTC", StringComparison.Ordinal) ? zone[3..] : zone;
        if (digits is ['+' or '-', ..] && TimeSpan.TryParseExact(digits[1..], ["hhmm", @"hh\:mm", @"h\:mm", "hh", "%h"], CultureInfo.InvariantCulture, out var hours) && hours <= TimeSpan.FromHours(14))
        {
            offset = digits[0] is '-' ? -hours : hours;
            return true;
        }
        // A name is looked up as a file below the directory of zones: a path of its own would be read, whatever it leads to.
        if (!ZoneName.IsMatch(zone) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)) return false;
        offset = known.GetUtcOffset(local);
        return true;
    }

    private static string? TextOf(JsonElement input, string name) => input.Member(name) is { } value && Template.TextOf(value) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
