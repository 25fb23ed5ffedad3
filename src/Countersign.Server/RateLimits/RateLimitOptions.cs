using Countersign.Settings;

namespace Countersign.Server.RateLimits;

/// <summary>Requests per minute and group of endpoints, counted by each process (contract 4.1). Section <c>Countersign:RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "Countersign:RateLimits";
    public const string OtherGroup = "Other";

    /// <summary>The size of a group's bucket that <see cref="PerMinute"/> does not name. Default 6,000,000: beyond what one process does; 1 to 1,000,000,000.</summary>
    [Setting(1, 1_000_000_000)]
    public int DefaultPerMinute { get; set; } = 6_000_000;
    /// <summary>The sizes by group: <c>Users</c>, <c>Factors</c>, <c>Logs</c>, <c>Org</c>, <c>Tokens</c>, <c>Templates</c>, <c>Hooks</c>, <c>Outbox</c>, <c>Delivery</c>, <c>Authenticator</c>, <c>Catalog</c>, <c>HttpTasks</c>, <c>OathTokens</c>, <c>Runners</c>, <c>Secrets</c>, <c>TestRequests</c>, <c>Workflows</c>, <c>Other</c>. None by default; each 1 to 1,000,000,000.</summary>
    [Setting(1, 1_000_000_000)]
    public Dictionary<string, int> PerMinute { get; set; } = [];
    /// <summary>The share of every bucket, in percent, that a single token may use. Default 100; 1 to 100.</summary>
    [Setting(1, 100)]
    public int TokenPercent { get; set; } = 100;
    /// <summary>The share of a bucket, in percent, at which a warning is logged. Default 90; 1 to 100.</summary>
    [Setting(1, 100)]
    public int WarnPercent { get; set; } = 90;
}
