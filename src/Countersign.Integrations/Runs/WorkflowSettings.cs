using Countersign.Settings;

namespace Countersign.Integrations.Runs;

/// <summary>How workflows run, and how much they may hold (workflow contract 1.5). Section <c>Countersign:Workflows</c>.</summary>
public sealed class WorkflowSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Workflows";

    /// <summary>System tasks that one node carries out at once; others wait for their turn. Default 64; 1 to 10,000.</summary>
    [Setting(1, 10_000)]
    public int MostAtOnce { get; set; } = 64;
    /// <summary>How often a node looks for what other nodes left and for what is due. Default one second; 0.1 seconds to 1 minute.</summary>
    [Setting(0.1, 60)]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>How much longer than the longest visit a task's lease lasts: what a node that stands still for a moment has left. Default 5 seconds; 1 second to 5 minutes.</summary>
    [Setting(1, 300)]
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(5);
    /// <summary>The longest body of a request of the workflow API, in bytes; a longer one is answered with 413. Default 4 MiB; 64 KiB to 64 MiB.</summary>
    [Setting(65_536, 67_108_864)]
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;
    /// <summary>Task definitions that may be registered. Default 10,000; 1 to 100,000.</summary>
    [Setting(1, 100_000)]
    public int MostTaskDefinitions { get; set; } = 10_000;
    /// <summary>Tasks that one batch poll hands out. Default 100; 1 to 1,000.</summary>
    [Setting(1, 1_000)]
    public int MostPolled { get; set; } = 100;
    /// <summary>The longest that a poll waits. Default one minute; 1 second to 10 minutes.</summary>
    [Setting(1, 600)]
    public TimeSpan LongestPoll { get; set; } = TimeSpan.FromMinutes(1);
    /// <summary>Log lines of one task; further ones are dropped. Default 1,000; 1 to 100,000.</summary>
    [Setting(1, 100_000)]
    public int MostLogLines { get; set; } = 1_000;
    /// <summary>How long executions that ended are kept. Default zero: for ever; zero to 3650 days.</summary>
    [Setting(0, 315_360_000)]
    public TimeSpan Retention { get; set; } = TimeSpan.Zero;
}
