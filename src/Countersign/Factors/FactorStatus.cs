namespace Countersign.Factors;

/// <summary>The statuses that a user's factor has (contract 7.2).</summary>
public enum FactorStatus
{
    /// <summary>Enrolled, not yet proven.</summary>
    PendingActivation,
    /// <summary>Usable.</summary>
    Active,
    /// <summary>Suspended by an administrator.</summary>
    Inactive,
}

/// <summary>The statuses' names on the wire.</summary>
public static class FactorStatuses
{
    extension(FactorStatus status)
    {
        /// <summary>The contract's name, for example <c>PENDING_ACTIVATION</c>.</summary>
        public string Name => status switch
        {
            FactorStatus.PendingActivation => "PENDING_ACTIVATION",
            FactorStatus.Active => "ACTIVE",
            _ => "INACTIVE",
        };
    }

    /// <summary>Reads a name that was stored.</summary>
    public static FactorStatus Parse(string name) => name switch
    {
        "PENDING_ACTIVATION" => FactorStatus.PendingActivation,
        "ACTIVE" => FactorStatus.Active,
        "INACTIVE" => FactorStatus.Inactive,
        _ => throw new FormatException($"'{name}' is not a factor status"),
    };
}
