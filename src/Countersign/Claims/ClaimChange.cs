using Countersign.Factors;

namespace Countersign.Claims;

/// <summary>
/// A claim says that something outside of the user's state belongs to one factor of one user: a security key's credential, a hardware token. It changes with the state
/// or not at all, and ends in the commit that removes the factor. Closed: nothing outside this file can add a case.
/// </summary>
public abstract record ClaimChange
{
    private ClaimChange(string key, FactorId factor) => (Key, Factor) = (key, factor);

    /// <summary>What is claimed: its kind and id, for example <c>token/ykk…</c>; at most 200 characters.</summary>
    public string Key { get; }
    /// <summary>The factor that it belongs to.</summary>
    public FactorId Factor { get; }

    /// <summary>
    /// The factor takes what is claimed. Refused while another factor has it, or when it was used further than <paramref name="UsedUntil"/>.
    /// </summary>
    /// <param name="Key">What is claimed.</param>
    /// <param name="Factor">The factor that takes it.</param>
    /// <param name="UsedUntil">The highest counter that was used, as the decision knew it; -1 for none.</param>
    /// <param name="Counter">The highest counter used from now on; -1 for what has none.</param>
    public sealed record Take(string Key, FactorId Factor, long UsedUntil = -1, long Counter = -1) : ClaimChange(Key, Factor);

    /// <summary>A verification moved the counter. What was used stays used when the claim ends, whoever takes it next.</summary>
    /// <param name="Key">What is claimed.</param>
    /// <param name="Factor">The factor that has it.</param>
    /// <param name="Counter">The highest counter used.</param>
    public sealed record Touch(string Key, FactorId Factor, long Counter) : ClaimChange(Key, Factor);
}
