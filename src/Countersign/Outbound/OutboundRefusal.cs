namespace Countersign.Outbound;

/// <summary>Why a target may not be called.</summary>
/// <param name="Host">The host as the target names it.</param>
/// <param name="Address">The address that it leads to; null when it was refused before that.</param>
/// <param name="Rule">The rule, for people: <c>loopback, 127.0.0.0/8</c>.</param>
/// <param name="Setting">What an operator would change, in the form of the environment.</param>
public sealed record OutboundRefusal(string Host, string? Address, string Rule, string Setting)
{
    /// <summary>One sentence: the address, the rule, and the setting.</summary>
    public string Message => Address is null
        ? $"{Host} may not be called: {Rule}. An operator can allow it with {Setting}."
        : $"{(Host == Address || Host == $"[{Address}]" ? Address : $"{Host} leads to {Address}, which")} may not be called: {Rule}. An operator can allow it with {Setting}.";
}
