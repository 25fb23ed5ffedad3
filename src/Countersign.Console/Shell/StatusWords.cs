namespace Countersign.Console.Shell;

/// <summary>How the contract's status words read to a person.</summary>
internal static class StatusWords
{
    /// <summary><c>LOCKED_OUT</c> becomes "Locked out".</summary>
    public static string Of(string? status)
        => string.IsNullOrEmpty(status) ? "" : char.ToUpperInvariant(status[0]) + status[1..].Replace('_', ' ').ToLowerInvariant();
}
