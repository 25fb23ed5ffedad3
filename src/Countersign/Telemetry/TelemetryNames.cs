namespace Countersign.Telemetry;

/// <summary>The name that all measurements and activities of Countersign go by.</summary>
public static class TelemetryNames
{
    /// <summary>The name of every meter and of the activity source.</summary>
    public const string Countersign = "Countersign";
}
