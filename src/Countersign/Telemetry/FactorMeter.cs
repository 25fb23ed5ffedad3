using System.Diagnostics;
using System.Diagnostics.Metrics;
using Countersign.Factors;

namespace Countersign.Telemetry;

/// <summary>Counts and traces the operations on factors. While nobody listens, an operation costs one comparison more.</summary>
internal static class FactorMeter
{
    private static readonly Meter Meter = new(TelemetryNames.Countersign);
    private static readonly ActivitySource Activities = new(TelemetryNames.Countersign);
    private static readonly string[] Refusals = Enum.GetNames<Refusal>();
    private static readonly Counter<long> Verifications = Meter.CreateCounter<long>(
        "countersign.verifications", "{verification}", "Verifications by the kind of factor and what became of them; a refusal by its reason.");

    /// <summary>Whether anybody listens.</summary>
    public static bool IsWatched => Verifications.Enabled || Activities.HasListeners();

    /// <summary>Begins to trace a verification, from loading the user to the end of the commit.</summary>
    public static Activity? Begin() => Activities.StartActivity("verify factor");

    /// <summary>Counts a verification.</summary>
    /// <param name="kind">The factor's kind; null when there is no such factor.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="activity">Its trace.</param>
    public static void Count(FactorKind? kind, FactorOutcome outcome, Activity? activity)
    {
        var result = outcome switch
        {
            FactorOutcome.Verified verified => verified.Verification.Result.Name,
            FactorOutcome.Refused refused => Refusals[(int)refused.Refusal],
            _ => "ERROR",
        };
        Verifications.Add(1, new("factor_type", kind?.FactorType ?? "unknown"), new("provider", kind?.Provider ?? "unknown"), new("outcome", result));
        activity?.SetTag("countersign.factor_type", kind?.FactorType).SetTag("countersign.outcome", result);
    }
}
