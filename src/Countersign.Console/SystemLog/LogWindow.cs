namespace Countersign.Console.SystemLog;

/// <summary>A stretch of time to look at.</summary>
/// <param name="Key">How it stands in the page's address.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="Length">How far it reaches back.</param>
internal sealed record LogWindow(string Key, string Name, TimeSpan Length)
{
    /// <summary>The key that stands for two instants of the person's own.</summary>
    public const string Custom = "custom";

    public static readonly IReadOnlyList<LogWindow> All =
    [
        new("hour", "Last hour", TimeSpan.FromHours(1)),
        new("day", "Last 24 hours", TimeSpan.FromDays(1)),
        new("week", "Last 7 days", TimeSpan.FromDays(7)),
        new("month", "Last 30 days", TimeSpan.FromDays(30)),
        new("quarter", "Last 90 days", TimeSpan.FromDays(90)),
    ];

    /// <summary>The window of a key; a week when the key is unknown.</summary>
    public static LogWindow Of(string? key) => All.FirstOrDefault(window => window.Key == key) ?? All[2];
}
