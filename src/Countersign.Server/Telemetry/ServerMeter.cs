using System.Diagnostics.Metrics;
using Countersign.Telemetry;

namespace Countersign.Server.Telemetry;

/// <summary>What the server itself counts.</summary>
internal static class ServerMeter
{
    private static readonly Meter Meter = new(TelemetryNames.Countersign);
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "countersign.rate_limit.refusals", "{request}", "Requests that a rate limit refused, by group of endpoints.");

    public static void Refused(string group) => Refusals.Add(1, new KeyValuePair<string, object?>("group", group));
}
