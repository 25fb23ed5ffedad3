namespace Countersign.Delivery.Smpp;

/// <summary>How long a message is worth delivering, as a relative time (SMPP v3.4 §7.1.1): <c>YYMMDDhhmmss000R</c>.</summary>
internal static class ValidityPeriod
{
    // Days are two digits of a month.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Writes a time, whole seconds rounded down, at most thirty days. False when less than a second is left.</summary>
    public static bool TryFormat(TimeSpan left, out string text)
    {
        text = $"0000{(left < Longest ? left : Longest):ddhhmmss}000R";
        return left >= TimeSpan.FromSeconds(1);
    }
}
