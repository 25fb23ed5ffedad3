using System.Text.Json.Nodes;
using Countersign.Factors.Transactions;

namespace Countersign.Factors;

/// <summary>What a kind shows of a factor beside what all factors show (contract 7).</summary>
public sealed record FactorView
{
    /// <summary><c>profile</c>; null leaves it out.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary><c>_embedded.activation</c> of a pending factor; null leaves it out.</summary>
    public JsonObject? Activation { get; init; }
    /// <summary><c>vendorName</c>; null means the provider.</summary>
    public string? VendorName { get; init; }
    /// <summary>Whether the message of a pending factor can be sent again (contract 7.3).</summary>
    public bool CanResend { get; init; }
    /// <summary>Whether the activation of a pending factor is polled rather than answered (contract 7.3).</summary>
    public bool IsPolled { get; init; }
    /// <summary>Links of this kind, in place of those that its state would have (contract 7.3); null for the usual ones.</summary>
    public JsonObject? Links { get; init; }
}

/// <summary>What became of a verification that was not refused (contract 10).</summary>
/// <param name="Result">The factor result.</param>
/// <param name="Profile"><c>profile</c> in the answer; null leaves it out.</param>
/// <param name="Embedded"><c>_embedded</c> in the answer; null leaves it out.</param>
public sealed record Verification(FactorResult Result, JsonObject? Profile = null, JsonObject? Embedded = null)
{
    /// <summary>Verified, with nothing more to say.</summary>
    public static readonly Verification Success = new(FactorResult.Success);

    /// <summary>The transaction that it is the state of (contract 9.6); null for none.</summary>
    public FactorTransaction? Transaction { get; init; }
}
