using Countersign.Settings;

namespace Countersign.Delivery;

/// <summary>How messages are sent. Section <c>Countersign:Delivery</c>; the providers are in <c>Countersign:Delivery:Providers</c>.</summary>
public sealed class DeliverySettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Delivery";

    /// <summary>
    /// Whether messages that no provider is configured for are kept in the outbox, where administrators read them. Default: yes, except in production, which does not start
    /// without any provider unless this is set.
    /// </summary>
    public bool? OutboxOnly { get; set; }
    /// <summary>Messages that a process sends at once. Default 64; 1 to 10,000.</summary>
    [Setting(1, 10_000)]
    public int Concurrency { get; set; } = 64;
    /// <summary>Messages that a process takes up in a second, so that a full outbox does not take the processor from verifications. Default 200; 1 to 1,000,000.</summary>
    [Setting(1, 1_000_000)]
    public int MostPerSecond { get; set; } = 200;
    /// <summary>How often a process looks for messages that nobody told it of. Default 1 second; 0.05 seconds to 1 minute.</summary>
    [Setting(0.05, 60)]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>How long a message stays with the process that took it up, until another one may; more than all providers of a channel may take together. Default 30 seconds; 1 second to 10 minutes.</summary>
    [Setting(1, 600)]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>The time before the second try; each further one waits twice as long, give or take half. Default 1 second; 0.05 seconds to 10 minutes.</summary>
    [Setting(0.05, 600)]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>The longest time between two tries. Default 1 minute; 1 second to 1 hour.</summary>
    [Setting(1, 3_600)]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromMinutes(1);
    /// <summary>How long ended messages are kept, recipients and all. Default 7 days; 1 hour to 3650 days.</summary>
    [Setting(3_600, 3650 * 86_400d)]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}
