using System.Diagnostics;
using System.Diagnostics.Metrics;
using Countersign.Outbox;
using Countersign.Telemetry;

namespace Countersign.Delivery.Pump;

/// <summary>Counts and times deliveries.</summary>
internal readonly struct DeliveryMeter : IDisposable
{
    private static readonly Meter Meter = new(TelemetryNames.Countersign);
    private static readonly ActivitySource Activities = new(TelemetryNames.Countersign);
    private static readonly Counter<long> Tries = Meter.CreateCounter<long>("countersign.delivery.tries", "{try}", "Messages handed to providers, by channel, provider and what it did with them.");
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("countersign.messages", "{message}", "Messages that were taken up, by channel and what became of them.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("countersign.delivery.duration", "s", "Time from making a message to a provider's word that it has it.");

    private readonly Activity? _activity;
    private readonly string _channel;

    private DeliveryMeter(Channel channel, Activity? activity) => (_channel, _activity) = (channel.Name, activity);

    /// <summary>Begins to trace a delivery.</summary>
    public static DeliveryMeter Begin(Channel channel) => new(channel, Activities.StartActivity("deliver message"));

    /// <summary>Counts one try with one provider.</summary>
    public static void Count(Channel channel, string provider, DeliveryResult result)
        => Tries.Add(1, new("channel", channel.Name), new("provider", provider), new("outcome", result.GetType().Name.ToUpperInvariant()));

    /// <summary>Counts what became of the message, and how long after it was made.</summary>
    public void End(OutboxOutcome outcome, TimeSpan after)
    {
        if (outcome.Status == OutboxStatus.Sent) Durations.Record(after.TotalSeconds, new KeyValuePair<string, object?>("channel", _channel));
        Messages.Add(1, new("channel", _channel), new("outcome", outcome.Status.Name));
        _activity?.SetTag("countersign.channel", _channel).SetTag("countersign.outcome", outcome.Status.Name).SetTag("countersign.provider", outcome.Provider);
    }

    /// <inheritdoc/>
    public void Dispose() => _activity?.Dispose();
}
