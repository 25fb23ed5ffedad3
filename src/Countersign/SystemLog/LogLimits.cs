using Countersign.Settings;

namespace Countersign.SystemLog;

/// <summary>Bounds of the system log. Section <c>Countersign:SystemLog</c>.</summary>
public sealed class LogLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:SystemLog";

    /// <summary>How long events are kept; zero: for ever. Default 90 days (contract 16.1); zero to 36,500 days.</summary>
    [Setting(0, 36_500 * 86_400d)]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
    /// <summary>Events that one request looks at; what is left follows with the next page. Default 20,000; 1,000 to 1,000,000.</summary>
    [Setting(1_000, 1_000_000)]
    public int ScannedPerRequest { get; set; } = 20_000;
}
