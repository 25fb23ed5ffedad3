namespace Countersign.Bench.Report;

/// <summary>How figures are written in the tables.</summary>
internal static class Figures
{
    public static string Rate(double perSecond) => $"{perSecond:0}";

    public static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:0.0}";

    public static string Microseconds(TimeSpan time) => $"{time.TotalMicroseconds:0}";

    public static string Mebibytes(long bytes) => $"{bytes / 1024.0 / 1024.0:0}";
}
