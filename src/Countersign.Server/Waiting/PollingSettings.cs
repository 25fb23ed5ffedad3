using Countersign.Settings;

namespace Countersign.Server.Waiting;

/// <summary>How requests wait that ask to be answered when there are news. Section <c>Countersign:Polling</c>.</summary>
internal sealed class PollingSettings
{
    public const string Section = "Countersign:Polling";

    /// <summary>The longest that a request waits that prefers to (<c>Prefer: wait=…</c>); whoever prefers longer is answered then. Default 1 minute; 1 second to 10 minutes.</summary>
    [Setting(1, 600)]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(1);
    /// <summary>Requests of this process that wait at once, event streams among them; further ones are answered at once. Default 20,000; 0 to 1,000,000.</summary>
    [Setting(0, 1_000_000)]
    public int MostWaiting { get; set; } = 20_000;
    /// <summary>How often whoever waits looks although nothing was signalled. Default 5 seconds; 1 second to 1 minute.</summary>
    [Setting(1, 60)]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(5);
}
