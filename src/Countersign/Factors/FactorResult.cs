namespace Countersign.Factors;

/// <summary>The contract's <c>factorResult</c> values that are answered (contract 10).</summary>
public enum FactorResult
{
    /// <summary>Verified.</summary>
    Success,
    /// <summary>Something was sent or issued; answer it.</summary>
    Challenge,
    /// <summary>An answer on another device is awaited.</summary>
    Waiting,
    /// <summary>The person said no.</summary>
    Rejected,
    /// <summary>Nobody answered in time.</summary>
    Timeout,
    /// <summary>Cancelled.</summary>
    Cancelled,
    /// <summary>Failed for good.</summary>
    Error,
}

/// <summary>The results' names on the wire.</summary>
public static class FactorResults
{
    private static readonly string[] Names = ["SUCCESS", "CHALLENGE", "WAITING", "REJECTED", "TIMEOUT", "CANCELLED", "ERROR"];

    extension(FactorResult result)
    {
        /// <summary>The contract's name, for example <c>SUCCESS</c>.</summary>
        public string Name => Names[(int)result];
    }
}
