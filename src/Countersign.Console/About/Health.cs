namespace Countersign.Console.About;

/// <summary>What a health endpoint answered.</summary>
/// <param name="Status"><c>UP</c> or <c>DOWN</c>.</param>
/// <param name="Reason">Why it is down.</param>
public sealed record Health(string Status = "", string? Reason = null)
{
    /// <summary>Whether all is well.</summary>
    internal bool IsUp => Status == "UP";

    internal static Health Unreachable { get; } = new("DOWN", "The server cannot be reached.");
}
