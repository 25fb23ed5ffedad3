namespace Countersign.Bench.Report;

/// <summary>A figure that the product promised, beside the one that was seen.</summary>
internal sealed record Goal(string Subject, string Seen, string Asked, bool IsMet)
{
    public static Goal AtLeast(string subject, double seen, double asked, string format = "0.00", string unit = "")
        => new(subject, $"{seen.ToString(format)}{unit}", $"{asked.ToString(format)}{unit} or more", seen >= asked);

    public static Goal AtMost(string subject, double seen, double asked, string format = "0.00", string unit = "")
        => new(subject, $"{seen.ToString(format)}{unit}", $"{asked.ToString(format)}{unit} or less", seen <= asked);
}
