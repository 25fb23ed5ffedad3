using Countersign.Settings;

namespace Countersign.Factors;

/// <summary>Bounds of what one user may own. Section <c>Countersign:Factors</c>.</summary>
public sealed class FactorLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Factors";

    /// <summary>Factors that a user may own, pending ones included. Default 50; 1 to 1,000.</summary>
    [Setting(1, 1_000)]
    public int PerUser { get; set; } = 50;
}
